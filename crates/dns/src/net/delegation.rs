//! The servers that the zone above names for a zone.

use std::net::SocketAddr;

use super::authority::{MAX_SERVERS, Server, targets};
use super::follow::hosts;
use super::starts::zone;
use super::{AskError, Asked, NobodyError, Resolver, ask};
use crate::message::{Answer, Code, Manner, Question, Record};
use crate::name::Name;
use crate::rdata::Type;
use crate::view::address;

/// Most servers of the zone above that may fail, one after the other, until no other is asked.
const MAX_FAILED: usize = 3;

/// The servers of a zone that only the zone above names, and addresses that only it gives for the others: whoever comes
/// from there asks them, too, whatever the zone says itself (RFC 1034, section 4.2.2). `port` is that of all servers.
///
/// # Errors
/// [`AskError`] where nobody says what the zone above names.
pub(super) async fn delegated(
    resolver: &Resolver,
    of: &Name,
    known: &[Server],
    port: u16,
) -> Result<Vec<Server>, AskError> {
    let referral = referral(resolver, of, port).await?;
    let names = referral.iter().filter(|record| record.name == *of);
    let names = names.filter(|record| record.kind == Type::NS);
    let mut more = Vec::new();
    for name in names.filter_map(Record::target) {
        let is_known = known
            .iter()
            .any(|server| server.name.as_ref() == Some(&name));
        let glue = referral.iter().filter(|record| record.name == name);
        let glue = glue.filter(|record| matches!(record.kind, Type::A | Type::AAAA));
        let glue = glue.filter_map(|record| address(&record.data));
        let mut server = Server::at(Some(name.clone()), glue, port);
        if server.addresses.is_empty() && !is_known {
            server = Server::found(resolver, name, port).await;
        } else if is_known {
            let is_new = |address: &SocketAddr| {
                let mut known = known.iter().flat_map(|server| &server.addresses);
                known.all(|other| other != address)
            };
            server.addresses.retain(is_new);
        }
        if !is_known || !server.addresses.is_empty() {
            more.push(server);
        }
    }
    Ok(more)
}

/// What a server of the zone above says of who holds a zone; nothing where all of them speak for that zone, too, and say
/// what it says itself, or where the zone above knows of no such zone.
async fn referral(resolver: &Resolver, of: &Name, port: u16) -> Result<Vec<Record>, AskError> {
    let Some(parent) = of.parent() else {
        return Ok(Vec::new());
    };
    let (above, _) = zone(resolver, &parent).await?;
    let names = targets(resolver, &above, Type::NS).await?;
    let nobody = || AskError::Nobody(NobodyError::Servers(above.clone()));
    let mut failed = if names.is_empty() || names.len() > MAX_SERVERS {
        vec![nobody()]
    } else {
        Vec::new()
    };
    for name in names.iter().take(MAX_SERVERS) {
        match referred(resolver, name, of, port).await {
            Ok(Some(answer)) if answer.authoritative && holds(&answer.answers, of) => {}
            Ok(Some(answer)) if answer.authoritative => return Ok(Vec::new()),
            Ok(Some(answer)) => return Ok([answer.authorities, answer.additionals].concat()),
            Ok(None) => failed.push(nobody()),
            Err(error) => failed.push(error),
        }
        if failed.len() >= MAX_FAILED {
            break;
        }
    }
    failed.pop().map_or(Ok(Vec::new()), Err)
}

/// What one of these servers says; `None` where it has no address.
async fn referred(
    resolver: &Resolver,
    name: &Name,
    of: &Name,
    port: u16,
) -> Result<Option<Answer>, AskError> {
    let Some(ip) = hosts(resolver, name).await?.first().copied() else {
        return Ok(None);
    };
    let server = SocketAddr::new(ip, port);
    let question = Question {
        name: of.clone(),
        kind: Type::NS,
    };
    let answer = ask(server, &question, Manner::default(), resolver.patience).await?;
    let code = answer.code;
    let says = match code {
        Code::NOERROR => answer.authoritative || holds(&answer.authorities, of),
        Code::NXDOMAIN => answer.authoritative,
        _ => false,
    };
    if says {
        Ok(Some(answer))
    } else {
        Err(AskError::Refused {
            server,
            asked: Asked::Question,
            code,
        })
    }
}

