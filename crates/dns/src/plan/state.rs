//! What a zone has.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use sha2::{Digest as _, Sha256};

use super::around::Around;
use super::{Change, Step};
use crate::digest;
use crate::name::Name;
use crate::rdata::{self, Type};
use crate::zone::Zone;

/// Types that a name is looked at for, where all that it owns counts: those of services, and those that an
/// alias cannot stand beside. No server has to say what else there is (RFC 8482). A plan is held against these
/// alone, so that it stands the same whether it was made from a whole zone or by asking: what DNSSEC makes by
/// itself, and the version of the zone, are none of them.
pub const LOOKED_FOR: &[Type] = &[
    Type::A,
    Type::NS,
    Type::CNAME,
    Type::PTR,
    Type::HINFO,
    Type::MX,
    Type::TXT,
    Type::RP,
    Type::AAAA,
    Type::LOC,
    Type::SRV,
    Type::NAPTR,
    Type::DNAME,
    Type::DS,
    Type::SSHFP,
    Type::TLSA,
    Type::SVCB,
    Type::HTTPS,
    Type::URI,
    Type::CAA,
];

/// The other types that an alias cannot stand beside (RFC 1034, section 3.6.2), as IANA lists them: a name is looked at
/// for these too before it becomes one, and the server is told to make it one only where it has none of them.
pub const NEVER_BESIDE_ALIAS: &[Type] = &[
    Type::of(7),  // MB
    Type::of(8),  // MG
    Type::of(9),  // MR
    Type::of(11), // WKS
    Type::of(14), // MINFO
    Type::of(18), // AFSDB
    Type::of(19), // X25
    Type::of(20), // ISDN
    Type::of(21), // RT
    Type::of(22), // NSAP
    Type::of(26), // PX
    Type::of(27), // GPOS
    Type::of(36), // KX
    Type::of(37), // CERT
    Type::of(42), // APL
    Type::of(45), // IPSECKEY
    Type::DNSKEY,
    Type::of(49), // DHCID
    Type::of(53), // SMIMEA
    Type::of(55), // HIP
    Type::CDS,
    Type::CDNSKEY,
    Type::of(61),  // OPENPGPKEY
    Type::of(62),  // CSYNC
    Type::of(63),  // ZONEMD
    Type::of(99),  // SPF
    Type::of(104), // NID
    Type::of(105), // L32
    Type::of(106), // L64
    Type::of(107), // LP
    Type::of(108), // EUI48
    Type::of(109), // EUI64
    Type::of(258), // AVC
    Type::of(260), // AMTRELAY
];

/// How long it is remembered that there is nothing where nobody says, seconds: the longest that RFC 2308, section
/// 5, finds to work well.
pub(crate) const NEGATIVE_TTL: u32 = 10_800;

/// Most aliases that are followed from one name to another, as resolvers do.
pub(crate) const MAX_ALIASES: usize = 8;

/// Records of one name and type (an RRset).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Set {
    /// Their TTL, seconds.
    pub ttl: u32,
    /// Their data, in the form of the wire, at least one.
    pub data: BTreeSet<Vec<u8>>,
}

impl Set {
    /// Of an SOA record: how long it is remembered that there is nothing, seconds (RFC 2308, section 5). In a signed zone
    /// resolvers go by NSEC records, too (RFC 8198), whose TTL is the last field whatever that of the record itself, where
    /// its signer is older than RFC 9077.
    pub(crate) fn negative_ttl(&self, is_signed: bool) -> Option<u32> {
        let end = u32::from_be_bytes(*self.data.first()?.last_chunk::<4>()?);
        Some(if is_signed { end } else { end.min(self.ttl) })
    }

    /// Of CNAME records: where they lead.
    pub fn targets(&self) -> impl Iterator<Item = Name> {
        self.data.iter().map(|data| Name::of_wire(data))
    }

    /// Its data as zone files write it; the type is its own.
    pub fn texts(&self, kind: Type) -> Vec<String> {
        let texts = self.data.iter().map(|data| rdata::show(kind, data));
        texts.collect()
    }
}

/// The sets of a zone, or those of it that are known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    pub(super) sets: BTreeMap<(Name, Type), Set>,
    /// How many records the whole zone has, where somebody counted them.
    counted: Option<usize>,
    /// What else is known of names.
    pub(super) around: Around,
}

