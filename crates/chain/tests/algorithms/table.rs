//! The cases: for every algorithm of the set, a key, a message and a good signature.

use ed25519_dalek::Signer;
use keyway_chain::algorithms::{Algorithms, aws_lc_rs, rustcrypto};
use p256::ecdsa::signature::hazmat::PrehashSigner;
use rustls_pki_types::{AlgorithmIdentifier, alg_id};
use sha2::{Digest, Sha256, Sha384, Sha512};
use std::path::Path;

/// Both providers, by name.
pub(crate) fn providers() -> [(&'static str, Algorithms<'static>); 2] {
    [("aws-lc-rs", aws_lc_rs()), ("rustcrypto", rustcrypto())]
}

#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) key_algorithm: AlgorithmIdentifier,
    pub(crate) signature_algorithm: AlgorithmIdentifier,
    pub(crate) key: Vec<u8>,
    pub(crate) message: Vec<u8>,
    pub(crate) signature: Vec<u8>,
}

impl Case {
    /// What a provider says; panics when it has no such algorithm, or two.
    pub(crate) fn verify(&self, algorithms: Algorithms<'_>) -> bool {
        let found: Vec<_> = algorithms
            .iter()
            .filter(|a| a.public_key_alg_id() == self.key_algorithm)
            .filter(|a| a.signature_alg_id() == self.signature_algorithm)
            .collect();
        assert_eq!(found.len(), 1, "{}", self.name);
        found[0]
            .verify_signature(&self.key, &self.message, &self.signature)
            .is_ok()
    }

    /// Asserts that both providers answer `expected`.
    pub(crate) fn expect(&self, expected: bool, why: &str) {
        for (provider, algorithms) in providers() {
            assert_eq!(
                self.verify(algorithms),
                expected,
                "{provider}: {}: {why}",
                self.name
            );
        }
    }
}

const MESSAGE: &[u8] = b"Keyway signature vectors\n";

pub(crate) fn all() -> Vec<Case> {
    let mut cases = ecdsa();
    cases.push(ed25519());
    cases.extend(rsa());
    cases
}

/// Digests by the identifier of ECDSA with them.
fn digests() -> [(&'static str, AlgorithmIdentifier, Vec<u8>); 3] {
    [
        (
            "SHA-256",
            alg_id::ECDSA_SHA256,
            Sha256::digest(MESSAGE).to_vec(),
        ),
        (
            "SHA-384",
            alg_id::ECDSA_SHA384,
            Sha384::digest(MESSAGE).to_vec(),
        ),
        (
            "SHA-512",
            alg_id::ECDSA_SHA512,
            Sha512::digest(MESSAGE).to_vec(),
        ),
    ]
}

macro_rules! curve_cases {
    ($curve:ident, $key_algorithm:expr, $bytes:literal, $cases:ident) => {
        let mut scalar = [0x5a; $bytes];
        scalar[0] = 0;
        let signer = $curve::ecdsa::SigningKey::from_slice(&scalar).unwrap();
        let key = signer
            .verifying_key()
            .to_sec1_point(false)
            .as_bytes()
            .to_vec();
        for (digest, signature_algorithm, prehash) in digests() {
            let signature: $curve::ecdsa::Signature = signer.sign_prehash(&prehash).unwrap();
            $cases.push(Case {
                name: format!("{} {digest}", stringify!($curve)),
                key_algorithm: $key_algorithm,
                signature_algorithm,
                key: key.clone(),
                message: MESSAGE.to_vec(),
                signature: signature.to_der().as_bytes().to_vec(),
            });
        }
    };
}

pub(crate) fn ecdsa() -> Vec<Case> {
    let mut cases = Vec::new();
    curve_cases!(p256, alg_id::ECDSA_P256, 32, cases);
    curve_cases!(p384, alg_id::ECDSA_P384, 48, cases);
    curve_cases!(p521, alg_id::ECDSA_P521, 66, cases);
    cases
}

pub(crate) fn ed25519() -> Case {
    let signer = ed25519_dalek::SigningKey::from_bytes(&[0x5a; 32]);
    Case {
        name: "Ed25519".to_owned(),
        key_algorithm: alg_id::ED25519,
        signature_algorithm: alg_id::ED25519,
        key: signer.verifying_key().to_bytes().to_vec(),
        message: MESSAGE.to_vec(),
        signature: signer.sign(MESSAGE).to_bytes().to_vec(),
    }
}

fn rsa() -> Vec<Case> {
    let absent = |last: &'static [u8; 11]| AlgorithmIdentifier::from_slice(last);
    vec![
        rsa_case("rsa2048", "pkcs1-sha256", alg_id::RSA_PKCS1_SHA256),
        rsa_case("rsa2048", "pkcs1-sha384", alg_id::RSA_PKCS1_SHA384),
        rsa_case("rsa2048", "pkcs1-sha512", alg_id::RSA_PKCS1_SHA512),
        rsa_case(
            "rsa2048",
            "pkcs1-sha256",
            absent(b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b"),
        ),
        rsa_case(
            "rsa2048",
            "pkcs1-sha384",
            absent(b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c"),
        ),
        rsa_case(
            "rsa2048",
            "pkcs1-sha512",
            absent(b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0d"),
        ),
        rsa_case("rsa2048", "pss-sha256", alg_id::RSA_PSS_SHA256),
        rsa_case("rsa2048", "pss-sha384", alg_id::RSA_PSS_SHA384),
        rsa_case("rsa2048", "pss-sha512", alg_id::RSA_PSS_SHA512),
    ]
}

/// A case of the RSA vectors: see their README.
pub(crate) fn rsa_case(key: &str, scheme: &str, signature_algorithm: AlgorithmIdentifier) -> Case {
    Case {
        name: format!("{key} {scheme}"),
        key_algorithm: alg_id::RSA_ENCRYPTION,
        signature_algorithm,
        key: vector(&format!("{key}.key.der")),
        message: vector("message.txt"),
        signature: vector(&format!("{key}.{scheme}.sig")),
    }
}

fn vector(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/algorithms");
    std::fs::read(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}
