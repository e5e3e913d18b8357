//! Key pairs, all deterministic and all published: for tests only.

mod curve;
mod rsa;

use std::fmt;

use ed25519_dalek::Signer as _;
use sha2::{Digest as _, Sha256};

use crate::{der, oid, pem};
pub(crate) use curve::Curve;

/// What a key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// Curve P-256 (secp256r1).
    P256,
    /// Curve P-384 (secp384r1).
    P384,
    /// Curve P-521 (secp521r1).
    P521,
    /// Ed25519, which the Baseline Requirements do not allow.
    Ed25519,
    /// RSA of 2048 bits: one of four fixed keys.
    Rsa2048,
    /// RSA of 3072 bits: one fixed key.
    Rsa3072,
    /// RSA of 4096 bits: one fixed key.
    Rsa4096,
    /// RSA of 1024 bits, too weak: one fixed key.
    Rsa1024,
    /// RSA of 2048 bits with the public exponent 3: one fixed key.
    RsaExponent3,
}

/// A key pair.
#[derive(Clone)]
pub struct Key {
    kind: KeyKind,
    private: Private,
}

#[derive(Clone)]
enum Private {
    Scalar(Curve, Vec<u8>),
    Seed([u8; 32]),
    Rsa(&'static rsa::Fixed),
}

/// Ways in which a public key can be written wrongly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpkiFault {
    /// Elliptic-curve parameters written out in place of the curve's name (RFC 5480 2.1.1 forbids).
    ExplicitParameters,
    /// The point in compressed form.
    CompressedPoint,
    /// RSA without its NULL parameters, or a curve without its name.
    MissingParameters,
}

impl Key {
    /// The key of that kind and label. Curves: every label has its own key. RSA of 2048 bits: the
    /// labels `0` to `3` are four keys, any other label is one of them; other sizes have one key.
    pub fn new(kind: KeyKind, label: &str) -> Self {
        let private = match kind {
            KeyKind::P256 => scalar(Curve::P256, label),
            KeyKind::P384 => scalar(Curve::P384, label),
            KeyKind::P521 => scalar(Curve::P521, label),
            KeyKind::Ed25519 => Private::Seed(seed(label, 0)),
            rsa_kind => Private::Rsa(rsa::fixed(rsa_kind, label)),
        };
        Self { kind, private }
    }

    /// What this key is.
    pub fn kind(&self) -> KeyKind {
        self.kind
    }

    /// `SubjectPublicKeyInfo` (RFC 5280 4.1.2.7).
    pub fn spki_der(&self) -> Vec<u8> {
        der::sequence(&[self.algorithm(), der::bit_string(0, &self.public_bytes())])
    }

    /// `SubjectPublicKeyInfo` with a fault. Panics where the fault does not apply to the key.
    pub fn faulty_spki_der(&self, fault: SpkiFault) -> Vec<u8> {
        let (algorithm, public) = match (&self.private, fault) {
            (Private::Scalar(curve, _), SpkiFault::ExplicitParameters) => {
                let parameters = curve.explicit_parameters();
                (
                    der::sequence(&[der::oid(oid::EC), parameters]),
                    self.public_bytes(),
                )
            }
            (Private::Scalar(curve, scalar), SpkiFault::CompressedPoint) => {
                (self.algorithm(), curve.point(scalar, true))
            }
            (Private::Scalar(..), SpkiFault::MissingParameters) => {
                (der::sequence(&[der::oid(oid::EC)]), self.public_bytes())
            }
            (Private::Rsa(_), SpkiFault::MissingParameters) => {
                (der::sequence(&[der::oid(oid::RSA)]), self.public_bytes())
            }
            _ => panic!("{fault:?} does not apply to {:?}", self.kind),
        };
        der::sequence(&[algorithm, der::bit_string(0, &public)])
    }

    /// The content of the public key's BIT STRING.
    pub fn public_bytes(&self) -> Vec<u8> {
        match &self.private {
            Private::Scalar(curve, scalar) => curve.point(scalar, false),
            Private::Seed(seed) => signer(seed).verifying_key().to_bytes().to_vec(),
            Private::Rsa(fixed) => fixed.public_der(),
        }
    }

