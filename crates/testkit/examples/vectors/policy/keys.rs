//! Vectors of keys that cannot be read.

use crate::case::Case;
use keyway_testkit::{Chain, HOST, Key, KeyKind, der, oid};

const P256: &str = "1.2.840.10045.3.1.7";
const P384: &str = "1.3.132.0.34";

/// Keys that have the form of an SPKI and that no TLS library loads.
pub(crate) fn cases() -> Vec<Case> {
    let ec = Key::new(KeyKind::P256, HOST).public_bytes();
    let mut off = ec.clone();
    off[40] ^= 1;
    let point = |behaviour: &str, note: &'static str, curve: &str, bytes: &[u8]| {
        let algorithm = der::sequence(&[der::oid(oid::EC), der::oid(curve)]);
        unreadable(behaviour, note, &algorithm, bytes)
    };
    let mut modulus = [0x5a; 256];
    modulus[255] = 1;
    let rsa = |behaviour: &str, note: &'static str, modulus: &[u8], more: &[u8]| {
        let algorithm = der::sequence(&[der::oid(oid::RSA), der::null()]);
        let key = der::sequence(&[der::integer_bytes(modulus), der::integer(65537)]);
        unreadable(behaviour, note, &algorithm, &[&key, more].concat())
    };
    let mut even = modulus;
    even[255] = 2;
    let mut negative = modulus;
    negative[0] = 0xda;
    let ed25519 = der::sequence(&[der::oid("1.3.101.112")]);
    vec![
        point(
            "off-the-curve",
            "One bit of the second coordinate.",
            P256,
            &off,
        ),
        point("on-another-curve", "A P-256 point under P-384.", P384, &ec),
        point(
            "of-a-point-cut-short",
            "One octet is missing.",
            P256,
            &ec[..64],
        ),
        point("at-infinity", "The neutral element is no key.", P256, &[0]),
        point(
            "of-a-point-in-hybrid-form",
            "RFC 5480 has two forms, and this is a third.",
            P256,
            &[&[6 | (ec[64] & 1)], &ec[1..]].concat(),
        ),
        rsa(
            "with-a-negative-modulus",
            "A leading zero is missing.",
            &negative,
            &[],
        ),
        rsa(
            "with-an-even-modulus",
            "A product of odd primes is odd.",
            &even,
            &[],
        ),
        rsa("with-modulus-zero", "No key at all.", &[0], &[]),
        rsa("with-a-byte-behind-it", "One too many.", &modulus, &[0]),
        unreadable(
            "of-31-octets-for-ed25519",
            "One too few.",
            &ed25519,
            &[0x5a; 31],
        ),
    ]
}

fn unreadable(behaviour: &str, note: &'static str, algorithm: &[u8], key: &[u8]) -> Case {
    let spki = der::sequence(&[algorithm.to_vec(), der::bit_string(0, key)]);
    Case::fires("policy.unreadable-key", behaviour, note)
        .chain(&Chain::with_leaf(|leaf| leaf.spki_der(&spki)))
        .profile("private")
        .verdict("accepted", "no")
}
