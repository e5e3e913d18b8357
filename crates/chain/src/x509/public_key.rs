use serde::Serialize;
use x509_parser::asn1_rs::{self, FromDer};
use x509_parser::x509::SubjectPublicKeyInfo;

use super::oid::Oid;

/// The algorithm of a public key, by its name in the field.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum PublicKeyAlgorithm {
    /// rsaEncryption.
    Rsa,
    /// id-RSASSA-PSS as a key algorithm, which the BRs forbid.
    RsaPss,
    /// id-ecPublicKey.
    Ec,
    /// id-Ed25519.
    Ed25519,
    /// id-Ed448.
    Ed448,
    /// id-dsa.
    Dsa,
    /// Anything else.
    Other,
}

/// A subject public key, as facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PublicKey {
    /// Algorithm.
    pub algorithm: PublicKeyAlgorithm,
    /// Size in bits: the RSA modulus, the curve's field, or the DSA prime; 0 when unreadable.
    pub bits: u32,
    /// Name of the elliptic curve, for example `P-256`; the OID when it has no name here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub curve: Option<String>,
    /// Whether the curve is spelled out as parameters instead of named (RFC 5480 forbids it).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub explicit_parameters: bool,
    /// The RSA public exponent, as decimal; absent above 2^53 - 1, where readers of JSON lose digits (RFC 7493, 2.2).
    #[serde(skip_serializing_if = "is_inexact")]
    pub exponent: Option<u64>,
    /// Size of the RSA public exponent in bits; 0 for other keys.
    #[serde(skip)]
    pub exponent_bits: u32,
    /// The algorithm's object identifier.
    #[serde(skip)]
    pub oid: Oid,
    /// What of the key could not be read, if anything.
    #[serde(skip)]
    pub fault: Option<&'static str>,
}

/// Whether there is no number, or one that JSON does not carry unharmed.
#[allow(clippy::ref_option, clippy::trivially_copy_pass_by_ref)]
fn is_inexact(number: &Option<u64>) -> bool {
    number.is_none_or(|number| number > keyway_report::MAX_EXACT)
}

const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
const RSA_PSS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 10];
const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
const DSA: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x38, 4, 1];
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];
const ED448: &[u8] = &[0x2b, 0x65, 0x71];

/// Named curves: identifier, name, field size in bits (SEC 2, RFC 5480, RFC 5639).
const CURVES: &[(&[u8], &str, u32)] = &[
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 1], "P-192", 192),
    (&[0x2b, 0x81, 0x04, 0, 33], "P-224", 224),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7], "P-256", 256),
    (&[0x2b, 0x81, 0x04, 0, 34], "P-384", 384),
    (&[0x2b, 0x81, 0x04, 0, 35], "P-521", 521),
    (&[0x2b, 0x81, 0x04, 0, 10], "secp256k1", 256),
    (&[0x2b, 0x24, 3, 3, 2, 8, 1, 1, 7], "brainpoolP256r1", 256),
    (&[0x2b, 0x24, 3, 3, 2, 8, 1, 1, 11], "brainpoolP384r1", 384),
    (&[0x2b, 0x24, 3, 3, 2, 8, 1, 1, 13], "brainpoolP512r1", 512),
];

impl PublicKey {
    pub(super) fn read(spki: &SubjectPublicKeyInfo<'_>) -> Self {
        let oid = spki.algorithm.algorithm.as_bytes();
        let mut key = Self {
            algorithm: PublicKeyAlgorithm::Other,
            bits: 0,
            curve: None,
            explicit_parameters: false,
            exponent: None,
            exponent_bits: 0,
            oid: Oid::from_der_contents(oid),
            fault: None,
        };
        let bits = spki.subject_public_key.data.as_ref();
        match oid {
            RSA | RSA_PSS => {
                key.algorithm = if oid == RSA {
                    PublicKeyAlgorithm::Rsa
                } else {
                    PublicKeyAlgorithm::RsaPss
                };
                key.read_rsa(bits);
            }
            EC => {
                key.algorithm = PublicKeyAlgorithm::Ec;
                key.read_curve(spki.algorithm.parameters.as_ref());
            }
            ED25519 => (key.algorithm, key.bits) = (PublicKeyAlgorithm::Ed25519, 256),
            ED448 => (key.algorithm, key.bits) = (PublicKeyAlgorithm::Ed448, 456),
            DSA => {
                key.algorithm = PublicKeyAlgorithm::Dsa;
                key.bits = dsa_bits(spki.algorithm.parameters.as_ref());
            }
            _ => {}
        }
        key
    }

