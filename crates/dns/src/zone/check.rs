//! What is wrong with a zone as a whole, and with its file.

use std::collections::BTreeMap;

use keyway_report::{Finding as Found, Locus};

use super::held::Names;
use super::{Read, Record, Zone, dnssec, looks};
use crate::caa;
use crate::name::{self, Name};
use crate::rdata::{self, Type};
use crate::rules::Kind;
use crate::rules::below_dname::BelowDname;
use crate::rules::child_key_unknown::ChildKeyUnknown;
use crate::rules::cname_and_others::CnameAndOthers;
use crate::rules::ds_without_delegation::DsWithoutDelegation;
use crate::rules::glue_missing::GlueMissing;
use crate::rules::hash_owner::HashOwner;
use crate::rules::name_beyond_ascii::NameBeyondAscii;
use crate::rules::no_servers::NoServers;
use crate::rules::outside_zone::OutsideZone;
use crate::rules::repeated_record::RepeatedRecord;
use crate::rules::server_without_address::ServerWithoutAddress;
use crate::rules::several_of_one::SeveralOfOne;
use crate::rules::ttls_differ::TtlsDiffer;
use crate::rules::wildcard_server::WildcardServer;
use crate::rules::zone_start::ZoneStart;
use crate::rules::zone_syntax::ZoneSyntax;

/// A finding about a zone.
pub type Finding = Found<Kind>;

/// Most findings of one rule that are listed: a file of the wrong zone would have one a line.
pub const MAX_FINDINGS: usize = 1_000;

/// What is wrong with a zone.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// In the order of the file's lines, at most [`MAX_FINDINGS`] of each rule.
    pub findings: Vec<Finding>,
    /// Number of findings that are not listed.
    pub more: usize,
}

/// Says what is wrong with a zone. `input` is what the file is called.
pub fn check(read: &Read, input: &str) -> Checked {
    let mut check = Check {
        zone: &read.zone,
        input,
        findings: Vec::new(),
        counts: BTreeMap::new(),
        names: Names::of(&read.zone),
        keys: dnssec::Keys::default(),
    };
    let keys = check.at_top(Type::DNSKEY).map(|record| record.data);
    check.keys = dnssec::Keys::of(keys, read.zone.origin());
    if read.has_mark {
        let fault = "a byte order mark stands in front, which servers take for a part of the name"
            .to_owned();
        check.found(Some(1), ZoneSyntax { fault });
    }
    for fault in &read.faults {
        let fault_text = fault.kind.to_string();
        check.found(Some(fault.line), ZoneSyntax { fault: fault_text });
    }
    check.start();
    check.sets();
    for record in read.zone.records() {
        check.record(&record);
    }
    let found: usize = check.counts.values().sum();
    let mut findings = check.findings;
    findings.sort_by_key(|finding| (finding.at.line, finding.code()));
    let more = found - findings.len() + read.more_faults;
    Checked { findings, more }
}

pub(super) struct Check<'r> {
    pub(super) zone: &'r Zone,
    input: &'r str,
    findings: Vec<Finding>,
    counts: BTreeMap<&'static str, usize>,
    pub(super) names: Names<'r>,
    keys: dnssec::Keys<'r>,
}

impl<'r> Check<'r> {
    pub(super) fn found(&mut self, line: Option<u32>, kind: impl Into<Kind>) {
        let finding = Found {
            kind: kind.into(),
            at: Locus {
                input: Some(self.input.to_owned()),
                line,
                ..Locus::default()
            },
        };
        let count = self.counts.entry(finding.code()).or_default();
        *count += 1;
        if *count <= MAX_FINDINGS {
            self.findings.push(finding);
        }
    }

    /// The records of a type at the zone's name.
    fn at_top(&self, kind: Type) -> impl Iterator<Item = Record<'r>> + use<'r> {
        let (zone, top) = (self.zone, self.zone.number(self.zone.origin()));
        let records = zone.records();
        records.filter(move |record| record.kind == kind && Some(record.owner_number) == top)
    }

