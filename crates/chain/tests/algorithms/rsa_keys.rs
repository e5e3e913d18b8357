//! RSA: sizes, exponents and salts.

use crate::table::{Case, rsa_case};
use der::{Encode, asn1::UintRef};
use rustls_pki_types::alg_id;
use sha2::{Digest, Sha256};

fn both(key: &str) -> [Case; 2] {
    [
        rsa_case(key, "pkcs1-sha256", alg_id::RSA_PKCS1_SHA256),
        rsa_case(key, "pss-sha256", alg_id::RSA_PSS_SHA256),
    ]
}

#[test]
fn moduli_of_2048_to_8192_bits_verify() {
    for key in ["rsa2048", "rsa2049", "rsa4096", "rsa8192"] {
        for case in both(key) {
            case.expect(true, "in range");
        }
    }
}

#[test]
fn moduli_below_2048_or_above_8192_bits_are_refused() {
    for key in ["rsa1024", "rsa2047", "rsa8200"] {
        for case in both(key) {
            case.expect(false, "out of range");
        }
    }
}

#[test]
fn exponents_of_up_to_33_bits_verify() {
    rsa_case("rsa2048e3", "pkcs1-sha256", alg_id::RSA_PKCS1_SHA256).expect(true, "exponent 3");
    rsa_case("rsa2048e34bit", "pkcs1-sha256", alg_id::RSA_PKCS1_SHA256)
        .expect(false, "exponent of 34 bits");
}

#[test]
fn a_salt_of_another_length_than_the_digest_is_refused() {
    for salt in ["salt0", "salt20", "saltmax"] {
        rsa_case(
            "rsa2048",
            &format!("pss-sha256-{salt}"),
            alg_id::RSA_PSS_SHA256,
        )
        .expect(false, salt);
    }
}

/// `case` with the same modulus and another exponent.
fn with_exponent(case: &Case, exponent: &[u8]) -> Case {
    let key: pkcs1::RsaPublicKeyRef<'_> = der::Decode::from_der(&case.key).unwrap();
    let public_exponent = UintRef::new(exponent).unwrap();
    let key = pkcs1::RsaPublicKeyRef {
        modulus: key.modulus,
        public_exponent,
    };
    Case {
        key: key.to_der().unwrap(),
        ..case.clone()
    }
}

/// With exponent 1 the padded digest is its own signature: anyone can make it.
#[test]
fn exponent_one_is_refused_though_its_signature_is_right() {
    let mut case = rsa_case("rsa2048", "pkcs1-sha256", alg_id::RSA_PKCS1_SHA256);
    // DigestInfo of SHA-256, RFC 8017 section 9.2, note 1.
    let info = [
        &[
            0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
        ][..],
        &[0x01, 0x05, 0x00, 0x04, 0x20],
        &Sha256::digest(&case.message),
    ]
    .concat();
    let filler = vec![0xff; 256 - 3 - info.len()];
    case.signature = [&[0, 1][..], &filler, &[0], &info].concat();
    with_exponent(&case, &[1]).expect(false, "exponent 1");
}

#[test]
fn even_and_zero_exponents_are_refused() {
    let case = rsa_case("rsa2048", "pkcs1-sha256", alg_id::RSA_PKCS1_SHA256);
    for exponent in [&[0][..], &[2], &[1, 0, 0], &[1, 0, 2]] {
        with_exponent(&case, exponent).expect(false, "even exponent");
    }
}

#[test]
fn an_even_modulus_is_refused() {
    for mut case in both("rsa2048") {
        let key: pkcs1::RsaPublicKeyRef<'_> = der::Decode::from_der(&case.key).unwrap();
        let mut modulus = key.modulus.as_bytes().to_vec();
        modulus[255] &= 0xfe;
        let modulus = UintRef::new(&modulus).unwrap();
        let key = pkcs1::RsaPublicKeyRef {
            modulus,
            public_exponent: key.public_exponent,
        };
        case.key = key.to_der().unwrap();
        case.expect(false, "even modulus");
    }
}

/// A number that is congruent modulo n, but not below n, is no signature (RFC 8017, RSAVP1).
#[test]
fn a_signature_not_below_the_modulus_is_refused() {
    for mut case in both("rsa2048") {
        case.signature.fill(0xff);
        case.expect(false, "above the modulus");
        let key: pkcs1::RsaPublicKeyRef<'_> = der::Decode::from_der(&case.key).unwrap();
        case.signature = key.modulus.as_bytes().to_vec();
        case.expect(false, "the modulus itself");
        case.signature.fill(0);
        case.expect(false, "zero");
    }
}

#[test]
fn a_signature_with_another_digest_is_refused() {
    rsa_case("rsa2048", "pkcs1-sha384", alg_id::RSA_PKCS1_SHA256).expect(false, "SHA-384");
    rsa_case("rsa2048", "pkcs1-sha1", alg_id::RSA_PKCS1_SHA256).expect(false, "SHA-1");
    rsa_case("rsa2048", "pss-sha512", alg_id::RSA_PSS_SHA256).expect(false, "SHA-512");
    rsa_case("rsa2048", "pss-sha256", alg_id::RSA_PKCS1_SHA256).expect(false, "PSS as PKCS#1");
}
