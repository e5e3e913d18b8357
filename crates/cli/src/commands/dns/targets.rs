//! Where aliases lead that are to stand.

use std::collections::BTreeMap;
use std::net::IpAddr;

use keyway_dns::name::Name;
use keyway_dns::net::{Held, Resolver, follow};
use keyway_dns::plan::{LEAD, State};
use keyway_dns::rdata::Type;
use keyway_dns::verify::{nowhere, unseen};
use keyway_dns::wanted::Wanted;
use keyway_dns::zone::Finding;

use super::deadline::Deadline;
use crate::intent::Asking;
use crate::voice;

/// Names that are to be aliases, and lead to no address, or to where nobody looked: as the resolvers say that count, else
/// the servers of the zone, which do not know of what is outside of it. What many lead to is looked at once.
pub(super) async fn aliases(
    wanted: &[Wanted],
    asking: &Asking,
    zones: &[Held],
    deadline: Deadline,
) -> Vec<Finding> {
    let mut targets: BTreeMap<Name, Vec<&Wanted>> = BTreeMap::new();
    for want in wanted {
        for target in want.targets() {
            targets.entry(target).or_default().push(want);
        }
    }
    let mut found = Vec::new();
    for (target, wants) in targets {
        let is_held = |held: &&Held| wants.iter().any(|want| held.names.contains(&want.name));
        let why = match end(&target, zones.iter().find(is_held), asking, deadline).await {
            Ok(addresses) if addresses.is_empty() => {
                found.extend(wants.iter().map(|want| nowhere(&want.name)));
                continue;
            }
            Ok(_) => continue,
            Err(why) => why,
        };
        found.extend(wants.iter().flat_map(|want| unseen(want, &why)));
    }
    found
}

/// The addresses that a name leads to, as the resolvers say that count, else the servers of a zone; or why nobody says.
async fn end(
    target: &Name,
    held: Option<&Held>,
    asking: &Asking,
    deadline: Deadline,
) -> Result<Vec<IpAddr>, String> {
    let mut servers = asking.counted().to_vec();
    let has_resolver = !servers.is_empty();
    if !has_resolver {
        let masters = held.map(|held| held.authority.addresses());
        servers.extend(masters.into_iter().flatten().map(|(server, _)| server));
    }
    let patience = asking.patience();
    let resolver = Resolver { servers, patience };
    match deadline.bound(follow(&resolver, target)).await {
        None => Err(voice::verified::no_time_to_follow().to_owned()),
        Some(Ok(followed)) if followed.is_whole => Ok(followed.addresses),
        Some(_) if !has_resolver => Err(asking.no_resolver()),
        Some(Ok(_)) => Err(voice::plan::not_followed().to_owned()),
        Some(Err(error)) => Err(error.to_string()),
    }
}

/// The alias that the name of a zone should be, and cannot.
fn alias_at_apex<'w>(zone: &Name, wanted: &'w [Wanted]) -> Option<&'w Wanted> {
    wanted.iter().find(|want| {
        let is_alias = want.kind == Type::CNAME && !want.data.is_empty();
        want.name == *zone && is_alias
    })
}

fn octets(address: &IpAddr) -> Vec<u8> {
    match address {
        IpAddr::V4(four) => four.octets().to_vec(),
        IpAddr::V6(six) => six.octets().to_vec(),
    }
}

/// Whether the name of a zone that should be an alias has addresses, and none but those of where that would lead: as
/// providers make them of records of their own.
pub(super) async fn leads_as_an_alias(
    zone: &Name,
    state: &State,
    wanted: &[Wanted],
    asking: &Asking,
) -> bool {
    let target = alias_at_apex(zone, wanted).and_then(|alias| alias.targets().next());
    let Some(target) = target else { return false };
    let addresses = end(&target, None, asking, Deadline::after(None)).await;
    let addresses: Vec<Vec<u8>> = addresses.iter().flatten().map(octets).collect();
    let own = [Type::A, Type::AAAA].into_iter();
    let mut own = own
        .filter_map(|kind| state.set(zone, kind))
        .flat_map(|set| &set.data)
        .peekable();
    own.peek().is_some() && own.all(|address| addresses.contains(address))
}

/// What is wanted where the name of the zone should be an alias, which it cannot be: addresses of where that would lead, as
/// providers make them of records of their own. Where nobody says where that is, nothing is held against it.
pub(super) async fn at_apex(
    mut wanted: Vec<Wanted>,
    held: &Held,
    asking: &Asking,
    deadline: Deadline,
) -> Vec<Wanted> {
    let zone = &held.authority.zone;
    let Some(alias) = alias_at_apex(zone, &wanted).cloned() else {
        return wanted;
    };
    wanted.retain(|want| want.name != *zone || !LEAD.contains(&want.kind));
    let Some(target) = alias.targets().next() else {
        return wanted;
    };
    let addresses = end(&target, Some(held), asking, deadline).await;
    let addresses = addresses.unwrap_or_default();
    let data = |kind: Type| {
        let own = addresses.iter();
        own.filter(|ip| ip.is_ipv4() == (kind == Type::A))
            .map(octets)
            .collect()
    };
    let kinds = [Type::A, Type::AAAA].into_iter();
    wanted.extend(kinds.filter(|_| !addresses.is_empty()).map(|kind| Wanted {
        kind,
        data: data(kind),
        is_any: true,
        reason: "the addresses of where the service is",
        ..alias.clone()
    }));
    wanted
}