    /// SOA and NS at the zone's name, and no SOA elsewhere.
    fn start(&mut self) {
        let zone = name::show(self.zone.origin());
        let top = self.zone.number(self.zone.origin());
        let at_top = |record: &Record<'_>| Some(record.owner_number) == top;
        let starts = self
            .zone
            .records()
            .filter(|record| record.kind == Type::SOA);
        let (here, elsewhere): (Vec<_>, Vec<_>) = starts.partition(at_top);
        // The same one twice is one for BIND, and NSD refuses the zone; RFC 1035, section 5.2 has exactly one. What a transfer
        // prints ends with the one that it begins with (RFC 5936, section 2.2).
        if here.len() != 1 && !self.is_transfer(&here) {
            let line = here.get(1).map(|record| record.line);
            let (at_zone, elsewhere) = (here.len(), None);
            self.found(
                line,
                ZoneStart {
                    zone: zone.clone(),
                    at_zone,
                    elsewhere,
                },
            );
        }
        for record in elsewhere {
            // Outside of the zone it is left out, and that is said.
            if !self.names.by(record.owner_number).is_outside {
                let (at_zone, elsewhere) = (here.len(), Some(record.owner_text()));
                self.found(
                    Some(record.line),
                    ZoneStart {
                        zone: zone.clone(),
                        at_zone,
                        elsewhere,
                    },
                );
            }
        }
        if self.at_top(Type::NS).next().is_none() {
            self.found(None, NoServers { zone });
        }
    }

