//! Zone files of BIND's and NSD's tests, and records of dnspython's.

use std::collections::BTreeMap;

use serde::Deserialize;

/// A zone file, and whether it is to be loaded.
#[derive(Clone, Debug)]
pub struct Zone {
    /// `group/name`.
    pub id: String,
    /// The zone's name.
    pub origin: String,
    /// A server loads it.
    pub good: bool,
    /// The file.
    pub text: Vec<u8>,
}

/// A service binding.
#[derive(Clone, Debug)]
pub struct Record {
    /// `records/name`.
    pub id: String,
    /// Its data as a zone file writes it.
    pub text: String,
    /// Its data, in lower-case hexadecimal.
    pub hex: String,
}

#[derive(Deserialize)]
struct Written {
    id: String,
    group: String,
    origin: String,
    expected: String,
    note: String,
    file: Option<String>,
}

fn written() -> Vec<Written> {
    super::json("dns/cases.json")
}

/// The 120 zone files.
pub fn zones() -> Vec<Zone> {
    let with_file = |case: Written| {
        Some(Zone {
            text: super::bytes(&format!("dns/{}", case.file?)),
            id: case.id,
            origin: case.origin,
            good: case.expected == "good",
        })
    };
    written().into_iter().filter_map(with_file).collect()
}

/// The 4 records.
pub fn records() -> Vec<Record> {
    let records = written().into_iter().filter(|case| case.group == "records");
    records
        .map(|case| Record {
            id: case.id,
            text: case.note,
            hex: case.expected,
        })
        .collect()
}

/// What others answer: zone file, program, `good` or `bad`.
pub fn peers() -> BTreeMap<String, BTreeMap<String, String>> {
    super::json("dns/peers.json")
}
