//! Where the zones of names start.

use super::authority::{ask, targets};
use super::{AskError, NobodyError, Resolver};
use crate::message::{Answer, Code, Manner, Question, Record};
use crate::name::Name;
use crate::plan::NOBODY;
use crate::rdata::Type;

/// The zone of a name that may not be there yet, and its primary server: resolvers that are asked for it remember for
/// everybody that there is nothing (RFC 2308, section 5). Of a name below it, which nobody will ever have, they say the same.
pub(super) async fn zone_of_host(
    resolver: &Resolver,
    host: &Name,
) -> Result<(Name, Option<Name>), AskError> {
    if let Ok(below) = host.child(NOBODY) {
        match ask(resolver, &below, Type::SOA).await {
            // What an alias leads to, of a wildcard or a DNAME, says nothing of the zone of the name.
            Ok(answer) if answer.answers.is_empty() => {
                if let Some(start) = start(&answer, host) {
                    let primary = start.start().map(|start| start.primary);
                    return Ok((start.name.clone(), primary));
                }
            }
            Ok(_) | Err(AskError::Refused { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    zone(resolver, host).await
}

/// The zone that a name is in, and its primary server.
pub(super) async fn zone(
    resolver: &Resolver,
    name: &Name,
) -> Result<(Name, Option<Name>), AskError> {
    let start = zone_start(resolver, name).await?;
    let primary = start.start().map(|start| start.primary);
    Ok((start.name, primary))
}

/// The SOA record of the zone that a name is in.
pub(super) async fn zone_start(resolver: &Resolver, name: &Name) -> Result<Record, AskError> {
    let mut here = Some(name.clone());
    while let Some(name) = here {
        let answer = match ask(resolver, &name, Type::SOA).await {
            Ok(answer) => answer,
            // An alias to a name that fails, fails itself. It is in the zone of the name above all the same.
            Err(error) if is_broken(&error) => {
                if !is_alias(resolver, &name).await {
                    return Err(why_broken(resolver, name, error).await);
                }
                here = name.parent();
                continue;
            }
            Err(error) => return Err(error),
        };
        if let Some(start) = start(&answer, &name) {
            return Ok(start.clone());
        }
        // An alias leads elsewhere; the name is in the zone of the one above.
        here = name.parent();
    }
    Err(AskError::Nobody(NobodyError::Zone(name.clone())))
}

/// Whether a resolver says that a name is an alias.
async fn is_alias(resolver: &Resolver, name: &Name) -> bool {
    let found = targets(resolver, name, Type::CNAME).await;
    found.is_ok_and(|targets| !targets.is_empty())
}

/// Why a resolver could not find out which zone a name is in: it can, where it is told not to look at signatures.
async fn why_broken(resolver: &Resolver, name: Name, error: AskError) -> AskError {
    let unchecked = Manner {
        recursion: true,
        unchecked: true,
        ..Manner::default()
    };
    let kind = Type::SOA;
    let question = Question { name, kind };
    for &server in &resolver.servers {
        let answer = super::ask(server, &question, unchecked, resolver.patience).await;
        if answer.is_ok_and(|answer| answer.tells(&question)) {
            return AskError::Nobody(NobodyError::Bogus(question.name));
        }
    }
    error
}

/// Whether a resolver says that it could not find out.
fn is_broken(error: &AskError) -> bool {
    let code = Code::SERVFAIL;
    matches!(error, AskError::Refused { code: said, .. } if *said == code)
}

/// The SOA record in the answer, or that of the zone that knows of none.
pub(super) fn start<'a>(answer: &'a Answer, name: &Name) -> Option<&'a Record> {
    let starts = |record: &&Record| record.kind == Type::SOA && name.is_within(&record.name);
    let mut records = answer.answers.iter().chain(&answer.authorities);
    records.find(starts)
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, UdpSocket};
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use hickory_proto::op::{Message, MessageType, OpCode, ResponseCode};
    use hickory_proto::rr::{RData, Record as Given, rdata};

    use super::*;
    use crate::net::Patience;

    /// The zone of `new.example.com`, and the names that a resolver was asked for, where it says that there is no such name,
    /// or that it is an alias of one of another zone.
    fn asked(is_alias: bool) -> (String, Vec<String>) {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let server = socket.local_addr().expect("an address");
        let (said, heard) = channel();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok((length, from)) = socket.recv_from(&mut bytes) {
                let asked = Message::from_vec(&bytes[..length]).expect("a question");
                let query = asked.queries[0].clone();
                let owner = query.name().to_string().to_lowercase();
                said.send(owner.clone()).expect("a listener");
                let mut answer =
                    Message::new(asked.metadata.id, MessageType::Response, OpCode::Query);
                let name = |text: &str| text.parse().expect("a name");
                let mut zone = "example.com.";
                if is_alias && owner != zone {
                    let alias = RData::CNAME(rdata::CNAME(name("lb.example.net.")));
                    answer.add_answer(Given::from_rdata(query.name().clone(), 60, alias));
                    zone = "example.net.";
                } else {
                    answer.metadata.response_code = ResponseCode::NXDomain;
                }
                let start = rdata::SOA::new(name("ns.example."), name("a.example."), 1, 2, 3, 4, 5);
                answer.add_authority(Given::from_rdata(name(zone), 60, RData::SOA(start)));
                answer.add_query(query);
                let bytes = answer.to_vec().expect("a message");
                socket.send_to(&bytes, from).expect("a way back");
            }
        });
        let patience = Patience {
            timeout: Duration::from_secs(5),
            retries: 0,
        };
        let servers = vec![server];
        let resolver = Resolver { servers, patience };
        let mut builder = tokio::runtime::Builder::new_current_thread();
        let runtime = builder.enable_all().build().expect("a runtime");
        let host = Name::read("new.example.com").expect("a name");
        let found = runtime.block_on(zone_of_host(&resolver, &host));
        let (zone, _) = found.expect("a zone");
        (zone.to_string(), heard.try_iter().collect())
    }

    #[test]
    fn no_resolver_is_asked_for_a_name_to_find_its_zone() {
        let (zone, names) = asked(false);
        assert_eq!(zone, "example.com.");
        assert_eq!(names, [format!("{NOBODY}.new.example.com.")]);
    }

    #[test]
    fn what_a_wildcard_leads_to_says_nothing_of_the_zone_of_a_name() {
        let (zone, names) = asked(true);
        assert_eq!(zone, "example.com.");
        assert_eq!(names[1..], ["new.example.com.", "example.com."]);
    }
}