    /// Whether the second of two SOA records is the first one again, behind all else.
    fn is_transfer(&self, starts: &[Record<'_>]) -> bool {
        let [first, second] = starts else {
            return false;
        };
        let is_same = (first.ttl, first.data) == (second.ttl, second.data);
        is_same && self.zone.records().all(|record| record.line <= second.line)
    }

    /// Names and types that have several records.
    fn sets(&mut self) {
        let zone = self.zone;
        let mut order: Vec<Record<'r>> = zone.records().collect();
        order.sort_by_key(|record| (record.owner_number, record.kind, record.line));
        for owner in order.chunk_by(|one, other| one.owner_number == other.owner_number) {
            if self.names.by(owner[0].owner_number).is_outside {
                let (line, name) = (owner[0].line, owner[0].owner_text());
                let zone = name::show(zone.origin());
                self.found(Some(line), OutsideZone { name, zone });
                continue;
            }
            if looks::is_beyond_ascii(owner[0].owner) {
                let name = owner[0].owner_text();
                self.found(Some(owner[0].line), NameBeyondAscii { name });
            } else {
                self.named_as_hosts(owner);
            }
            self.below(owner);
            if self.names.by(owner[0].owner_number).alias {
                self.alias(owner);
            }
            for set in owner.chunk_by(|one, other| one.kind == other.kind) {
                if set.len() > 1 {
                    self.set(set);
                }
            }
        }
    }

    /// What a DNAME hides. Hashed names stand below the zone's name whatever that has.
    fn below(&mut self, owner: &[Record<'_>]) {
        let mut kinds = owner.iter().map(|record| record.kind);
        if kinds.all(|kind| matches!(kind, Type::NSEC3 | Type::RRSIG)) {
            return;
        }
        if let Some(above) = self.names.redirect(&lower(owner[0].owner)).map(name::show) {
            let name = owner[0].owner_text();
            self.found(Some(owner[0].line), BelowDname { name, above });
        }
    }

    fn alias(&mut self, owner: &[Record<'_>]) {
        let others = owner
            .iter()
            .filter(|record| !record.kind.stands_beside_alias());
        let mut lines = others.clone().map(|record| record.line);
        let mut kinds: Vec<String> = others.map(|record| record.kind.to_string()).collect();
        kinds.dedup();
        if let Some(line) = lines.next() {
            let name = owner[0].owner_text();
            self.found(
                Some(line),
                CnameAndOthers {
                    name,
                    others: kinds,
                },
            );
        }
    }

    fn set(&mut self, set: &[Record<'_>]) {
        let (name, kind) = (set[0].owner_text(), set[0].kind.to_string());
        let mut by_data: Vec<_> = set
            .iter()
            .map(|record| (rdata::lower(record.kind, record.data), record.line))
            .collect();
        by_data.sort_unstable();
        let repeated = by_data.windows(2).find(|two| two[0].0 == two[1].0);
        if let Some(line) = repeated.map(|two| two[1].1) {
            let (name, kind) = (name.clone(), kind.clone());
            self.found(Some(line), RepeatedRecord { name, kind });
        }
        by_data.dedup_by(|one, other| one.0 == other.0);
        let is_alone = matches!(set[0].kind, Type::CNAME | Type::DNAME);
        if is_alone && by_data.len() > 1 {
            let (name, kind, count) = (name.clone(), kind.clone(), by_data.len());
            self.found(Some(set[1].line), SeveralOfOne { name, kind, count });
        }
        let ttls = set.iter().map(|record| record.ttl);
        let (lowest, highest) = (ttls.clone().min().unwrap_or(0), ttls.max().unwrap_or(0));
        // Signatures of different sets are one set by name and type only.
        if lowest != highest && set[0].kind != Type::RRSIG {
            let line = Some(set[1].line);
            self.found(
                line,
                TtlsDiffer {
                    name,
                    kind,
                    lowest,
                    highest,
                },
            );
        }
    }

    fn record(&mut self, record: &Record<'_>) {
        let held = self.names.by(record.owner_number);
        if held.is_outside {
            return;
        }
        let is_top = self.zone.number(self.zone.origin()) == Some(record.owner_number);
        let (line, name) = (Some(record.line), || record.owner_text());
        let kind = || record.kind.to_string();
        self.named(record);
        match record.kind {
            Type::NS => self.server(record),
            Type::MX | Type::SRV => self.host(record),
            Type::CNAME => self.leads(record),
            Type::CAA => {
                let owner = Name::of_wire(record.owner);
                if let Some(told) = caa::told(&owner, record.data) {
                    self.found(line, told);
                }
            }
            Type::DS if !held.servers || is_top => self.found(
                line,
                DsWithoutDelegation {
                    name: name(),
                    is_top,
                },
            ),
            Type::NSEC3 if !is_hash(record.owner) => self.found(line, HashOwner { name: name() }),
            Type::CDS | Type::CDNSKEY if !self.keys.is_for_one(record) => {
                let data = record.data_text();
                self.found(line, ChildKeyUnknown { kind: kind(), data });
            }
            _ => {}
        }
        if matches!(record.kind, Type::NS | Type::DNAME) && record.owner.starts_with(b"\x01*") {
            self.found(
                line,
                WildcardServer {
                    name: name(),
                    kind: kind(),
                },
            );
        }
    }

    /// Where the servers of this zone are, and of those below it.
    fn server(&mut self, record: &Record<'_>) {
        let (owner, target) = (lower(record.owner), rdata::host(record.kind, record.data));
        let Some(target) = target.map(lower) else {
            return;
        };
        let is_top = owner == self.zone.origin();
        // What lies below a name that is delegated is not in this zone.
        if !is_top
            && self
                .names
                .cut(&owner)
                .is_some_and(|cut| cut.len() < owner.len())
        {
            return;
        }
        let Some(held) = self.names.held(&target).filter(|held| !held.address) else {
            return;
        };
        let (line, name, server) = (Some(record.line), record.owner_text(), name::show(&target));
        match self.names.cut(&target) {
            None => {
                let is_alias = held.alias;
                self.found(
                    line,
                    ServerWithoutAddress {
                        name,
                        server,
                        is_alias,
                    },
                );
            }
            Some(cut) if cut == owner => self.found(line, GlueMissing { name, server }),
            // Another zone has to know.
            Some(_) => {}
        }
    }
}

pub(super) fn lower(name: &[u8]) -> Vec<u8> {
    let mut lower = Vec::with_capacity(name.len());
    name::push_lower(name, &mut lower);
    lower
}

/// Whether a name's first label is a hash in base32 without padding.
fn is_hash(owner: &[u8]) -> bool {
    let mut labels = name::labels(owner);
    let is_digit = |byte: &u8| matches!(byte.to_ascii_lowercase(), b'0'..=b'9' | b'a'..=b'v');
    labels
        .next()
        .is_some_and(|label| label.iter().all(is_digit))
}
