//! Contents of `AlgorithmIdentifier`s that rustls-pki-types does not name.
//!
//! RFC 4055 section 5 says of the three RSA identifiers: "the parameters MUST be NULL.
//! Implementations MUST accept the parameters being absent as well as present."

use rustls_pki_types::AlgorithmIdentifier;

/// `sha256WithRSAEncryption`, parameters absent.
pub(super) const RSA_PKCS1_SHA256_ABSENT: AlgorithmIdentifier =
    AlgorithmIdentifier::from_slice(&[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11]);

/// `sha384WithRSAEncryption`, parameters absent.
pub(super) const RSA_PKCS1_SHA384_ABSENT: AlgorithmIdentifier =
    AlgorithmIdentifier::from_slice(&[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 12]);

/// `sha512WithRSAEncryption`, parameters absent.
pub(super) const RSA_PKCS1_SHA512_ABSENT: AlgorithmIdentifier =
    AlgorithmIdentifier::from_slice(&[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 13]);
