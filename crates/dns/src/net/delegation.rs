//! The servers that the zone above names for a zone.

use std::net::SocketAddr;

use super::authority::{Server, targets, zone};
use super::follow::hosts;
use super::{Resolver, ask};
use crate::message::{Manner, Question, Record};
use crate::name::Name;
use crate::rdata::Type;
use crate::view::address;

/// Most servers of the zone above that are asked, one after the other, until one answers.
const MAX_ASKED: usize = 3;

/// The servers of a zone that only the zone above names: whoever comes from there asks them, too, whatever the zone
/// says itself (RFC 1034, section 4.2.2). None where the zone above does not say. `port` is that of all servers.
pub(super) async fn delegated(
    resolver: &Resolver,
    of: &Name,
    known: &[Server],
    port: u16,
) -> Vec<Server> {
    let Some(referral) = referral(resolver, of, port).await else {
        return Vec::new();
    };
    let names = referral.iter().filter(|record| record.name == *of);
    let names = names.filter(|record| record.kind == Type::NS);
    let names = names.filter_map(Record::target);
    let is_known = |name: &Name| {
        known
            .iter()
            .any(|server| server.name.as_ref() == Some(name))
    };
    let mut more = Vec::new();
    for name in names.filter(|name| !is_known(name)) {
        let glue = referral.iter().filter(|record| record.name == name);
        let glue = glue.filter(|record| matches!(record.kind, Type::A | Type::AAAA));
        let addresses: Vec<_> = glue.filter_map(|record| address(&record.data)).collect();
        more.push(if addresses.is_empty() {
            Server::found(resolver, name, port).await
        } else {
            Server::at(Some(name), addresses, port)
        });
    }
    more
}

/// What a server of the zone above says of who holds a zone.
async fn referral(resolver: &Resolver, of: &Name, port: u16) -> Option<Vec<Record>> {
    let (above, _) = zone(resolver, &of.parent()?).await.ok()?;
    let question = Question {
        name: of.clone(),
        kind: Type::NS,
    };
    let names = targets(resolver, &above, Type::NS).await.ok()?;
    for name in names.iter().take(MAX_ASKED) {
        let Some(ip) = hosts(resolver, name).await.ok()?.first().copied() else {
            continue;
        };
        let server = SocketAddr::new(ip, port);
        let asked = ask(server, &question, Manner::default(), resolver.patience).await;
        // One that speaks for both says what the zone says itself.
        if let Ok(answer) = asked
            && !answer.authoritative
        {
            return Some([answer.authorities, answer.additionals].concat());
        }
    }
    None
}