    /// SHA-1 of the public key's bits: the usual key identifier (RFC 5280 4.2.1.2, method 1).
    pub fn id(&self) -> Vec<u8> {
        sha1::Sha1::digest(self.public_bytes()).to_vec()
    }

    /// The private key as PKCS#8 (RFC 5208).
    pub fn pkcs8_der(&self) -> Vec<u8> {
        let inner = match &self.private {
            Private::Seed(seed) => der::octet_string(seed),
            Private::Scalar(curve, scalar) => curve.sec1(scalar, false),
            Private::Rsa(fixed) => fixed.pkcs1_der(),
        };
        der::sequence(&[der::integer(0), self.algorithm(), der::octet_string(&inner)])
    }

    /// The private key as `PRIVATE KEY`, its curve (P-256) written out in place of its name.
    pub fn explicit_pem(&self) -> String {
        let Private::Scalar(curve, scalar) = &self.private else {
            panic!("{:?} has no curve to write out", self.kind);
        };
        let algorithm = der::sequence(&[der::oid(oid::EC), curve.explicit_parameters()]);
        let inner = der::octet_string(&curve.sec1(scalar, false));
        let key = der::sequence(&[der::integer(0), algorithm, inner]);
        pem::encode("PRIVATE KEY", &key)
    }

    /// The private key as `PRIVATE KEY`.
    pub fn pem(&self) -> String {
        pem::encode("PRIVATE KEY", &self.pkcs8_der())
    }

    /// The private key in the form of its own family: `RSA PRIVATE KEY` (PKCS#1) or
    /// `EC PRIVATE KEY` (SEC1). Ed25519 has none, and is written as PKCS#8.
    pub fn traditional_pem(&self) -> String {
        match &self.private {
            Private::Scalar(curve, scalar) => {
                pem::encode("EC PRIVATE KEY", &curve.sec1(scalar, true))
            }
            Private::Rsa(fixed) => pem::encode("RSA PRIVATE KEY", &fixed.pkcs1_der()),
            Private::Seed(_) => self.pem(),
        }
    }

    /// The public key as `PUBLIC KEY`.
    pub fn public_pem(&self) -> String {
        pem::encode("PUBLIC KEY", &self.spki_der())
    }

    /// The `AlgorithmIdentifier` of the key.
    fn algorithm(&self) -> Vec<u8> {
        match &self.private {
            Private::Scalar(curve, _) => {
                der::sequence(&[der::oid(oid::EC), der::oid(curve.identifier())])
            }
            Private::Seed(_) => der::sequence(&[der::oid(oid::ED25519)]),
            Private::Rsa(_) => der::sequence(&[der::oid(oid::RSA), der::null()]),
        }
    }

    /// Signs a digest with a curve, a whole message with Ed25519.
    pub(crate) fn sign_curve(&self, input: &[u8]) -> Vec<u8> {
        match &self.private {
            Private::Scalar(curve, scalar) => curve.sign(scalar, input),
            Private::Seed(seed) => signer(seed).sign(input).to_bytes().to_vec(),
            Private::Rsa(_) => panic!("an RSA key signs with sign_rsa"),
        }
    }

    /// The RSA key behind this one.
    pub(crate) fn rsa(&self) -> &'static ::rsa::PrivateKey {
        match &self.private {
            Private::Rsa(fixed) => fixed.private(),
            _ => panic!("{:?} is no RSA key", self.kind),
        }
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Key({:?})", self.kind)
    }
}

fn scalar(curve: Curve, label: &str) -> Private {
    let material = [seed(label, 1), seed(label, 2), seed(label, 3)].concat();
    Private::Scalar(curve, curve.scalar(&material))
}

fn seed(label: &str, round: u8) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(b"keyway test key, never to be used\0");
    hash.update([round]);
    hash.update(label);
    hash.finalize().into()
}

fn signer(seed: &[u8; 32]) -> ed25519_dalek::SigningKey {
    ed25519_dalek::SigningKey::from_bytes(seed)
}
