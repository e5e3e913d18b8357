//! Where the zones of names start.

use std::net::SocketAddr;
use std::time::Duration;

use super::authority::{ask, targets};
use super::follow::hosts;
use super::{AskError, NobodyError, Resolver};
use crate::message::{Answer, Code, Manner, Question, Record};
use crate::name::{Name, labels};
use crate::plan::NOBODY;
use crate::rdata::Type;

/// Most servers that are tried until one speaks for a zone, and most zones that are gone through from one to the next below.
const MAX_TRIED: usize = 3;
const MAX_CUTS: usize = 8;

/// How long one is waited for at most: there is another way.
const BRIEFLY: Duration = Duration::from_secs(2);

/// A zone, its primary server, and one that speaks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spoken {
    zone: Name,
    primary: Option<Name>,
    server: SocketAddr,
}

/// The name right above the host that a name is or belongs to, which is there mostly, as a resolver sees it; the host itself
/// where that is right below the top. `None` for a name of which nothing above can be asked.
pub(super) fn domain(name: &Name) -> Option<Name> {
    let is_host = |name: &Name| {
        let label = labels(name.wire()).next();
        label.is_some_and(|label| !label.starts_with(b"_") && label != b"*")
    };
    let mut above = std::iter::successors(Some(name.clone()), Name::parent);
    let host = above.find(is_host)?;
    let parent = host.parent();
    let domain = parent.filter(|parent| labels(parent.wire()).count() > 1);
    let domain = domain.unwrap_or(host);
    (domain != *name).then_some(domain)
}

/// The zone that a name which is there is in, as a resolver finds it; `None` where no server speaks for it to us.
pub(super) async fn spoken(resolver: &Resolver, name: &Name, port: u16) -> Option<Spoken> {
    let (zone, primary) = zone(resolver, name).await.ok()?;
    let names = targets(resolver, &zone, Type::NS).await.ok()?;
    for name in names.iter().take(MAX_TRIED) {
        let address = hosts(resolver, name).await.ok().unwrap_or_default();
        let Some(ip) = address.first() else { continue };
        let server = SocketAddr::new(*ip, port);
        if let Some(answer) = said(server, resolver, &zone).await
            && answer.authoritative
            && start(&answer, &zone).is_some()
        {
            return Some(Spoken {
                zone,
                primary,
                server,
            });
        }
    }
    None
}

/// What a server says itself of the start of a zone at a name.
async fn said(server: SocketAddr, resolver: &Resolver, name: &Name) -> Option<Answer> {
    let (name, kind) = (name.clone(), Type::SOA);
    let question = Question { name, kind };
    let mut patience = resolver.patience;
    patience.timeout = patience.timeout.min(BRIEFLY);
    let said = super::ask(server, &question, Manner::default(), patience).await;
    said.ok().filter(|answer| answer.tells(&question))
}

