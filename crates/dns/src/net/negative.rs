//! How long caches may know that a name has nothing.

use std::net::SocketAddr;

use tokio::time::timeout;

use super::authority::targets;
use super::starts::zone_start;
use super::{AskError, Resolver, ask, hosts};
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
    // A plan is not held up for long: what is counted in its place is no less.
    let limit = resolver.patience.timeout;
    let said = timeout(limit, of_servers(resolver, &start.name, port)).await;
    if let Ok(Some(seconds)) = said {
        return Ok(seconds);
    }
    let minimum = start.start().map(|start| start.minimum);
    Ok(minimum.map_or(NEGATIVE_TTL, |minimum| minimum.min(NEGATIVE_TTL)))
}

/// What the first server of a zone says that answers.
async fn of_servers(resolver: &Resolver, zone: &Name, port: u16) -> Option<u32> {
    let servers = targets(resolver, zone, Type::NS).await.ok()?;
    for server in servers.into_iter().take(MAX_ASKED) {
        let addresses = hosts(resolver, &server).await.unwrap_or_default();
        let Some(ip) = addresses.first() else {
            continue;
        };
        let (name, kind) = (zone.clone(), Type::SOA);
        let (server, question) = (SocketAddr::new(*ip, port), Question { name, kind });
        let answer = ask(server, &question, Manner::default(), resolver.patience).await;
        let answer = answer.ok().filter(|answer| answer.authoritative);
        let mut records = answer.iter().flat_map(|answer| &answer.answers);
        if let Some(start) = records.find_map(Record::start) {
            return Some(start.negative_ttl);
        }
    }
    None
}