/// Whether servers of a zone are among records.
fn holds(records: &[Record], of: &Name) -> bool {
    let mut records = records.iter();
    records.any(|record| record.kind == Type::NS && record.name == *of)
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr, UdpSocket};
    use std::time::Duration;

    use hickory_proto::op::{Message, MessageType, OpCode, ResponseCode};
    use hickory_proto::rr::{RData, Record, RecordType, rdata};

    use super::*;
    use crate::net::Patience;

    fn record(owner: &str, data: RData) -> Record {
        Record::from_rdata(owner.parse().expect("a name"), 60, data)
    }

    fn ns(owner: &str, host: &str) -> Record {
        record(owner, RData::NS(rdata::NS(host.parse().expect("a name"))))
    }

    fn at(owner: &str, last: u8) -> Record {
        record(owner, RData::A(rdata::A::new(127, 0, 0, last)))
    }

    /// A resolver that knows of the zone `example` and its server, which is itself: without recursion it is asked as
    /// that, and says of `sub.example` what `above` makes of the answer.
    fn world(above: impl Fn(&mut Message) + Send + 'static) -> (Resolver, u16) {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let server = socket.local_addr().expect("an address");
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok((length, from)) = socket.recv_from(&mut bytes) {
                let asked = Message::from_vec(&bytes[..length]).expect("a question");
                let query = asked.queries[0].clone();
                let mut answer =
                    Message::new(asked.metadata.id, MessageType::Response, OpCode::Query);
                match (asked.metadata.recursion_desired, query.query_type()) {
                    (false, _) => above(&mut answer),
                    (true, RecordType::SOA) => {
                        let name = |text: &str| text.parse().expect("a name");
                        let start =
                            rdata::SOA::new(name("ns.example."), name("a.example."), 1, 2, 3, 4, 5);
                        answer.add_answer(record("example.", RData::SOA(start)));
                    }
                    (true, RecordType::NS) => {
                        answer.add_answer(ns("example.", "ns.example."));
                    }
                    (true, RecordType::A) => {
                        answer.add_answer(at("ns.example.", 1));
                    }
                    _ => {}
                }
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
        (Resolver { servers, patience }, server.port())
    }

    /// What the zone above adds to `ns1.sub.example`, which is at 127.0.0.1.
    fn found(above: impl Fn(&mut Message) + Send + 'static) -> Result<Vec<Server>, AskError> {
        let (resolver, port) = world(above);
        let name = |text: &str| Name::read(text).expect("a name");
        let here = IpAddr::from(Ipv4Addr::LOCALHOST);
        let known = [Server::at(Some(name("ns1.sub.example")), [here], port)];
        let mut builder = tokio::runtime::Builder::new_current_thread();
        let runtime = builder.enable_all().build().expect("a runtime");
        runtime.block_on(delegated(&resolver, &name("sub.example"), &known, port))
    }

    #[test]
    fn an_address_that_only_the_zone_above_gives_is_one_more_to_ask() {
        let found = found(|answer| {
            answer.add_authority(ns("sub.example.", "ns1.sub.example."));
            answer.add_additional(at("ns1.sub.example.", 1));
            answer.add_additional(at("ns1.sub.example.", 42));
        });
        let found = found.expect("an answer");
        let places = found.iter().flat_map(|server| &server.addresses);
        let places: Vec<String> = places.map(|place| place.ip().to_string()).collect();
        assert_eq!(places, ["127.0.0.42"]);
    }

    #[test]
    fn a_server_that_only_the_zone_above_names_is_one_more_to_ask() {
        let found = found(|answer| {
            answer.add_authority(ns("sub.example.", "ns1.sub.example."));
            answer.add_authority(ns("sub.example.", "ns9.sub.example."));
            answer.add_additional(at("ns1.sub.example.", 1));
            answer.add_additional(at("ns9.sub.example.", 9));
        });
        let found = found.expect("an answer");
        let names = found.iter().filter_map(|server| server.name.as_ref());
        let names: Vec<String> = names.map(ToString::to_string).collect();
        assert_eq!(names, ["ns9.sub.example."]);
    }

    #[test]
    fn a_zone_above_that_does_not_say_is_none_that_names_no_others() {
        let refused = found(|answer| answer.metadata.response_code = ResponseCode::Refused);
        assert!(refused.is_err(), "{refused:?}");
        // Neither a referral nor authority: it says nothing of the zone.
        let lame = found(|_| {});
        assert!(lame.is_err(), "{lame:?}");
    }

    #[test]
    fn a_zone_above_that_knows_of_no_such_zone_or_holds_it_itself_names_no_others() {
        let unknown = found(|answer| {
            answer.metadata.authoritative = true;
            answer.metadata.response_code = ResponseCode::NXDomain;
        });
        assert!(unknown.is_ok_and(|more| more.is_empty()));
        let holds = found(|answer| {
            answer.metadata.authoritative = true;
            answer.add_answer(ns("sub.example.", "ns1.sub.example."));
        });
        assert!(holds.is_ok_and(|more| more.is_empty()));
    }
}
