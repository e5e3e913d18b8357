//! Zone files: read, checked and written.
//!
//! Reading never fails on what a file says, only on limits: what is no record is named with its line, and
//! reading goes on behind it.

mod answer;
mod check;
mod dnssec;
mod fault;
mod generate;
mod held;
mod hosts;
mod looks;
mod origin;
mod read;
mod words;
mod write;

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;

use crate::name;
use crate::rdata::{self, Type};

pub use answer::ZoneAnswer;
pub use check::{Checked, Finding, MAX_FINDINGS, check};
pub use fault::{
    Fault, FaultKind, MAX_BYTES, MAX_FAULTS, MAX_GENERATED, MAX_GENERATED_BYTES, MAX_INCLUDED,
    ReadError,
};
pub use origin::origin;
pub use read::{Include, Read, ReadOptions, read};
pub(crate) use words::Word;
pub use words::WordFault;

/// Records of one zone, in the order of its file. Names and data are held once, in the form of the wire.
#[derive(Debug, Clone)]
pub struct Zone {
    origin: Vec<u8>,
    names: Vec<Box<[u8]>>,
    index: HashMap<Box<[u8]>, u32>,
    records: Vec<Held>,
    data: Vec<u8>,
}

#[derive(Debug, Clone, Copy)]
struct Held {
    owner: u32,
    kind: Type,
    ttl: u32,
    line: u32,
    start: usize,
    length: u16,
}

/// One record.
#[derive(Debug, Clone, Copy)]
pub struct Record<'z> {
    /// The owner's name in the form of the wire, as it was first written.
    pub owner: &'z [u8],
    /// A number for the owner: equal names have equal ones, whatever their letters.
    pub owner_number: u32,
    /// Its type.
    pub kind: Type,
    /// How long it may be remembered, seconds.
    pub ttl: u32,
    /// Its data in the form of the wire.
    pub data: &'z [u8],
    /// Line of the file at which it starts, from 1.
    pub line: u32,
}

impl Record<'_> {
    /// The owner as text, with a dot at its end.
    pub fn owner_text(&self) -> String {
        name::show(self.owner)
    }

    /// The data as text (RFC 3597 where the type has no words for it).
    pub fn data_text(&self) -> String {
        rdata::show(self.kind, self.data)
    }
}

impl Zone {
    /// An empty zone of that name in the form of the wire.
    pub(crate) fn empty(origin: &[u8]) -> Self {
        let mut lower = Vec::with_capacity(origin.len());
        name::push_lower(origin, &mut lower);
        Self {
            origin: lower,
            names: Vec::new(),
            index: HashMap::new(),
            records: Vec::new(),
            data: Vec::new(),
        }
    }

    /// The zone's name in the form of the wire, in lower case.
    pub fn origin(&self) -> &[u8] {
        &self.origin
    }

    /// The same as text, with a dot at its end.
    pub fn origin_text(&self) -> String {
        name::show(&self.origin)
    }

    /// Number of records.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Number of names that own records.
    pub fn owners(&self) -> usize {
        // A name may have been taken in for a record that was none.
        let mut owns = vec![false; self.names.len()];
        for held in &self.records {
            owns[held.owner as usize] = true;
        }
        owns.into_iter().filter(|owns| *owns).count()
    }

    /// The records, in the order of the file.
    pub fn records(&self) -> impl ExactSizeIterator<Item = Record<'_>> {
        self.records.iter().map(|held| self.record(held))
    }

    fn record(&self, held: &Held) -> Record<'_> {
        Record {
            owner: &self.names[held.owner as usize],
            owner_number: held.owner,
            kind: held.kind,
            ttl: held.ttl,
            data: &self.data[held.start..held.start + usize::from(held.length)],
            line: held.line,
        }
    }

    /// The number of a name that owns records; the name in lower case.
    pub(crate) fn number(&self, lower: &[u8]) -> Option<u32> {
        self.index.get(lower).copied()
    }

    /// The number of an owner, which is taken in if it is new.
    fn owner(&mut self, name: &[u8], lower: &mut Vec<u8>) -> u32 {
        lower.clear();
        name::push_lower(name, lower);
        if let Some(number) = self.index.get(lower.as_slice()) {
            return *number;
        }
        let number = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        match self.index.entry(lower.as_slice().into()) {
            Slot::Occupied(slot) => *slot.get(),
            Slot::Vacant(slot) => {
                slot.insert(number);
                self.names.push(name.into());
                number
            }
        }
    }
}
