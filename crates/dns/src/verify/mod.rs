//! Whether the servers say what a service needs, who does not, and until when.

mod asked;
mod caches;
mod issuers;
mod served;
mod standing;
mod told;

use std::collections::{BTreeMap, BTreeSet};

use keyway_report::{Severity, Timestamp};

use crate::digest;
use crate::name::Name;
use crate::plan::{Set, browser, host, is_of_keys, of_other_keys};
use crate::rdata::{self, Type};
use crate::rules::Kind;
use crate::rules::aaaa_elsewhere::AaaaElsewhere;
use crate::rules::lame_server::LameServer;
use crate::rules::missing::Missing;
use crate::rules::other_records::OtherRecords;
use crate::rules::points_elsewhere::PointsElsewhere;
use crate::rules::resolver_fails::ResolverFails;
use crate::rules::stale_server::StaleServer;
use crate::rules::tlsa_mismatch::TlsaMismatch;
use crate::view::{Role, Said, View};
use crate::wanted::Wanted;
use crate::zone::Finding;

pub use asked::of_resolvers;
pub use served::{At, Expected, Shown, Unserved, Version, at_address, at_addresses};
pub use standing::{Row, Standing, Verified};
pub use told::{
    bogus, differing, not_for_host, nowhere, other_port, ports_elsewhere, unanswered, unasked,
    unseen,
};
use told::{cut_off, found};

/// Compares what servers say with what is wanted, at a moment. `served` are the SHA-256 of the public keys that hosts are
/// served with, where they are known.
pub fn verify(
    wanted: &[Wanted],
    views: &[View],
    served: &BTreeMap<Name, Vec<[u8; 32]>>,
    now: Timestamp,
) -> Verified {
    let mut verify = Verify {
        wanted,
        views,
        now,
        findings: Vec::new(),
        until: None,
        told: BTreeSet::new(),
    };
    verify.servers();
    let rows: Vec<Row> = wanted.iter().map(|want| verify.row(want)).collect();
    for (want, row) in wanted.iter().zip(&rows) {
        verify.set(want, row, &rows);
    }
    verify.conflicts();
    verify.issuers();
    verify.pins(served);
    let mut standings = rows.iter().flat_map(|row| &row.standings);
    let is_wrong = |finding: &Finding| finding.severity() == Severity::Error;
    let any_wrong = verify.findings.iter().any(is_wrong);
    Verified {
        agrees: !any_wrong && standings.all(|standing| *standing == Standing::Right),
        rows,
        findings: verify.findings,
        until: verify.until,
    }
}

struct Verify<'v> {
    wanted: &'v [Wanted],
    views: &'v [View],
    now: Timestamp,
    findings: Vec<Finding>,
    until: Option<Timestamp>,
    /// What resolvers have of before, as far as it was told: the resolver, the name and the type.
    told: BTreeSet<(String, Name, Type)>,
}

