use core::fmt;

use der::asn1::ObjectIdentifier;

use super::Curve;

/// What kind of key it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyAlgorithm {
    /// RSA (RFC 8017).
    Rsa {
        /// Length of the modulus in bits.
        bits: u32,
        /// Primes it is made of. More than two are allowed by RFC 8017 and refused by most
        /// libraries.
        primes: u32,
    },
    /// RSA for RSASSA-PSS alone (RFC 4055). Few servers take such a key.
    RsaPss {
        /// Length of the modulus in bits.
        bits: u32,
    },
    /// An elliptic curve in Weierstrass form (RFC 5480).
    Ec {
        /// The curve.
        curve: Curve,
        /// Whether the file spells the curve out instead of naming it, which RFC 5480, 2.1.1
        /// forbids. The normalised key names it.
        explicit_parameters: bool,
    },
    /// Ed25519 (RFC 8410).
    Ed25519,
    /// Ed448 (RFC 8410).
    Ed448,
    /// X25519 (RFC 8410): key agreement, no signatures, so no certificate for a server.
    X25519,
    /// X448 (RFC 8410): key agreement, no signatures.
    X448,
    /// DSA (RFC 3279, 2.3.2). TLS 1.3 has no place for it.
    Dsa {
        /// Length of the prime modulus in bits.
        bits: u32,
    },
    /// A key that stays inside a FIDO security key; the file is only a handle to it.
    SecurityKey,
    /// Another algorithm, by its object identifier.
    Other(ObjectIdentifier),
}

impl fmt::Display for KeyAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rsa { bits, .. } => write!(f, "RSA {bits}"),
            Self::RsaPss { bits } => write!(f, "RSA-PSS {bits}"),
            Self::Ec { curve, .. } => write!(f, "EC {curve}"),
            Self::Ed25519 => f.write_str("Ed25519"),
            Self::Ed448 => f.write_str("Ed448"),
            Self::X25519 => f.write_str("X25519"),
            Self::X448 => f.write_str("X448"),
            Self::Dsa { bits } => write!(f, "DSA {bits}"),
            Self::SecurityKey => f.write_str("FIDO security key"),
            Self::Other(oid) => write!(f, "algorithm {oid}"),
        }
    }
}
