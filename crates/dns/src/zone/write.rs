//! A zone as text: one record a line, sorted, every name whole, every TTL said.

use std::cmp::Ordering;
use std::fmt;

use super::{Record, Zone};
use crate::name;
use crate::rdata::Type;

impl Zone {
    /// The records in the order that DNSSEC gives names (RFC 4034, section 6.1), the start of the zone
    /// first; of one name by type, then by data.
    pub fn sorted(&self) -> Vec<Record<'_>> {
        let mut ranks: Vec<u32> =
            (0..u32::try_from(self.names.len()).unwrap_or(u32::MAX)).collect();
        let keys: Vec<Vec<u8>> = self.names.iter().map(|name| key(name)).collect();
        ranks.sort_by(|one, other| keys[*one as usize].cmp(&keys[*other as usize]));
        let mut place = vec![0_u32; ranks.len()];
        for (rank, number) in (0..).zip(ranks) {
            place[number as usize] = rank;
        }
        let mut records: Vec<(usize, Record<'_>)> = self.records().enumerate().collect();
        records.sort_by(|(_, one), (_, other)| {
            let owners = place[one.owner_number as usize].cmp(&place[other.owner_number as usize]);
            owners.then_with(|| within(one, other))
        });
        // Servers take the TTL of a set's first record for all of it (RFC 2181, section 5.2).
        let is_of_one = |(_, one): &(usize, Record<'_>), (_, other): &(usize, Record<'_>)| {
            (one.owner_number, one.kind) == (other.owner_number, other.kind)
        };
        for set in records.chunk_by_mut(is_of_one) {
            let (ttl, kind) = (set[0].1.ttl, set[0].1.kind);
            // Signatures of different sets are one set by name and type only.
            if kind != Type::RRSIG && set.iter().any(|(_, record)| record.ttl != ttl) {
                first_to_front(set);
            }
        }
        records.into_iter().map(|(_, record)| record).collect()
    }
}

/// Puts the record of a set that came first, and those with the same data, in front of the others.
fn first_to_front(set: &mut [(usize, Record<'_>)]) {
    let places = set.iter().enumerate();
    let Some((first, (_, record))) = places.min_by_key(|(_, (place, _))| *place) else {
        return;
    };
    let same = set[first..]
        .iter()
        .take_while(|(_, other)| other.data == record.data);
    let same = same.count();
    set[..first + same].rotate_right(same);
}

/// SOA first, then by number, then by data.
fn within(one: &Record<'_>, other: &Record<'_>) -> Ordering {
    let rank = |record: &Record<'_>| (record.kind != Type::SOA, record.kind);
    rank(one)
        .cmp(&rank(other))
        .then_with(|| one.data.cmp(other.data))
}

/// A name's labels from the last to the first, in lower case, so that comparing bytes compares names.
/// A zero ends each, and what would be one is told apart.
fn key(name: &[u8]) -> Vec<u8> {
    let labels: Vec<&[u8]> = name::labels(name).collect();
    let mut out = Vec::with_capacity(name.len() * 2);
    for label in labels.iter().rev() {
        for byte in *label {
            match byte.to_ascii_lowercase() {
                byte @ (0 | 1) => out.extend([1, byte + 1]),
                byte => out.push(byte),
            }
        }
        out.push(0);
    }
    out
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut last = None;
        for record in self.sorted() {
            let is_again = last.is_some_and(|last: Record<'_>| {
                last.owner_number == record.owner_number
                    && last.kind == record.kind
                    && last.data == record.data
            });
            if !is_again {
                let (owner, data) = (record.owner_text(), record.data_text());
                writeln!(f, "{owner}\t{}\tIN\t{}\t{data}", record.ttl, record.kind)?;
            }
            last = Some(record);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sets_first_record_stays_first_where_its_ttl_is_another() {
        let text = "x 300 A 192.0.2.9\nx 5 A 192.0.2.1\nx 5 A 192.0.2.9\ny 5 A 192.0.2.9\ny 5 A 192.0.2.1\n";
        let options = crate::zone::ReadOptions::default();
        let read = |text: &str| {
            crate::zone::read(text.as_bytes(), "e", &options)
                .unwrap()
                .zone
        };
        let written = read(text).to_string();
        // BIND takes the first TTL for all of a set.
        let lines: Vec<String> = written
            .lines()
            .map(|line| line.replace('\t', " "))
            .collect();
        let wanted = [
            "x.e. 300 IN A 192.0.2.9",
            "x.e. 5 IN A 192.0.2.1",
            "y.e. 5 IN A 192.0.2.1",
            "y.e. 5 IN A 192.0.2.9",
        ];
        assert_eq!(lines, wanted);
        assert_eq!(read(&written).to_string(), written);
    }

    #[test]
    fn names_come_in_the_order_of_dnssec() {
        // RFC 4034, section 6.1, the example.
        let names: [&[u8]; 9] = [
            b"\x07example\x00",
            b"\x01a\x07example\x00",
            b"\x08yljkjljk\x01a\x07example\x00",
            b"\x01Z\x01a\x07example\x00",
            b"\x04zABC\x01a\x07EXAMPLE\x00",
            b"\x01z\x07example\x00",
            b"\x01\x01\x01z\x07example\x00",
            b"\x01*\x01z\x07example\x00",
            b"\x01\xc8\x01z\x07example\x00",
        ];
        assert!(names.is_sorted_by_key(|name| key(name)));
    }
}
