//! The native provider: rustls-webpki's algorithms on AWS-LC.

use super::Algorithms;
use webpki::aws_lc_rs as provider;

/// Every algorithm of this crate's set, by AWS-LC.
///
/// ML-DSA is left out although rustls-webpki has it: no public CA issues it (CA/B Forum Baseline
/// Requirements 7.1.3), and both providers must answer alike.
pub fn aws_lc_rs() -> Algorithms<'static> {
    ALGORITHMS
}

static ALGORITHMS: Algorithms<'static> = &[
    provider::ECDSA_P256_SHA256,
    provider::ECDSA_P384_SHA384,
    provider::RSA_PKCS1_2048_8192_SHA256,
    provider::RSA_PKCS1_2048_8192_SHA384,
    provider::RSA_PKCS1_2048_8192_SHA512,
    provider::ECDSA_P256_SHA384,
    provider::ECDSA_P256_SHA512,
    provider::ECDSA_P384_SHA256,
    provider::ECDSA_P384_SHA512,
    provider::ECDSA_P521_SHA256,
    provider::ECDSA_P521_SHA384,
    provider::ECDSA_P521_SHA512,
    provider::RSA_PSS_2048_8192_SHA256_LEGACY_KEY,
    provider::RSA_PSS_2048_8192_SHA384_LEGACY_KEY,
    provider::RSA_PSS_2048_8192_SHA512_LEGACY_KEY,
    provider::RSA_PKCS1_2048_8192_SHA256_ABSENT_PARAMS,
    provider::RSA_PKCS1_2048_8192_SHA384_ABSENT_PARAMS,
    provider::RSA_PKCS1_2048_8192_SHA512_ABSENT_PARAMS,
    provider::ED25519,
];
