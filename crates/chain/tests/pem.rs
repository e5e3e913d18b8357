//! The tolerant PEM reader and the file sniffer, by behaviour.

// Test helpers outside of test functions.
#![allow(clippy::unwrap_used, clippy::format_collect)]

#[path = "pem/bodies.rs"]
mod bodies;
#[path = "pem/boundaries.rs"]
mod boundaries;
#[path = "pem/damage.rs"]
mod damage;
#[path = "pem/encodings.rs"]
mod encodings;
#[path = "pem/openssl.rs"]
mod openssl;
#[path = "pem/properties.rs"]
mod properties;
#[path = "pem/sniffing.rs"]
mod sniffing;

use keyway_chain::pem::{NoteKind, PemBlock, Scan, scan};

/// A DER SEQUENCE of 60 bytes, as base64 on two lines.
const DER: [u8; 60] = {
    let mut der = [0x5a; 60];
    (der[0], der[1]) = (0x30, 58);
    (der[2], der[3], der[4]) = (0x02, 0x01, 0x07);
    (der[5], der[6]) = (0x04, 53);
    (der[57], der[58], der[59]) = (0xff, 0xfe, 0xfb);
    der
};
const LINE_1: &str = "MDoCAQcENVpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpa";
const LINE_2: &str = "WlpaWlpaWlpa//77";

fn well_formed(label: &str) -> String {
    format!("-----BEGIN {label}-----\n{LINE_1}\n{LINE_2}\n-----END {label}-----\n")
}

fn read(input: impl AsRef<[u8]>) -> Scan {
    scan(input.as_ref()).unwrap()
}

/// The only block of an input.
fn one(input: impl AsRef<[u8]>) -> PemBlock {
    let mut scan = read(input);
    assert_eq!(scan.blocks.len(), 1, "{scan:?}");
    scan.blocks.remove(0)
}

/// The only block, which must have been read as [`DER`].
fn read_as_der(input: impl AsRef<[u8]>) -> PemBlock {
    let block = one(input);
    assert_eq!(block.decoded, Ok(()), "{block:?}");
    assert_eq!(block.body.as_slice(), DER, "{block:?}");
    block
}

fn kinds(block: &PemBlock) -> Vec<NoteKind> {
    block.notes.iter().map(|note| note.kind.clone()).collect()
}