impl State {
    /// What a zone file holds. Of a set with several TTLs the lowest counts.
    pub fn of_zone(zone: &Zone) -> Self {
        Self::read(zone, None)
    }

    /// The part of it that a plan for these names looks at: they themselves, what is above them, the wildcards
    /// there, where they lead as aliases within the zone, and the aliases that lead to what they would hide. A zone may be
    /// large, and what a service needs of it is not.
    pub fn of_zone_at<'n>(zone: &Zone, names: impl IntoIterator<Item = &'n Name>) -> Self {
        let top = Name::of_origin(zone);
        let names: BTreeSet<&Name> = names.into_iter().collect();
        let mut near = BTreeSet::from([top.clone()]);
        near.extend(names.iter().flat_map(|name| near_of(name, &top)));
        let mut state = Self::read(zone, Some(&near));
        let new = names.iter().filter_map(|name| state.top_of_new(name, &top));
        let losing = aliases_to(zone, &new.collect());
        if !losing.is_empty() {
            near.extend(losing.iter().flat_map(|name| near_of(name, &top)));
            state = Self::read(zone, Some(&near));
        }
        for _ in 0..MAX_ALIASES {
            let further = state.aliased(&top);
            if further.is_empty() {
                break;
            }
            for name in &further {
                near.extend(near_of(name, &top));
            }
            state = Self::read(zone, Some(&near));
        }
        state
    }

    /// Names in the zone that known ones are aliases of, and that were not looked at.
    fn aliased(&self, top: &Name) -> BTreeSet<Name> {
        let aliases = self
            .sets
            .iter()
            .filter(|((_, kind), _)| *kind == Type::CNAME);
        let data = aliases.flat_map(|(_, set)| &set.data);
        let targets = data.map(|data| Name::of_wire(data));
        let targets =
            targets.filter(|target| target.is_within(top) && !self.around.is_known(target));
        targets.collect()
    }

    fn read(zone: &Zone, near: Option<&BTreeSet<Name>>) -> Self {
        let mut state = Self::default();
        // Records of a name stand together more often than not.
        let mut last: Option<(&[u8], Option<Name>)> = None;
        for record in zone.records() {
            let is_same = last
                .as_ref()
                .is_some_and(|(owner, _)| *owner == record.owner);
            if !is_same {
                let name = Name::of_wire(record.owner);
                state.around.owns(&name, near);
                let is_meant = near.is_none_or(|near| near.contains(&name));
                last = Some((record.owner, is_meant.then_some(name)));
            }
            if let Some((_, Some(name))) = &last {
                state.add(name.clone(), record.kind, record.ttl, record.data);
            } else if let Some(near) = near {
                state.around.names(record, near);
                state.around.below(&record, near);
            }
        }
        state.around.led_to_pins(zone);
        state.counted = Some(zone.len());
        state.around.looked_at(near);
        state
    }

    /// Takes in one record.
    pub fn add(&mut self, name: Name, kind: Type, ttl: u32, data: &[u8]) {
        self.around.named(&name, kind, data);
        let set = self.sets.entry((name, kind)).or_insert_with(|| Set {
            ttl,
            data: BTreeSet::new(),
        });
        set.ttl = set.ttl.min(ttl);
        // Names are the same whatever their letters, and servers answer with their own.
        set.data.insert(rdata::lower(kind, data).into_owned());
    }

    /// A set.
    pub fn set(&self, name: &Name, kind: Type) -> Option<&Set> {
        self.sets.get(&(name.clone(), kind))
    }

    /// The types that a name has records of.
    pub fn kinds(&self, name: &Name) -> impl Iterator<Item = Type> {
        self.at(name).map(|(kind, _)| kind)
    }

    /// The sets of a name.
    pub(super) fn at(&self, name: &Name) -> impl Iterator<Item = (Type, &Set)> {
        let from = (name.clone(), Type::of(0));
        let sets = self.sets.range(from..=(name.clone(), Type::of(u16::MAX)));
        sets.map(|((_, kind), set)| (*kind, set))
    }

    /// What it has of these names, of the types that are looked for.
    #[must_use]
    pub fn of_names<'n>(&self, names: impl IntoIterator<Item = &'n Name>) -> Self {
        let mut state = self.at_names(names);
        state.sets.retain(|(_, kind), _| LOOKED_FOR.contains(kind));
        state
    }

    /// Says that it is all that the zone has.
    #[must_use]
    pub fn whole(mut self) -> Self {
        self.counted = Some(self.records());
        self.settle();
        self.around.looked_at(None);
        self
    }

    /// How many records the zone has, where somebody has seen all of them.
    pub fn counted(&self) -> Option<usize> {
        self.counted
    }

    /// How long it is remembered that a name of the zone has nothing, seconds (RFC 2308, section 3).
    pub fn negative_ttl(&self, zone: &Name) -> u32 {
        let start = self.set(zone, Type::SOA);
        let is_signed = self.set(zone, Type::DNSKEY).is_some();
        let known = start.and_then(|start| start.negative_ttl(is_signed));
        known.unwrap_or(NEGATIVE_TTL)
    }

    /// The highest name at or above this one, below the name of the zone, from which other servers take over (NS,
    /// RFC 1034, section 4.2.1) or above which another name stands for all below (DNAME, RFC 6672, section 2.3).
    pub fn cut(&self, name: &Name, zone: &Name) -> Option<Name> {
        let mut found = None;
        let mut here = Some(name.clone());
        while let Some(at) = here.filter(|at| at.is_within(zone)) {
            let is_cut = at != *zone && self.set(&at, Type::NS).is_some();
            let is_moved = at != *name && self.set(&at, Type::DNAME).is_some();
            here = at.parent();
            if is_cut || is_moved {
                found = Some(at);
            }
        }
        found
    }

    /// The sets, in the order of their names and types.
    pub fn sets(&self) -> impl Iterator<Item = (&Name, Type, &Set)> {
        self.sets
            .iter()
            .map(|((name, kind), set)| (name, *kind, set))
    }

    /// Number of records.
    pub fn records(&self) -> usize {
        self.sets.values().map(|set| set.data.len()).sum()
    }

    /// What it is after a step.
    pub fn apply(&mut self, step: &Step) {
        for Change {
            name, kind, after, ..
        } in &step.changes
        {
            let key = (name.clone(), *kind);
            match after {
                Some(set) => self.sets.insert(key, set.clone()),
                None => self.sets.remove(&key),
            };
        }
    }

    /// A checksum of all of it.
    pub fn checksum(&self) -> Checksum {
        let mut lines = Vec::new();
        for (name, kind, set) in self.sets() {
            for data in &set.data {
                let data = rdata::show(kind, data);
                lines.push(format!("{name} {} {kind} {data}", set.ttl));
            }
        }
        Checksum::of(&lines)
    }
}

