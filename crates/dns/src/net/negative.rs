//! How long caches may know that a name has nothing.

use std::net::SocketAddr;

use super::authority::{targets, zone_start};
use super::{AskError, Resolver, hosts};
use crate::message::{Manner, Question, Record};
use crate::name::Name;
use crate::plan::NEGATIVE_TTL;
use crate::rdata::Type;

/// Most servers of the zone that are asked: who answers says what all of them say, and three of them are not down
/// together.
const MAX_ASKED: usize = 3;

/// How long caches may know that a name has nothing, seconds: as the zone that it is in says (RFC 2308, section 5), by
/// one of its servers. A resolver says what that is at most; where none of the servers answers, no more is counted than
/// caches keep by themselves. `port` is that of the servers.
///
/// # Errors
/// The resolvers' [`AskError`], where they do not know of the zone.
pub async fn negative_ttl(resolver: &Resolver, name: &Name, port: u16) -> Result<u32, AskError> {
    let start = zone_start(resolver, name).await?;
    let servers = targets(resolver, &start.name, Type::NS).await;
    for server in servers.into_iter().flatten().take(MAX_ASKED) {
        let addresses = hosts(resolver, &server).await.unwrap_or_default();
        let Some(ip) = addresses.first() else {
            continue;
        };
        let question = Question {
            name: start.name.clone(),
            kind: Type::SOA,
        };
        let server = SocketAddr::new(*ip, port);
        let answer = super::ask(server, &question, Manner::default(), resolver.patience).await;
        let Some(answer) = answer.ok().filter(|answer| answer.authoritative) else {
            continue;
        };
        if let Some(start) = answer.answers.iter().find_map(Record::start) {
            return Ok(start.negative_ttl);
        }
    }
    let minimum = start.start().map(|start| start.minimum);
    Ok(minimum.map_or(NEGATIVE_TTL, |minimum| minimum.min(NEGATIVE_TTL)))
}
