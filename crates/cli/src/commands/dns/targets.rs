//! Where aliases lead that are to stand.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use keyway_dns::name::Name;
use keyway_dns::net::{Held, MAX_ALIASES, Resolver, follow};
use keyway_dns::plan::{LEAD, State};
use keyway_dns::rdata::Type;
use keyway_dns::verify::{nowhere, unseen};
use keyway_dns::view::{Role, Said, View};
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

/// Most looks at all addresses of a name.
const MAX_LOOKS: usize = 4;

/// All addresses that a name leads to: where who asks is given a part of them at a time, each resolver that counts is asked
/// again as long as it gives others.
async fn all_of_end(
    target: &Name,
    held: Option<&Held>,
    asking: &Asking,
    deadline: Deadline,
) -> Result<Vec<IpAddr>, String> {
    let mut all = end(target, held, asking, deadline).await?;
    let counted = asking.counted().iter();
    let resolvers = counted.map(|server| Resolver {
        servers: vec![*server],
        patience: asking.patience(),
    });
    for resolver in resolvers {
        for _ in 0..MAX_LOOKS {
            let Some(Ok(followed)) = deadline.bound(follow(&resolver, target)).await else {
                break;
            };
            let new = followed.addresses.into_iter();
            let new: Vec<IpAddr> = new.filter(|address| !all.contains(address)).collect();
            if new.is_empty() {
                break;
            }
            all.extend(new);
        }
    }
    Ok(all)
}

/// What is wanted without CAA records at the names above wildcards that are aliases: it is where those lead that CAs look
/// (RFC 8659, section 3). With these names.
pub(super) fn without_issuers_at_aliases(
    wanted: Vec<Wanted>,
    hosts: &[Name],
    is_alias: impl Fn(&Name) -> bool,
) -> (Vec<Wanted>, Vec<Name>) {
    let is_led = |want: &Wanted| {
        let is_made = want.kind == Type::CAA && !want.data.is_empty();
        is_made && !hosts.contains(&want.name) && is_alias(&want.name)
    };
    let (led, others): (Vec<_>, Vec<_>) = wanted.into_iter().partition(is_led);
    (others, led.into_iter().map(|want| want.name).collect())
}

/// What is wanted of a host that is an alias of another one of the same service: no more than that, as it leads wherever that
/// one does. So it is where all servers of the zone say so that answer.
pub(super) fn at_hosts(mut wanted: Vec<Wanted>, hosts: &[Name], views: &[View]) -> Vec<Wanted> {
    let alias = |name: &Name| -> Option<Name> {
        let masters = views.iter().filter(|it| it.role == Role::Authoritative);
        let said = masters.filter_map(|view| match view.of(name, Type::CNAME)? {
            Said::Records { set, .. } => Some(set.targets().next()),
            Said::Nothing(_) => Some(None),
            _ => None,
        });
        let said: BTreeSet<Option<Name>> = said.collect();
        said.into_iter().reduce(|_, _| None).flatten()
    };
    for host in hosts {
        let Some(target) = alias(host) else { continue };
        let way = std::iter::successors(Some(target.clone()), &alias);
        let way: Vec<Name> = way.take(MAX_ALIASES).collect();
        let is_ours = way.iter().all(|at| at != host && hosts.contains(at));
        if !is_ours || way.len() == MAX_ALIASES {
            continue;
        }
        let own = |want: &Wanted| want.name == *host && want.kind == Type::CNAME;
        let Some(mut want) = wanted.iter().find(|want| own(want)).cloned() else {
            continue;
        };
        want.data = BTreeSet::from([target.wire().to_vec()]);
        wanted.retain(|want| want.name != *host);
        wanted.push(want);
    }
    wanted
}

/// The alias that the name of a zone should be, and cannot.
fn alias_at_apex<'w>(zone: &Name, wanted: &'w [Wanted]) -> Option<&'w Wanted> {
    wanted.iter().find(|want| {
        let is_alias = want.kind == Type::CNAME && !want.data.is_empty();
        want.name == *zone && is_alias
    })
}

fn is_of(kind: Type, address: &IpAddr) -> bool {
    address.is_ipv4() == (kind == Type::A)
}

fn octets(address: &IpAddr) -> Vec<u8> {
    match address {
        IpAddr::V4(four) => four.octets().to_vec(),
        IpAddr::V6(six) => six.octets().to_vec(),
    }
}

