//! Where hosts lead.

use std::net::IpAddr;

use super::authority::ask;
use super::{AskError, Resolver};
use crate::message::{Code, Record};
use crate::name::Name;
use crate::rdata::Type;
use crate::view::address;

/// Most aliases that are followed from one name to another.
pub const MAX_ALIASES: usize = 8;

/// Where a host leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    /// The names that it is an alias of, one after the other.
    pub aliases: Vec<Name>,
    /// Its addresses, IPv4 first.
    pub addresses: Vec<IpAddr>,
    /// Whether that is all: who neither follows aliases nor holds the zone where they end knows of no address there.
    pub is_whole: bool,
}

/// The addresses of a host, IPv4 first.
///
/// # Errors
/// The resolvers' [`AskError`].
pub async fn hosts(resolver: &Resolver, name: &Name) -> Result<Vec<IpAddr>, AskError> {
    let followed = follow(resolver, name).await?;
    Ok(followed.addresses)
}

/// Follows a host to its addresses, at most [`MAX_ALIASES`] aliases far.
///
/// # Errors
/// The resolvers' [`AskError`].
pub async fn follow(resolver: &Resolver, name: &Name) -> Result<Followed, AskError> {
    let mut followed = Followed {
        aliases: Vec::new(),
        addresses: Vec::new(),
        is_whole: true,
    };
    for kind in [Type::A, Type::AAAA] {
        let answer = ask(resolver, name, kind).await?;
        let (mut host, mut aliases, mut is_loop) = (name.clone(), Vec::new(), false);
        for _ in 0..MAX_ALIASES {
            let alias = answer
                .answers
                .iter()
                .find(|record| record.kind == Type::CNAME && record.name == host);
            let Some(target) = alias.and_then(Record::target) else {
                break;
            };
            if target == *name || aliases.contains(&target) {
                is_loop = true;
                break;
            }
            host = target;
            aliases.push(host.clone());
        }
        let ours = answer
            .answers
            .iter()
            .filter(|record| record.kind == kind && record.name == host);
        let found: Vec<IpAddr> = ours.filter_map(|record| address(&record.data)).collect();
        // A server of another zone than the alias's says no more than the alias (RFC 1034, section 4.3.2).
        let is_end = is_loop
            || answer.code == Code::NXDOMAIN
            || answer.authorities.iter().any(|it| it.start().is_some());
        followed.is_whole &= !found.is_empty() || answer.recursive || is_end;
        followed.addresses.extend(found);
        if aliases.len() > followed.aliases.len() {
            followed.aliases = aliases;
        }
    }
    Ok(followed)
}