impl Verify<'_> {
    fn found(&mut self, kind: impl Into<Kind>) {
        self.findings.push(found(kind));
    }

    /// Servers that do not do their work, each told once.
    fn servers(&mut self) {
        for view in self.views {
            let bad = view.said.iter().find_map(|((name, _), said)| match said {
                // It speaks for the zone, and for a part of it others do.
                Said::Lame if view.serial.is_some() => Some((
                    name,
                    format!("it sends whoever asks for {name} to other servers; ask those"),
                )),
                Said::Lame => Some((name, "it has no authority over it".to_owned())),
                Said::Refused(code) => Some((name, format!("it says {code}"))),
                Said::Failed(why) => Some((name, why.clone())),
                _ => None,
            });
            let Some((name, why)) = bad else { continue };
            let (server, name) = (view.server.clone(), name.to_string());
            match view.role {
                Role::Authoritative => self.found(LameServer { server, why }),
                Role::Resolver => self.found(ResolverFails { server, name, why }),
            }
        }
        self.findings.extend(bogus(self.views));
        self.findings.extend(cut_off(self.views));
    }

    fn row(&self, want: &Wanted) -> Row {
        let led = |view: &View| {
            // Whoever looks for these follows aliases (RFC 7671, section 7; RFC 8555, section 8.4).
            let is_followed = matches!(want.kind, Type::TLSA | Type::TXT);
            let set = is_followed.then(|| self.led(view, &want.name, want.kind));
            set.flatten()
        };
        let standing = |view: &View| match view.of(&want.name, want.kind) {
            Some(Said::Nothing(_)) if let Some(set) = led(view) => {
                if want.is_met(&set) {
                    Standing::Right
                } else {
                    Standing::Other(set)
                }
            }
            Some(Said::Records { set, .. }) if want.is_met(set) => Standing::Right,
            Some(Said::Records { set, .. }) => Standing::Other(set.clone()),
            Some(Said::Nothing(_)) if want.data.is_empty() => Standing::Right,
            Some(Said::Nothing(_)) => Standing::Nothing,
            _ => Standing::Unknown,
        };
        Row {
            name: want.name.clone(),
            kind: want.kind,
            standings: self.views.iter().map(standing).collect(),
        }
    }

    /// The records where the alias of their name leads that a server gives: as that says, or, where it leads to another zone, as
    /// a resolver does that follows the same.
    fn led(&self, view: &View, name: &Name, kind: Type) -> Option<Set> {
        let alias = |view: &'_ View| view.aliases.get(name).map(|alias| alias.data.clone());
        let here = alias(view)?;
        let others = self.views.iter();
        let mut others =
            others.filter(|it| it.role == Role::Resolver && alias(it).as_ref() == Some(&here));
        let own = view.set_led_to(name, kind);
        own.or_else(|| others.find_map(|it| it.set_led_to(name, kind)))
    }

    fn set(&mut self, want: &Wanted, row: &Row, rows: &[Row]) {
        let pairs: Vec<(&View, &Standing)> = self.views.iter().zip(&row.standings).collect();
        let masters = || {
            let held = pairs
                .iter()
                .filter(|(view, _)| view.role == Role::Authoritative);
            held.filter(|(_, standing)| **standing != Standing::Unknown)
        };
        let is_right = masters().any(|(_, standing)| **standing == Standing::Right);
        let name = want.name.to_string();
        let kind = want.kind.to_string();
        if !is_right && masters().next().is_some() {
            self.nowhere(want, row, rows);
        } else if is_right {
            let newest = masters()
                .filter_map(|(view, _)| view.serial)
                .max_by(serial_order);
            let behind: Vec<&View> = masters()
                .filter(|(_, standing)| **standing != Standing::Right)
                .map(|(view, _)| *view)
                .collect();
            for view in behind {
                self.found(StaleServer {
                    server: view.server.clone(),
                    name: name.clone(),
                    kind: kind.clone(),
                    serial: view.serial,
                    newest,
                });
            }
        }
        for (view, standing) in pairs {
            if view.role == Role::Resolver && *standing != Standing::Right {
                self.resolver(want, view, is_right);
            }
        }
    }

    /// No server of the zone has what is wanted.
    fn nowhere(&mut self, want: &Wanted, row: &Row, rows: &[Row]) {
        let texts = |data: &BTreeSet<Vec<u8>>| -> Vec<String> {
            data.iter()
                .map(|data| rdata::show(want.kind, data))
                .collect()
        };
        let other = row
            .standings
            .iter()
            .zip(self.views)
            .find_map(|pair| match pair {
                (Standing::Other(set), view) if view.role == Role::Authoritative => Some(set),
                _ => None,
            });
        let name = want.name.to_string();
        let (kind, wanted) = (want.kind.to_string(), texts(&want.data));
        let Some(other) = other else {
            // Where the name is an alias still, that is what is wrong, and is told.
            let alias = rows
                .iter()
                .find(|row| row.name == want.name && row.kind == Type::CNAME);
            let is_other = |standing: &Standing| matches!(standing, Standing::Other(_));
            if alias.is_some_and(|row| row.standings.iter().any(is_other)) {
                return;
            }
            self.found(Missing { name, kind, wanted });
            return;
        };
        let found = texts(&other.data);
        if is_pinned_elsewhere(want, other) {
            let keys = want.data.iter().filter_map(|data| data.last_chunk());
            let (pins, served) = (found, keys.map(digest::show).collect());
            self.found(TlsaMismatch { name, pins, served });
            return;
        }
        let four = rows
            .iter()
            .find(|row| row.name == want.name && row.kind == Type::A);
        let four_is_right = four.is_some_and(|row| row.standings.contains(&Standing::Right));
        if want.kind == Type::AAAA && four_is_right {
            self.found(AaaaElsewhere {
                name,
                found,
                wanted,
            });
        } else if !want.kind.leads() || self.leads_right(want, other) {
            self.found(OtherRecords {
                name,
                kind,
                found,
                wanted,
            });
        } else {
            self.found(PointsElsewhere {
                name,
                kind,
                found,
                wanted,
            });
        }
    }

    /// Whether a name that has another alias than it is to have comes to that one's target all the same, by aliases behind it;
    /// or shall be no alias, and leads to just what the name is to have itself.
    fn leads_right(&self, alias: &Wanted, found: &Set) -> bool {
        let passes = |target: &Name| {
            let mut ways = self
                .views
                .iter()
                .filter_map(|view| view.ways.get(&alias.name));
            let is_own = |way: &&Vec<Name>| {
                way.first()
                    .is_some_and(|at| found.targets().any(|it| it == *at))
            };
            ways.any(|way| is_own(&way) && way.contains(target))
        };
        if alias.targets().any(|target| passes(&target)) {
            return true;
        }
        let addresses = |want: &&Wanted| matches!(want.kind, Type::A | Type::AAAA);
        let wanted = self.wanted.iter().filter(addresses);
        let mut wanted = wanted.filter(|want| want.name == alias.name).peekable();
        let is_alias = alias.kind == Type::CNAME && alias.data.is_empty();
        is_alias
            && wanted.peek().is_some()
            && wanted.all(|want| {
                let key = (want.name.clone(), want.kind);
                let led = self.views.iter().filter_map(|view| view.led.get(&key));
                let led: Vec<&BTreeSet<Vec<u8>>> = led.collect();
                led.iter().all(|data| **data == want.data) && led.is_empty() == want.data.is_empty()
            })
    }

    /// Whether any server of the zone says so.
    fn is_said(&self, want: &Wanted, data: &BTreeSet<Vec<u8>>) -> bool {
        let mut masters = self
            .views
            .iter()
            .filter(|view| view.role == Role::Authoritative);
        masters.any(|view| {
            let set = view.of(&want.name, want.kind).and_then(Said::set);
            set.is_some_and(|set| set.data == *data)
        })
    }

    /// HTTPS records that lead browsers elsewhere than the addresses of the name.
    fn conflicts(&mut self) {
        let names: BTreeSet<&Name> = self.wanted.iter().map(|want| &want.name).collect();
        let masters = || {
            let views = self.views.iter();
            views.filter(|view| view.role == Role::Authoritative)
        };
        let said = masters().flat_map(|view| view.said.keys());
        let said = said.filter(|(_, kind)| *kind == Type::HTTPS);
        let all: BTreeSet<&Name> = said.map(|(name, _)| name).collect();
        let hosts = all.into_iter().map(|name| (name, rdata::bound(name)));
        for (name, host) in hosts.filter(|(_, host)| names.contains(host)) {
            let mut found = masters().map(|view| {
                let https = view.of(name, Type::HTTPS).and_then(Said::set);
                https.map_or_else(Vec::new, |https| browser(name, https, &view.led_to(&host)))
            });
            for kind in found.find(|found| !found.is_empty()).unwrap_or_default() {
                self.found(kind);
            }
        }
    }

    /// TLSA records of which none is of a key that is served (RFC 7671, section 5.1).
    fn pins(&mut self, served: &BTreeMap<Name, Vec<[u8; 32]>>) {
        if served.is_empty() {
            return;
        }
        let masters = self
            .views
            .iter()
            .filter(|view| view.role == Role::Authoritative);
        let sets = masters.flat_map(|view| {
            view.said
                .iter()
                .filter(|((_, kind), _)| *kind == Type::TLSA)
                .filter_map(|((name, _), said)| {
                    let own = said.set().cloned();
                    Some((name, own.or_else(|| self.led(view, name, Type::TLSA))?))
                })
        });
        // What is wanted and told is not told again.
        let told = self.findings.iter().filter_map(|found| match &found.kind {
            Kind::TlsaMismatch(told) => Some(told.name.clone()),
            _ => None,
        });
        let mut told: BTreeSet<String> = told.collect();
        let wrong = sets.filter_map(|(name, set)| {
            let mismatch = of_other_keys(name, &set, served.get(&host(name))?)?;
            told.insert(mismatch.name.clone()).then_some(mismatch)
        });
        let wrong: Vec<TlsaMismatch> = wrong.collect();
        for mismatch in wrong {
            self.found(mismatch);
        }
    }
}

/// Whether pins are wanted of which none is there, and all that are there are of other keys.
fn is_pinned_elsewhere(want: &Wanted, set: &Set) -> bool {
    let is_pin = want.kind == Type::TLSA && !want.data.is_empty();
    is_pin && is_of_keys(set) && want.data.is_disjoint(&set.data)
}

/// Which of two versions of a zone is newer (RFC 1982).
#[expect(clippy::trivially_copy_pass_by_ref, reason = "what max_by hands over")]
fn serial_order(left: &u32, right: &u32) -> std::cmp::Ordering {
    match left.wrapping_sub(*right) {
        0 => std::cmp::Ordering::Equal,
        ahead if ahead < 1 << 31 => std::cmp::Ordering::Greater,
        _ => std::cmp::Ordering::Less,
    }
}
