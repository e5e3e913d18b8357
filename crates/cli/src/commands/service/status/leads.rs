//! Holds where each host leads against the endpoint of the file.

use std::collections::BTreeMap;
use std::net::IpAddr;

use keyway_config::Service;
use keyway_dns::name::Name;
use keyway_dns::net::Followed;
use keyway_dns::rdata::Type;
use keyway_dns::rules::Kind;
use keyway_dns::rules::no_address::NoAddress;
use keyway_dns::rules::points_elsewhere::PointsElsewhere;
use keyway_dns::verify::{Standing, verify};
use keyway_dns::view::{Role, Said, View};
use keyway_dns::zone::Finding;
use keyway_report::{Locus, Timestamp};

use super::dns::{Answers, is_answer, unanswered};
use super::outside::End;
use crate::formats::outside::{Leads, Led, Outside};
use crate::intent::records_of;
use crate::intent::service::ServiceHost;

/// What comes of comparing.
struct Compared {
    standing: Leads,
    why: Option<String>,
    findings: Vec<Finding>,
}

impl Compared {
    fn of(standing: Leads) -> Self {
        Self {
            standing,
            why: None,
            findings: Vec::new(),
        }
    }

    fn unknown(why: String) -> Self {
        Self {
            why: Some(why),
            ..Self::of(Leads::Unknown)
        }
    }

    fn told(standing: Leads, kind: impl Into<Kind>) -> Self {
        let at = Locus::default();
        let kind = kind.into();
        Self {
            findings: vec![Finding { kind, at }],
            ..Self::of(standing)
        }
    }
}

/// Holds what was said of each host against the endpoint of the file.
pub(super) fn tell(
    answers: &Answers,
    service: &Service,
    end: Option<&End>,
    hosts: &[&Name],
    now: Timestamp,
    outside: &mut Outside,
) {
    outside.asked = answers.view.as_ref().ok().map(|view| view.server.clone());
    for &name in hosts {
        let mut led = Led {
            host: ServiceHost::Name(name.clone()).text(),
            standing: Leads::Unknown,
            found: Vec::new(),
            addresses: Vec::new(),
            wanted: end.iter().map(ToString::to_string).collect(),
            why: None,
            codes: Vec::new(),
        };
        let compared = match &answers.view {
            Err(why) => Compared::unknown(why.clone()),
            Ok(view) => {
                let addresses = answers.addresses(name).unwrap_or_default();
                led.addresses = addresses.iter().map(ToString::to_string).collect();
                let alias = view.of(name, Type::CNAME).and_then(Said::set);
                led.found = match alias {
                    Some(set) => set.texts(Type::CNAME),
                    None => led.addresses.clone(),
                };
                match answers.followed(name).filter(|_| alias.is_some()) {
                    Some(Err(why)) => alias_unknown(view, name, end, why),
                    Some(Ok(followed)) => alias_of(answers, name, followed, end),
                    None => direct(answers, view, name, service, end, now),
                }
            }
        };
        (led.standing, led.why) = (compared.standing, compared.why);
        for finding in &compared.findings {
            if !led.codes.contains(&finding.code()) {
                led.codes.push(finding.code());
            }
        }
        outside.dns_findings.extend(compared.findings);
        outside.dns.push(led);
    }
}

/// An alias of which nobody knows where it ends: it may still be the one that is wanted.
fn alias_unknown(view: &View, name: &Name, end: Option<&End>, why: &str) -> Compared {
    let Some(End::Name(endpoint)) = end else {
        return Compared::unknown(why.to_owned());
    };
    let set = view.of(name, Type::CNAME).and_then(Said::set);
    if set.is_some_and(|set| set.data.contains(endpoint.wire())) {
        Compared::of(Leads::Right)
    } else {
        Compared::unknown(why.to_owned())
    }
}

/// An alias, by where it ends and what it passes on the way.
fn alias_of(answers: &Answers, name: &Name, followed: &Followed, end: Option<&End>) -> Compared {
    if followed.addresses.is_empty() {
        return nowhere(name);
    }
    let Some(end) = end else {
        return Compared::of(Leads::Seen);
    };
    match end {
        End::Name(endpoint) if followed.aliases.contains(endpoint) => Compared::of(Leads::Right),
        _ => at_end(answers, name, &followed.addresses, end),
    }
}

/// A host with records of its own, or none.
fn direct(
    answers: &Answers,
    view: &View,
    name: &Name,
    service: &Service,
    end: Option<&End>,
    now: Timestamp,
) -> Compared {
    let addresses = view.addresses(name);
    let why = unanswered(view, name);
    if addresses.is_empty() && why.is_none() && end.is_none() {
        // Names of their own may stand below where a wildcard does not.
        return if name.is_wildcard() {
            Compared::of(Leads::Missing)
        } else {
            nowhere(name)
        };
    }
    let compared = match end {
        None => Compared::of(Leads::Seen),
        Some(end @ End::Name(_)) if !addresses.is_empty() => at_end(answers, name, &addresses, end),
        Some(_) => by_records(view, name, service, now),
    };
    match why {
        Some(why) if compared.standing != Leads::Elsewhere => Compared::unknown(why),
        _ => compared,
    }
}

/// The records that the file wants, against those that are there.
fn by_records(view: &View, name: &Name, service: &Service, now: Timestamp) -> Compared {
    let wanted = records_of(service, std::slice::from_ref(name));
    // Nobody else is asked: what it says counts, as that of the zone's own servers does.
    let mut alone = view.clone();
    alone.role = Role::Authoritative;
    alone.said.retain(|_, said| is_answer(said));
    let verified = verify(&wanted, std::slice::from_ref(&alone), &BTreeMap::new(), now);
    let standings = || verified.rows.iter().flat_map(|row| &row.standings);
    let is_other = |standing: &Standing| matches!(standing, Standing::Other(_));
    let standing = if standings().any(is_other) {
        Leads::Elsewhere
    } else if standings().any(|standing| *standing == Standing::Nothing) {
        Leads::Missing
    } else {
        Leads::Right
    };
    Compared {
        standing,
        why: None,
        findings: verified.findings,
    }
}

/// Addresses where a host ends, against those of the endpoint. A server that gives some of its addresses at a time
/// is right with some.
fn at_end(answers: &Answers, name: &Name, addresses: &[IpAddr], end: &End) -> Compared {
    let wanted = match end {
        End::Address(address) => vec![*address],
        End::Name(endpoint) => match answers.followed(endpoint) {
            Some(Ok(followed)) => followed.addresses.clone(),
            Some(Err(why)) => return Compared::unknown(why.clone()),
            None => return Compared::of(Leads::Unknown),
        },
    };
    let Some(other) = addresses.iter().find(|found| !wanted.contains(found)) else {
        return Compared::of(Leads::Right);
    };
    let texts = |list: &[IpAddr]| {
        let same = list.iter().filter(|it| it.is_ipv4() == other.is_ipv4());
        same.map(ToString::to_string).collect()
    };
    let kind = if other.is_ipv4() { Type::A } else { Type::AAAA };
    let found = PointsElsewhere {
        name: name.to_string(),
        kind: kind.to_string(),
        found: texts(addresses),
        wanted: texts(&wanted),
    };
    Compared::told(Leads::Elsewhere, found)
}

fn nowhere(name: &Name) -> Compared {
    let name = name.to_string();
    Compared::told(Leads::Missing, NoAddress { name })
}