/// Whether the name of a zone that should be an alias has addresses of each family that where that would lead has some of, and
/// none but those: as providers make them of records of their own.
pub(super) async fn leads_as_an_alias(
    zone: &Name,
    state: &State,
    wanted: &[Wanted],
    asking: &Asking,
) -> bool {
    let target = alias_at_apex(zone, wanted).and_then(|alias| alias.targets().next());
    let Some(target) = target else { return false };
    let addresses = all_of_end(&target, None, asking, Deadline::after(None)).await;
    let addresses = addresses.unwrap_or_default();
    let is_met = |kind: Type| {
        let of_kind = addresses.iter().filter(|ip| is_of(kind, ip));
        let there: BTreeSet<Vec<u8>> = of_kind.map(octets).collect();
        let own = state.set(zone, kind).map(|set| &set.data);
        own.map_or(there.is_empty(), |own| own.is_subset(&there))
    };
    !addresses.is_empty() && is_met(Type::A) && is_met(Type::AAAA)
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
    let addresses = all_of_end(&target, Some(held), asking, deadline).await;
    let addresses = addresses.unwrap_or_default();
    let data = |kind: Type| {
        let own = addresses.iter();
        own.filter(|ip| is_of(kind, ip)).map(octets).collect()
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

/// The names of a plan that clients are led to: not those that only stand where aliases lead.
pub(super) fn led(wanted: &[Wanted]) -> Vec<Name> {
    let aliases = wanted.iter().filter(|want| want.kind == Type::CNAME);
    let targets = aliases.flat_map(|want| &want.data);
    let targets: BTreeSet<&[u8]> = targets.map(Vec::as_slice).collect();
    let leads = |want: &&Wanted| matches!(want.kind, Type::A | Type::AAAA | Type::CNAME);
    let names = wanted.iter().filter(leads).map(|want| &want.name);
    let names: BTreeSet<&Name> = names
        .filter(|name| !targets.contains(name.wire()))
        .collect();
    names.into_iter().cloned().collect()
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, UdpSocket};

    use super::*;
    use crate::arguments::AskArguments;
    use crate::intent::wait_for;

    /// A resolver that gives each who asks two of so many addresses, the next ones every time.
    fn gives_two_of(many: u8) -> String {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = socket.local_addr().unwrap().to_string();
        std::thread::spawn(move || {
            let (mut bytes, mut next) = ([0; 512], 0);
            while let Ok((length, from)) = socket.recv_from(&mut bytes) {
                let end = 12 + bytes[12..length].iter().position(|it| *it == 0).unwrap() + 5;
                let mut answer = bytes[..end].to_vec();
                let is_four = answer[end - 3] == 1;
                answer[2..12].copy_from_slice(&[0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0]);
                for _ in 0..if is_four { 2 } else { 0 } {
                    answer[7] += 1;
                    answer.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 192, 0, 2, next]);
                    next = (next + 1) % many;
                }
                socket.send_to(&answer, from).unwrap();
            }
        });
        address
    }

    #[test]
    fn a_service_that_gives_a_part_of_its_addresses_is_asked_again() {
        let name = |text: &str| Name::read(text).unwrap();
        let arguments = AskArguments {
            server: Vec::new(),
            resolver: vec![gives_two_of(6)],
            port: 53,
            timeout: 5,
        };
        let asking = Asking::resolve(&arguments, &[]).unwrap();
        let (zone, endpoint) = (name("example.com"), name("lb.example.net"));
        let alias = Wanted {
            name: zone.clone(),
            kind: Type::CNAME,
            ttl: 60,
            data: [endpoint.wire().to_vec()].into(),
            away: BTreeSet::new(),
            is_alone: false,
            is_any: false,
            reason: "",
        };
        let leads = |last: u8| {
            let mut state = State::default();
            state.add(zone.clone(), Type::A, 60, &[192, 0, 2, last]);
            let wanted = std::slice::from_ref(&alias);
            wait_for(leads_as_an_alias(&zone, &state, wanted, &asking)).unwrap()
        };
        assert!(leads(5) && leads(0));
        assert!(!leads(6));
    }

    #[test]
    fn where_the_names_of_a_plan_lead_is_no_host_of_its_own() {
        let name = |text: &str| Name::read(text).unwrap();
        let want = |owner: &str, kind: Type, data: Vec<u8>| Wanted {
            name: name(owner),
            kind,
            ttl: 60,
            data: [data].into(),
            away: BTreeSet::new(),
            is_alone: false,
            is_any: false,
            reason: "",
        };
        let target = name("t.example.com").wire().to_vec();
        let wanted = [
            want("www.example.com", Type::CNAME, target),
            want("t.example.com", Type::A, vec![192, 0, 2, 1]),
            want("api.example.com", Type::A, vec![192, 0, 2, 1]),
        ];
        let hosts = ["api.example.com", "www.example.com"].map(name);
        assert_eq!(led(&wanted), hosts);
    }
}
