//! What a plan leads to that whoever asks for it may not know.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use keyway_report::{Finding as Found, Locus};

use super::{Plan, PlanError, State, wildcards};
use crate::rdata::Type;
use crate::rules::Kind;
use crate::rules::cname_at_apex::CnameAtApex;
use crate::rules::name_not_yours::NameNotYours;
use crate::rules::private_address_in_public_zone::PrivateAddressInPublicZone;
use crate::rules::ttl_too_long_for_change::TtlTooLongForChange;
use crate::rules::wildcard_shadows::WildcardShadows;
use crate::zone::Finding;

/// TTL of records that are about to go, above which waiting for it is worse than lowering it first, seconds.
pub const LONG_TTL: u32 = 3_600;

/// What should be known before a plan is carried out. `state` is what it was made from.
pub fn advice(plan: &Plan, state: &State) -> Vec<Finding> {
    let mut kinds: Vec<Kind> = Vec::new();
    for change in plan.changes() {
        let (name, kind) = (change.name.to_string(), change.kind.to_string());
        if let Some(before) = &change.before
            && before.ttl > LONG_TTL
            && !change.removed().is_empty()
        {
            let ttl = before.ttl;
            let name = name.clone();
            kinds.push(TtlTooLongForChange { name, kind, ttl }.into());
        }
        for data in change.added() {
            if let Some((address, range)) = private(change.kind, data) {
                let (name, address) = (name.clone(), address.to_string());
                let range = range.to_owned();
                kinds.push(
                    PrivateAddressInPublicZone {
                        name,
                        address,
                        range,
                    }
                    .into(),
                );
            }
        }
    }
    // A name that exists now, and did not.
    let mut names: Vec<_> = plan
        .changes()
        .filter(|change| change.after.is_some())
        .filter(|change| matches!(change.kind, Type::A | Type::AAAA | Type::CNAME))
        .collect();
    names.dedup_by_key(|change| &change.name);
    for change in names {
        if state.kinds(&change.name).next().is_some() || change.name.is_wildcard() {
            continue;
        }
        let mut wildcards = wildcards(&change.name, &plan.zone).into_iter();
        let wildcard = wildcards.find(|wildcard| state.kinds(wildcard).next().is_some());
        let Some(wildcard) = wildcard else { continue };
        let given = plan.changes().filter(|other| other.name == change.name);
        let given: Vec<Type> = given.map(|other| other.kind).collect();
        let lost = state.kinds(&wildcard).filter(|kind| !given.contains(kind));
        let lost: Vec<String> = lost.map(|kind| kind.to_string()).collect();
        if !lost.is_empty() {
            let found = WildcardShadows {
                name: change.name.to_string(),
                wildcard: wildcard.to_string(),
                kinds: lost,
            };
            kinds.push(found.into());
        }
    }
    kinds.into_iter().map(placed).collect()
}

/// A plan that cannot be, as a finding, where there is one for it.
pub fn refusal(error: &PlanError) -> Option<Finding> {
    let kind: Kind = match error {
        PlanError::AliasAtTop { zone, target } => CnameAtApex {
            zone: zone.to_string(),
            target: target.to_string(),
        }
        .into(),
        PlanError::NotInZone { name, zone } | PlanError::Delegated { name, zone, .. } => {
            NameNotYours {
                name: name.to_string(),
                zone: zone.to_string(),
            }
            .into()
        }
        _ => return None,
    };
    Some(placed(kind))
}

fn placed(kind: Kind) -> Finding {
    Found {
        kind,
        at: Locus::default(),
    }
}

/// An address that is not for everybody, and what it is of (IANA's registries of special-purpose addresses).
fn private(kind: Type, data: &[u8]) -> Option<(IpAddr, &'static str)> {
    let address = match kind {
        Type::A => IpAddr::from(<[u8; 4]>::try_from(data).ok()?),
        Type::AAAA => IpAddr::from(<[u8; 16]>::try_from(data).ok()?),
        _ => return None,
    };
    let range = match address {
        IpAddr::V4(four) => private_four(four)?,
        IpAddr::V6(six) => private_six(six)?,
    };
    Some((address, range))
}

fn private_four(four: Ipv4Addr) -> Option<&'static str> {
    let [first, second, ..] = four.octets();
    Some(match four {
        _ if four.is_private() => "an address of a private network (RFC 1918)",
        _ if four.is_loopback() => "the machine itself (RFC 1122)",
        _ if four.is_link_local() => "an address of one link (RFC 3927)",
        _ if first == 100 && (64..128).contains(&second) => {
            "an address behind a provider's NAT (RFC 6598)"
        }
        _ if four.is_unspecified() => "no address",
        _ if four.is_multicast() => "an address of many machines at once (RFC 5771)",
        _ if four.is_broadcast() => "an address of all machines of a link (RFC 919)",
        _ => return None,
    })
}

fn private_six(six: Ipv6Addr) -> Option<&'static str> {
    Some(match six {
        _ if six.is_unique_local() => "an address of a private network (RFC 4193)",
        _ if six.is_loopback() => "the machine itself (RFC 4291)",
        _ if six.is_unicast_link_local() => "an address of one link (RFC 4291)",
        _ if six.is_unspecified() => "no address",
        _ if six.is_multicast() => "an address of many machines at once (RFC 4291)",
        _ if six.to_ipv4_mapped().is_some() => "an IPv4 address in the clothes of IPv6 (RFC 4291)",
        _ => return None,
    })
}