/// The aliases that lead to some names or below them.
fn aliases_to(zone: &Zone, tops: &BTreeSet<Name>) -> BTreeSet<Name> {
    let aliases = zone
        .records()
        .filter(|record| record.kind == Type::CNAME && !tops.is_empty());
    let aliases = aliases.filter(|alias| Name::of_wire(alias.data).is_at_or_below(tops));
    aliases.map(|alias| Name::of_wire(alias.owner)).collect()
}

/// Names that a plan for one looks at: it, what is above it, and the wildcards there.
fn near_of(name: &Name, top: &Name) -> Vec<Name> {
    let mut near = wildcards(name, top);
    let mut here = Some(name.clone());
    while let Some(at) = here.filter(|at| at.is_within(top)) {
        here = at.parent();
        near.push(at);
    }
    near
}

/// The wildcards that may answer for a name, the nearest first (RFC 4592, section 2.1.1).
pub fn wildcards(name: &Name, zone: &Name) -> Vec<Name> {
    let mut found = Vec::new();
    let mut here = name.parent();
    while let Some(above) = here.filter(|above| above.is_within(zone)) {
        found.extend(above.child("*"));
        here = above.parent();
    }
    found
}

/// SHA-256 of lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Checksum([u8; 32]);

impl Checksum {
    pub(super) fn of(lines: &[String]) -> Self {
        let mut digest = Sha256::new();
        for line in lines {
            digest.update(line.as_bytes());
            digest.update(b"\n");
        }
        Self(digest.finalize().into())
    }

    /// Reads its 64 hexadecimal digits.
    pub fn read(text: &str) -> Option<Self> {
        digest::read(text).map(Self)
    }
}

impl fmt::Display for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&digest::show(&self.0))
    }
}
