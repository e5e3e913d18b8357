//! ECDSA and Ed25519: the edges of the numbers in keys and signatures.

use crate::table::{Case, ecdsa, ed25519};
use rustls_pki_types::alg_id;

/// The order of each curve, big-endian (FIPS 186-5 and SP 800-186, section 3.2.1).
fn order(case: &Case) -> Vec<u8> {
    let hex = match case.key_algorithm {
        alg_id::ECDSA_P256 => "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
        alg_id::ECDSA_P384 => concat!(
            "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf",
            "581a0db248b0a77aecec196accc52973"
        ),
        _ => concat!(
            "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa",
            "51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409"
        ),
    };
    let digit = |i: usize| u8::from_str_radix(&hex[i..i + 2], 16).unwrap();
    (0..hex.len()).step_by(2).map(digit).collect()
}

fn integer(value: &[u8]) -> Vec<u8> {
    let start = value.iter().position(|b| *b != 0).unwrap_or(value.len());
    let mut body = value[start..].to_vec();
    if body.first().is_none_or(|b| b & 0x80 != 0) {
        body.insert(0, 0);
    }
    [&[2, u8::try_from(body.len()).unwrap()], &body[..]].concat()
}

fn sequence(body: &[u8]) -> Vec<u8> {
    let length = u8::try_from(body.len()).unwrap();
    let header = if length < 0x80 {
        vec![0x30, length]
    } else {
        vec![0x30, 0x81, length]
    };
    [header, body.to_vec()].concat()
}

fn signature(r: &[u8], s: &[u8]) -> Vec<u8> {
    sequence(&[integer(r), integer(s)].concat())
}

/// `r` and `s` of a good signature.
fn split(der: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let body = if der[1] == 0x81 { &der[3..] } else { &der[2..] };
    let (r, rest) = body[2..].split_at(usize::from(body[1]));
    (r.to_vec(), rest[2..].to_vec())
}

/// `a - b` of big-endian numbers, `a` at least as long and as large.
fn minus(a: &[u8], b: &[u8]) -> Vec<u8> {
    let mut out = a.to_vec();
    let mut borrow = 0_i16;
    for i in 0..a.len() {
        let at = a.len() - 1 - i;
        let low = b.len().checked_sub(1 + i).map_or(0, |j| i16::from(b[j]));
        let digit = i16::from(a[at]) - low - borrow;
        borrow = i16::from(digit < 0);
        out[at] = u8::try_from(digit.rem_euclid(256)).unwrap();
    }
    out
}

/// `a + b`, one byte longer than `a`.
fn plus(a: &[u8], b: &[u8]) -> Vec<u8> {
    let mut out = vec![0; a.len() + 1];
    let mut carry = 0_u16;
    for i in 0..out.len() {
        let digit = |n: &[u8]| n.len().checked_sub(1 + i).map_or(0, |j| u16::from(n[j]));
        let sum = digit(a) + digit(b) + carry;
        carry = sum >> 8;
        let at = out.len() - 1 - i;
        out[at] = u8::try_from(sum & 0xff).unwrap();
    }
    out
}

#[test]
fn a_high_s_is_accepted_like_a_low_one() {
    for mut case in ecdsa() {
        let (r, s) = split(&case.signature);
        case.signature = signature(&r, &minus(&order(&case), &s));
        case.expect(true, "n - s");
    }
}

#[test]
fn r_or_s_outside_one_to_n_less_one_is_refused() {
    for case in ecdsa() {
        let (r, s) = split(&case.signature);
        let n = order(&case);
        for bad in [vec![0], n.clone(), plus(&n, &[1])] {
            let mut with_r = case.clone();
            with_r.signature = signature(&bad, &s);
            with_r.expect(false, "r");
            let mut with_s = case.clone();
            with_s.signature = signature(&r, &bad);
            with_s.expect(false, "s");
        }
        for (r, s) in [(plus(&n, &r), s.clone()), (r.clone(), plus(&n, &s))] {
            let mut congruent = case.clone();
            congruent.signature = signature(&r, &s);
            congruent.expect(false, "congruent modulo n, but not below n");
        }
    }
}

#[test]
fn a_negative_or_padded_integer_in_a_signature_is_refused() {
    for case in ecdsa() {
        let (r, s) = split(&case.signature);
        let padded = [&[2, u8::try_from(r.len() + 1).unwrap(), 0], &r[..]].concat();
        let body = [
            padded,
            [&[2, u8::try_from(s.len()).unwrap()], &s[..]].concat(),
        ]
        .concat();
        // Where `r` had a leading zero for its sign, the second one is superfluous too.
        let mut bad = case.clone();
        bad.signature = sequence(&body);
        if r[0] & 0x80 == 0 {
            bad.expect(false, "r with a superfluous zero");
        }
        let mut negative = minus(&order(&case), &s);
        negative[0] |= 0x80;
        let integer = [&[2, u8::try_from(negative.len()).unwrap()], &negative[..]].concat();
        bad.signature = sequence(&[self::integer(&r), integer].concat());
        bad.expect(false, "negative s");
    }
}

#[test]
fn points_may_be_compressed_but_not_hybrid_and_not_at_infinity() {
    for case in ecdsa() {
        let half = (case.key.len() - 1) / 2;
        let odd = case.key[case.key.len() - 1] & 1;
        let mut other = case.clone();
        other.key = [&[2 + odd], &case.key[1..=half]].concat();
        other.expect(true, "compressed");
        other.key[0] = 3 - odd;
        other.expect(false, "the other compressed point");
        other.key = case.key.clone();
        other.key[0] = 6 + odd;
        other.expect(false, "hybrid");
        other.key = [&[5], &case.key[1..=half]].concat();
        other.expect(false, "compact");
        other.key = vec![0];
        other.expect(false, "infinity");
    }
}

#[test]
fn a_point_off_the_curve_is_refused() {
    for mut case in ecdsa() {
        case.key[1..].fill(1);
        case.expect(false, "not on the curve");
    }
}

/// The order of the base point of edwards25519, little-endian (RFC 8032 section 5.1).
const L: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

#[test]
fn ed25519_with_s_not_below_l_is_refused() {
    let mut case = ed25519();
    let mut carry = 0_u16;
    for (byte, l) in case.signature[32..].iter_mut().zip(L) {
        let sum = u16::from(*byte) + u16::from(l) + carry;
        *byte = u8::try_from(sum & 0xff).unwrap();
        carry = sum >> 8;
    }
    case.expect(false, "S + L");
}

#[test]
fn ed25519_with_a_key_that_is_no_point_is_refused() {
    let mut case = ed25519();
    // y = 2 has no x on edwards25519.
    case.key = vec![0; 32];
    case.key[0] = 2;
    case.expect(false, "no point");
}
