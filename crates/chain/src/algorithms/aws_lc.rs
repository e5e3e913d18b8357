//! The native provider: rustls-webpki's algorithms on AWS-LC.

use super::{Algorithms, PublicKey};
use rustls_pki_types::{
    AlgorithmIdentifier, FipsStatus, InvalidSignature, SignatureVerificationAlgorithm, alg_id,
};
use webpki::aws_lc_rs as provider;

/// Every algorithm of this crate's set, by AWS-LC.
///
/// ML-DSA is left out although rustls-webpki has it: no public CA issues it (CA/B Forum Baseline
/// Requirements 7.1.3), and both providers must answer alike.
pub fn aws_lc_rs() -> Algorithms<'static> {
    ALGORITHMS
}

static ALGORITHMS: Algorithms<'static> = &[
    &Plain(provider::ECDSA_P256_SHA256),
    &Plain(provider::ECDSA_P384_SHA384),
    &Plain(provider::RSA_PKCS1_2048_8192_SHA256),
    &Plain(provider::RSA_PKCS1_2048_8192_SHA384),
    &Plain(provider::RSA_PKCS1_2048_8192_SHA512),
    &Plain(provider::ECDSA_P256_SHA384),
    &Plain(provider::ECDSA_P256_SHA512),
    &Plain(provider::ECDSA_P384_SHA256),
    &Plain(provider::ECDSA_P384_SHA512),
    &Plain(provider::ECDSA_P521_SHA256),
    &Plain(provider::ECDSA_P521_SHA384),
    &Plain(provider::ECDSA_P521_SHA512),
    &Plain(provider::RSA_PSS_2048_8192_SHA256_LEGACY_KEY),
    &Plain(provider::RSA_PSS_2048_8192_SHA384_LEGACY_KEY),
    &Plain(provider::RSA_PSS_2048_8192_SHA512_LEGACY_KEY),
    &Plain(provider::RSA_PKCS1_2048_8192_SHA256_ABSENT_PARAMS),
    &Plain(provider::RSA_PKCS1_2048_8192_SHA384_ABSENT_PARAMS),
    &Plain(provider::RSA_PKCS1_2048_8192_SHA512_ABSENT_PARAMS),
    &Plain(provider::ED25519),
];

/// Length of an Ed25519 public key in bytes (RFC 8032 section 5.1.5).
const ED25519_KEY_BYTES: usize = 32;

/// An algorithm that takes a key as RFC 3279 and RFC 8410 define it and nothing else.
///
/// aws-lc-rs also takes a whole `SubjectPublicKeyInfo` where the BIT STRING should hold the key
/// alone (rustls-webpki rules that out for EC keys only); no other client reads such a key.
#[derive(Debug)]
struct Plain(&'static dyn SignatureVerificationAlgorithm);

impl Plain {
    fn is_plain(&self, public_key: &[u8]) -> bool {
        match self.0.public_key_alg_id() {
            alg_id::RSA_ENCRYPTION => PublicKey::read(public_key).is_none(),
            alg_id::ED25519 => public_key.len() == ED25519_KEY_BYTES,
            _ => true,
        }
    }
}

impl SignatureVerificationAlgorithm for Plain {
    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        if !self.is_plain(public_key) {
            return Err(InvalidSignature);
        }
        self.0.verify_signature(public_key, message, signature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.0.public_key_alg_id()
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.0.signature_alg_id()
    }

    fn fips_status(&self) -> FipsStatus {
        self.0.fips_status()
    }

    fn fips(&self) -> bool {
        self.0.fips()
    }
}
