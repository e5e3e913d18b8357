//! What a zone has.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use sha2::{Digest as _, Sha256};

use super::{Change, Step};
use crate::digest;
use crate::name::Name;
use crate::rdata::{self, Type};
use crate::zone::Zone;

/// Records of one name and type (an RRset).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Set {
    /// Their TTL, seconds.
    pub ttl: u32,
    /// Their data, in the form of the wire, at least one.
    pub data: BTreeSet<Vec<u8>>,
}

impl Set {
    /// Its data as zone files write it; the type is its own.
    pub fn texts(&self, kind: Type) -> Vec<String> {
        let texts = self.data.iter().map(|data| rdata::show(kind, data));
        texts.collect()
    }
}

/// The sets of a zone, or those of it that are known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    sets: BTreeMap<(Name, Type), Set>,
}

impl State {
    /// What a zone file holds. Of a set with several TTLs the lowest counts.
    pub fn of_zone(zone: &Zone) -> Self {
        let mut state = Self::default();
        for record in zone.records() {
            state.add(
                Name::of_wire(record.owner),
                record.kind,
                record.ttl,
                record.data,
            );
        }
        state
    }

    /// Takes in one record.
    pub fn add(&mut self, name: Name, kind: Type, ttl: u32, data: &[u8]) {
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
        let from = (name.clone(), Type::of(0));
        let sets = self.sets.range(from..=(name.clone(), Type::of(u16::MAX)));
        sets.map(|((_, kind), _)| *kind)
    }

    /// What it has of these names.
    #[must_use]
    pub fn of_names<'n>(&self, names: impl IntoIterator<Item = &'n Name>) -> Self {
        let mut sets = BTreeMap::new();
        for name in names {
            for kind in self.kinds(name) {
                if let Some(set) = self.set(name, kind) {
                    sets.insert((name.clone(), kind), set.clone());
                }
            }
        }
        Self { sets }
    }

    /// The same without what wildcards only seem to give: a server answers for a name that does not exist with
    /// the sets of the wildcard beside it (RFC 4592), and whoever looks from outside sees no difference. A name
    /// whose sets are those of its wildcard, all of them and no other, counts as one that does not exist.
    #[must_use]
    pub fn without_synthesis(&self, zone: &Name) -> Self {
        let names: BTreeSet<&Name> = self.sets.keys().map(|(name, _)| name).collect();
        let of = |name: &Name| -> Vec<(Type, &Set)> {
            let kinds = self.kinds(name);
            kinds
                .filter_map(|kind| Some((kind, self.set(name, kind)?)))
                .collect()
        };
        let is_given = |name: &Name| {
            let mut wildcards = wildcards(name, zone).into_iter();
            let wildcard = wildcards.find(|wildcard| self.kinds(wildcard).next().is_some());
            wildcard.is_some_and(|wildcard| wildcard != *name && of(&wildcard) == of(name))
        };
        let own = names.into_iter().filter(|name| !is_given(name));
        self.of_names(own)
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