/// The zone of a name that may not be there yet, and its primary server: resolvers that are asked for it remember for
/// everybody that there is nothing (RFC 2308, section 5), and so do those that are asked for a name below it, where they
/// look for one label after the other (RFC 9156). So the servers themselves are asked, from the zone `above` it on; only
/// where they do not say, a resolver.
pub(super) async fn zone_of_host(
    resolver: &Resolver,
    host: &Name,
    above: Option<Spoken>,
    port: u16,
) -> Result<(Name, Option<Name>), AskError> {
    if let Some(found) = zone_at_servers(resolver, host, above, port).await {
        return Ok(found);
    }
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

/// The zone of a name, and its primary server, as the servers from a zone above it on say.
async fn zone_at_servers(
    resolver: &Resolver,
    host: &Name,
    above: Option<Spoken>,
    port: u16,
) -> Option<(Name, Option<Name>)> {
    let mut here = above.filter(|above| host.is_within(&above.zone))?;
    for _ in 0..MAX_CUTS {
        let answer = said(here.server, resolver, host).await?;
        if answer.authoritative {
            let mut answers = answer.answers.iter();
            // What an alias leads to says nothing of the zone of the name.
            if answers.any(|record| record.kind != Type::SOA) {
                return None;
            }
            let start = start(&answer, host)?;
            let primary = start.start().map(|start| start.primary);
            return Some((start.name.clone(), primary));
        }
        let is_below = |name: &Name| name != &here.zone && name.is_within(&here.zone);
        let mut cuts = answer.authorities.iter();
        let cut = cuts.find(|record| {
            record.kind == Type::NS && host.is_within(&record.name) && is_below(&record.name)
        })?;
        here = spoken(resolver, &cut.name, port).await?;
    }
    None
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

    use hickory_proto::op::{Message, MessageType, OpCode, ResponseCode};
    use hickory_proto::rr::{RData, Record as Given, RecordType, rdata};

    use super::*;
    use crate::net::Patience;

    /// What is said of `new.example.com`.
    #[derive(Clone, Copy, PartialEq)]
    enum Is {
        /// There is no such name.
        New,
        /// The same, and no server of the zone answers.
        Silent,
        /// It is an alias of one of another zone, or all names of the zone are.
        Alias,
        /// It is a zone of its own.
        Zone,
    }

    /// The zone of `new.example.com`, and the names that a resolver was asked for which that and the servers are.
    fn asked(is: Is) -> (String, Vec<String>) {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let server = socket.local_addr().expect("an address");
        let (said, heard) = channel();
        std::thread::spawn(move || {
            let (mut bytes, mut is_cut) = ([0; 4096], false);
            while let Ok((length, from)) = socket.recv_from(&mut bytes) {
                let asked = Message::from_vec(&bytes[..length]).expect("a question");
                let query = asked.queries[0].clone();
                let owner = query.name().to_string().to_lowercase();
                let is_asked_itself = !asked.metadata.recursion_desired;
                if !is_asked_itself {
                    said.send(owner.clone()).expect("a listener");
                } else if is == Is::Silent {
                    continue;
                }
                let mut answer =
                    Message::new(asked.metadata.id, MessageType::Response, OpCode::Query);
                answer.metadata.authoritative = is_asked_itself;
                let name = |text: &str| text.parse().expect("a name");
                let given = |data| Given::from_rdata(query.name().clone(), 60, data);
                let start = |zone: &str| {
                    let start =
                        rdata::SOA::new(name("ns.example."), name("a.example."), 1, 2, 3, 4, 5);
                    Given::from_rdata(name(zone), 60, RData::SOA(start))
                };
                let is_start = owner == "example.com." || is == Is::Zone;
                match query.query_type() {
                    RecordType::NS => {
                        answer.add_answer(given(RData::NS(rdata::NS(name("ns.example.")))));
                    }
                    RecordType::A => {
                        answer.add_answer(given(RData::A(rdata::A::new(127, 0, 0, 1))));
                    }
                    RecordType::SOA
                        if is == Is::Zone
                            && is_asked_itself
                            && owner != "example.com."
                            && !is_cut =>
                    {
                        is_cut = true;
                        answer.metadata.authoritative = false;
                        let cut = RData::NS(rdata::NS(name("ns.example.")));
                        answer.add_authority(given(cut));
                    }
                    RecordType::SOA if is_start => {
                        answer.add_answer(start(&owner));
                    }
                    RecordType::SOA if is == Is::Alias => {
                        let alias = RData::CNAME(rdata::CNAME(name("lb.example.net.")));
                        answer.add_answer(given(alias));
                        answer.add_authority(start("example.net."));
                    }
                    RecordType::SOA => {
                        answer.metadata.response_code = ResponseCode::NXDomain;
                        answer.add_authority(start("example.com."));
                    }
                    _ => {}
                }
                answer.add_query(query);
                let bytes = answer.to_vec().expect("a message");
                socket.send_to(&bytes, from).expect("a way back");
            }
        });
        let patience = Patience {
            timeout: Duration::from_secs(1),
            retries: 0,
        };
        let servers = vec![server];
        let resolver = Resolver { servers, patience };
        let mut builder = tokio::runtime::Builder::new_current_thread();
        let runtime = builder.enable_all().build().expect("a runtime");
        let host = Name::read("new.example.com").expect("a name");
        let found = runtime.block_on(async {
            let above = domain(&host).expect("a name above");
            let above = spoken(&resolver, &above, server.port()).await;
            zone_of_host(&resolver, &host, above, server.port()).await
        });
        let (zone, _) = found.expect("a zone");
        (zone.to_string(), heard.try_iter().collect())
    }

    #[test]
    fn no_resolver_is_asked_for_a_name_or_one_below_it_to_find_its_zone() {
        let (zone, names) = asked(Is::New);
        assert_eq!(zone, "example.com.");
        assert!(!names.is_empty());
        assert!(!names.iter().any(|name| name.contains("new")), "{names:?}");
    }

    #[test]
    fn a_resolver_is_asked_below_a_name_where_no_server_of_its_zone_answers() {
        let (zone, names) = asked(Is::Silent);
        assert_eq!(zone, "example.com.");
        assert_eq!(
            names.last(),
            Some(&format!("{NOBODY}.new.example.com.").to_lowercase())
        );
    }

    #[test]
    fn a_zone_below_is_found_where_the_servers_of_the_one_above_hand_on_to_it() {
        let (zone, _) = asked(Is::Zone);
        assert_eq!(zone, "new.example.com.");
    }

    #[test]
    fn what_a_wildcard_leads_to_says_nothing_of_the_zone_of_a_name() {
        let (zone, names) = asked(Is::Alias);
        assert_eq!(zone, "example.com.");
        let last = names.last_chunk();
        assert_eq!(
            last,
            Some(&["new.example.com.", "example.com."].map(String::from))
        );
    }

    #[test]
    fn the_name_above_a_host_is_none_that_is_made_with_it() {
        let above = |text: &str| {
            let name = Name::read(text).expect("a name");
            domain(&name).map(|domain| domain.to_string())
        };
        for name in [
            "www.example.com",
            "_acme-challenge.www.example.com",
            "*.example.com",
        ] {
            assert_eq!(above(name).as_deref(), Some("example.com."), "{name}");
        }
        assert_eq!(
            above("_acme-challenge.example.com").as_deref(),
            Some("example.com.")
        );
        assert_eq!(above("example.com"), None);
        assert_eq!(above("_25._tcp"), None);
    }
}