    /// The key in a few words, for example `RSA 2048` or `EC P-256`.
    pub fn text(&self) -> String {
        match (&self.algorithm, &self.curve) {
            (PublicKeyAlgorithm::Rsa, _) => format!("RSA {}", self.bits),
            (PublicKeyAlgorithm::RsaPss, _) => format!("RSA-PSS {}", self.bits),
            (PublicKeyAlgorithm::Ec, Some(curve)) => format!("EC {curve}"),
            (PublicKeyAlgorithm::Ec, None) => "EC (curve not named)".to_owned(),
            (PublicKeyAlgorithm::Ed25519, _) => "Ed25519".to_owned(),
            (PublicKeyAlgorithm::Ed448, _) => "Ed448".to_owned(),
            (PublicKeyAlgorithm::Dsa, _) => format!("DSA {}", self.bits),
            (PublicKeyAlgorithm::Other, _) => format!("algorithm {}", self.oid),
        }
    }

    /// RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER } (RFC 8017, A.1.1).
    fn read_rsa(&mut self, der: &[u8]) {
        let read = asn1_rs::Sequence::from_der(der).and_then(|(_, sequence)| {
            let (rest, modulus) = asn1_rs::Integer::from_der(&sequence.content)?;
            let (_, exponent) = asn1_rs::Integer::from_der(rest)?;
            Ok((
                magnitude(modulus.as_ref()).to_vec(),
                magnitude(exponent.as_ref()).to_vec(),
            ))
        });
        let Ok((modulus, exponent)) = read else {
            self.fault = Some("the RSA key is not an RSAPublicKey structure");
            return;
        };
        self.bits = bit_length(&modulus);
        self.exponent_bits = bit_length(&exponent);
        self.exponent = (exponent.len() <= 8).then(|| {
            exponent
                .iter()
                .fold(0_u64, |value, &byte| (value << 8) | u64::from(byte))
        });
    }

    fn read_curve(&mut self, parameters: Option<&asn1_rs::Any<'_>>) {
        let Some(parameters) = parameters else {
            self.fault = Some("the EC key names no curve");
            return;
        };
        if parameters.tag() == asn1_rs::Tag::Sequence {
            self.explicit_parameters = true;
            return;
        }
        let known = CURVES.iter().find(|(oid, ..)| *oid == parameters.data);
        self.bits = known.map_or(0, |(.., bits)| *bits);
        self.curve = Some(known.map_or_else(
            || Oid::from_der_contents(parameters.data).to_string(),
            |(_, name, _)| (*name).to_owned(),
        ));
    }
}

fn dsa_bits(parameters: Option<&asn1_rs::Any<'_>>) -> u32 {
    parameters
        .and_then(|any| asn1_rs::Integer::from_der(any.data).ok())
        .map_or(0, |(_, prime)| bit_length(magnitude(prime.as_ref())))
}

/// Contents octets of a non-negative INTEGER without its leading zeros.
fn magnitude(integer: &[u8]) -> &[u8] {
    let zeros = integer.iter().take_while(|&&byte| byte == 0).count();
    &integer[zeros..]
}

/// Bits of a magnitude without leading zero bytes; keys are far below 2^32 bits.
fn bit_length(magnitude: &[u8]) -> u32 {
    let Some(first) = magnitude.first() else {
        return 0;
    };
    let bytes = u32::try_from(magnitude.len()).unwrap_or(u32::MAX / 8);
    bytes * 8 - first.leading_zeros()
}
