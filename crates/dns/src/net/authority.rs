//! Who speaks for a name.

use std::net::{IpAddr, SocketAddr};

use super::{AskError, NobodyError, Resolver};
use crate::message::{Question, Record};
use crate::name::Name;
use crate::rdata::Type;

/// Most servers of a zone that are asked. The root has 13; no zone needs more than a few.
const MAX_SERVERS: usize = 32;

/// Most aliases that are followed from one name to another.
const MAX_ALIASES: usize = 8;

/// A zone and its servers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    /// The zone.
    pub zone: Name,
    /// Its servers, in the order of their names.
    pub servers: Vec<Server>,
}

/// A server of a zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Its name.
    pub name: Name,
    /// Its addresses; empty where it has none.
    pub addresses: Vec<SocketAddr>,
}

/// Finds the zone of a name, and the zone's servers, by asking a resolver. `port` is that of the servers.
///
/// # Errors
/// [`AskError`] where the resolver does not answer, or knows of no zone or no server.
pub async fn authority(resolver: &Resolver, name: &Name, port: u16) -> Result<Authority, AskError> {
    let zone = zone(resolver, name).await?;
    let mut names = targets(resolver, &zone, Type::NS).await?;
    names.sort();
    names.dedup();
    names.truncate(MAX_SERVERS);
    let mut servers = Vec::new();
    for name in names {
        let addresses = addresses(resolver, &name).await.unwrap_or_default();
        let addresses = addresses.into_iter().map(|ip| SocketAddr::new(ip, port));
        servers.push(Server {
            addresses: addresses.collect(),
            name,
        });
    }
    if servers.iter().all(|server| server.addresses.is_empty()) {
        return Err(AskError::Nobody(NobodyError::Servers(zone)));
    }
    Ok(Authority { zone, servers })
}

/// The zone that a name is in: the SOA record in the answer, or that of the zone that knows of none.
async fn zone(resolver: &Resolver, name: &Name) -> Result<Name, AskError> {
    let mut here = Some(name.clone());
    while let Some(name) = here {
        let answer = ask(resolver, &name, Type::SOA).await?;
        let starts = |record: &&Record| record.kind == Type::SOA && name.is_within(&record.name);
        let mut records = answer.answers.iter().chain(&answer.authorities);
        if let Some(record) = records.find(starts) {
            return Ok(record.name.clone());
        }
        // An alias leads elsewhere; the name is in the zone of the one above.
        here = name.parent();
    }
    Err(AskError::Nobody(NobodyError::Zone(name.clone())))
}

async fn targets(resolver: &Resolver, name: &Name, kind: Type) -> Result<Vec<Name>, AskError> {
    let answer = ask(resolver, name, kind).await?;
    let ours = answer
        .answers
        .iter()
        .filter(|record| record.kind == kind && record.name == *name);
    Ok(ours.filter_map(Record::target).collect())
}

/// The addresses of a host, IPv4 first.
pub(super) async fn addresses(resolver: &Resolver, name: &Name) -> Result<Vec<IpAddr>, AskError> {
    let mut out = Vec::new();
    for kind in [Type::A, Type::AAAA] {
        let answer = ask(resolver, name, kind).await?;
        let mut host = name.clone();
        for _ in 0..MAX_ALIASES {
            let alias = answer
                .answers
                .iter()
                .find(|record| record.kind == Type::CNAME && record.name == host);
            match alias.and_then(Record::target) {
                Some(target) => host = target,
                None => break,
            }
        }
        let ours = answer
            .answers
            .iter()
            .filter(|record| record.kind == kind && record.name == host);
        out.extend(ours.filter_map(|record| address(&record.data)));
    }
    Ok(out)
}

fn address(data: &[u8]) -> Option<IpAddr> {
    match data.len() {
        4 => Some(IpAddr::from(*data.first_chunk::<4>()?)),
        16 => Some(IpAddr::from(*data.first_chunk::<16>()?)),
        _ => None,
    }
}

async fn ask(
    resolver: &Resolver,
    name: &Name,
    kind: Type,
) -> Result<crate::message::Answer, AskError> {
    let name = name.clone();
    resolver.ask(&Question { name, kind }).await
}
