use serde::Serialize;
use x509_parser::signature_algorithm::RsaSsaPssParams;
use x509_parser::x509::AlgorithmIdentifier;

use super::oid::Oid;

/// The digest inside a signature algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub enum Digest {
    /// MD2, broken.
    Md2,
    /// MD5, broken.
    Md5,
    /// SHA-1, broken for signatures.
    Sha1,
    /// SHA-224: sound, but no client's certificate verifier takes it.
    Sha224,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
    /// The signature scheme brings its own (Ed25519, ML-DSA).
    Intrinsic,
    /// Not known to us.
    Unknown,
}

/// A signature algorithm, named as it is in the field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SignatureAlgorithm {
    /// Usual name, for example `ecdsa-with-SHA256`; the OID when it has none here.
    pub name: String,
    /// Digest.
    #[serde(skip)]
    pub digest: Digest,
    /// Object identifier.
    #[serde(skip)]
    pub oid: Oid,
}

const PKCS1: [u8; 8] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1];
const PSS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 10];

/// Identifier, name, digest (RFC 3279, 4055, 5758, 8410, 9881).
const NAMED: &[(&[u8], &str, Digest)] = &[
    (
        &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 1],
        "ecdsa-with-SHA1",
        Digest::Sha1,
    ),
    (
        &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 1],
        "ecdsa-with-SHA224",
        Digest::Sha224,
    ),
    (
        &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2],
        "ecdsa-with-SHA256",
        Digest::Sha256,
    ),
    (
        &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 3],
        "ecdsa-with-SHA384",
        Digest::Sha384,
    ),
    (
        &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 4],
        "ecdsa-with-SHA512",
        Digest::Sha512,
    ),
    (&[0x2b, 0x65, 0x70], "Ed25519", Digest::Intrinsic),
    (&[0x2b, 0x65, 0x71], "Ed448", Digest::Intrinsic),
    (
        &[0x2a, 0x86, 0x48, 0xce, 0x38, 4, 3],
        "dsa-with-SHA1",
        Digest::Sha1,
    ),
    (
        &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 2],
        "dsa-with-SHA256",
        Digest::Sha256,
    ),
    (
        &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 17],
        "ML-DSA-44",
        Digest::Intrinsic,
    ),
    (
        &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 18],
        "ML-DSA-65",
        Digest::Intrinsic,
    ),
    (
        &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 19],
        "ML-DSA-87",
        Digest::Intrinsic,
    ),
];

impl SignatureAlgorithm {
    pub(super) fn read(algorithm: &AlgorithmIdentifier<'_>) -> Self {
        let oid = algorithm.algorithm.as_bytes();
        let (name, digest) = if oid == PSS {
            let digest = pss_digest(algorithm);
            (format!("RSASSA-PSS with {}", digest.name()), digest)
        } else if let Some((name, digest)) = pkcs1(oid) {
            (name.to_owned(), digest)
        } else if let Some((_, name, digest)) = NAMED.iter().find(|(known, ..)| *known == oid) {
            ((*name).to_owned(), *digest)
        } else {
            (Oid::from_der_contents(oid).to_string(), Digest::Unknown)
        };
        Self {
            name,
            digest,
            oid: Oid::from_der_contents(oid),
        }
    }
}

impl Digest {
    /// Usual name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Md2 => "MD2",
            Self::Md5 => "MD5",
            Self::Sha1 => "SHA-1",
            Self::Sha224 => "SHA-224",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
            Self::Intrinsic => "its own digest",
            Self::Unknown => "an unknown digest",
        }
    }
}

fn pkcs1(oid: &[u8]) -> Option<(&'static str, Digest)> {
    let (prefix, last) = oid.split_at_checked(PKCS1.len())?;
    if prefix != PKCS1 {
        return None;
    }
    Some(match last {
        [2] => ("md2WithRSAEncryption", Digest::Md2),
        [4] => ("md5WithRSAEncryption", Digest::Md5),
        [5] => ("sha1WithRSAEncryption", Digest::Sha1),
        [14] => ("sha224WithRSAEncryption", Digest::Sha224),
        [11] => ("sha256WithRSAEncryption", Digest::Sha256),
        [12] => ("sha384WithRSAEncryption", Digest::Sha384),
        [13] => ("sha512WithRSAEncryption", Digest::Sha512),
        _ => return None,
    })
}

/// The digest of RSASSA-PSS-params; absent means SHA-1 (RFC 4055, section 3.1).
fn pss_digest(algorithm: &AlgorithmIdentifier<'_>) -> Digest {
    let Some(parameters) = &algorithm.parameters else {
        return Digest::Sha1;
    };
    let Ok(params) = RsaSsaPssParams::try_from(parameters) else {
        return Digest::Unknown;
    };
    match params.hash_algorithm_oid().as_bytes() {
        [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1] => Digest::Sha256,
        [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2] => Digest::Sha384,
        [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3] => Digest::Sha512,
        [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 4] => Digest::Sha224,
        [0x2b, 14, 3, 2, 26] => Digest::Sha1,
        _ => Digest::Unknown,
    }
}
