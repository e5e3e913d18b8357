//! The three NIST curves.

use std::collections::BTreeMap;
use std::sync::Mutex;

use p256::ecdsa::signature::hazmat::PrehashSigner;

use crate::{der, oid};

/// A curve of elliptic-curve keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Curve {
    P256,
    P384,
    P521,
}

/// What was made with a scalar out of some input. It is the same each time, and a multiplication on the curve.
type Made = Mutex<BTreeMap<(Curve, Vec<u8>, Vec<u8>), Vec<u8>>>;

/// Public points, by whether they are compressed.
static POINTS: Made = Mutex::new(BTreeMap::new());

/// Signatures, by their digests.
static SIGNATURES: Made = Mutex::new(BTreeMap::new());

/// Domain parameters, in hexadecimal (FIPS 186-4 D.1.2; cofactor 1).
struct Parameters {
    prime: &'static str,
    a: &'static str,
    b: &'static str,
    generator: &'static str,
    order: &'static str,
}

/// P-256, the only curve that vectors write out.
const P256: Parameters = Parameters {
    prime: "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
    a: "ffffffff00000001000000000000000000000000fffffffffffffffffffffffc",
    b: "5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b",
    generator: "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296\
                4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
    order: "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
};

impl Curve {
    pub(crate) fn identifier(self) -> &'static str {
        match self {
            Self::P256 => oid::P256,
            Self::P384 => oid::P384,
            Self::P521 => oid::P521,
        }
    }

    /// A private scalar cut from 96 bytes of material. Its first byte keeps it below the order.
    pub(super) fn scalar(self, material: &[u8]) -> Vec<u8> {
        let mut scalar = match self {
            Self::P256 => material[..32].to_vec(),
            Self::P384 => material[..48].to_vec(),
            Self::P521 => material[..66].to_vec(),
        };
        scalar[0] = if self == Self::P521 {
            0
        } else {
            scalar[0] & 0x7f
        };
        scalar
    }

    /// The public point, encoded as SEC1 2.3.3 says.
    pub(super) fn point(self, scalar: &[u8], compressed: bool) -> Vec<u8> {
        self.once(&POINTS, scalar, &[compressed.into()], || {
            self.point_anew(scalar, compressed)
        })
    }

    fn point_anew(self, scalar: &[u8], compressed: bool) -> Vec<u8> {
        match self {
            Self::P256 => {
                let key = p256::ecdsa::SigningKey::from_slice(scalar).expect(VALID);
                key.verifying_key()
                    .to_sec1_point(compressed)
                    .as_bytes()
                    .to_vec()
            }
            Self::P384 => {
                let key = p384::ecdsa::SigningKey::from_slice(scalar).expect(VALID);
                key.verifying_key()
                    .to_sec1_point(compressed)
                    .as_bytes()
                    .to_vec()
            }
            Self::P521 => {
                let key = p521::ecdsa::SigningKey::from_slice(scalar).expect(VALID);
                key.verifying_key()
                    .to_sec1_point(compressed)
                    .as_bytes()
                    .to_vec()
            }
        }
    }

    /// ECDSA-Sig-Value over a digest, with the nonce of RFC 6979.
    pub(super) fn sign(self, scalar: &[u8], digest: &[u8]) -> Vec<u8> {
        self.once(&SIGNATURES, scalar, digest, || {
            self.sign_anew(scalar, digest)
        })
    }

    fn sign_anew(self, scalar: &[u8], digest: &[u8]) -> Vec<u8> {
        let fixed = match self {
            Self::P256 => {
                let key = p256::ecdsa::SigningKey::from_slice(scalar).expect(VALID);
                let signature: p256::ecdsa::Signature = key.sign_prehash(digest).expect(SIGNS);
                signature.to_bytes().to_vec()
            }
            Self::P384 => {
                let key = p384::ecdsa::SigningKey::from_slice(scalar).expect(VALID);
                let signature: p384::ecdsa::Signature = key.sign_prehash(digest).expect(SIGNS);
                signature.to_bytes().to_vec()
            }
            Self::P521 => {
                let key = p521::ecdsa::SigningKey::from_slice(scalar).expect(VALID);
                let signature: p521::ecdsa::Signature = key.sign_prehash(digest).expect(SIGNS);
                signature.to_bytes().to_vec()
            }
        };
        let (r, s) = fixed.split_at(fixed.len() / 2);
        der::sequence(&[der::unsigned(r), der::unsigned(s)])
    }

    /// What was made before, or is made now.
    fn once(
        self,
        made: &Made,
        scalar: &[u8],
        input: &[u8],
        make: impl FnOnce() -> Vec<u8>,
    ) -> Vec<u8> {
        let key = (self, scalar.to_vec(), input.to_vec());
        let before = made.lock().expect(WHOLE).get(&key).cloned();
        before.unwrap_or_else(|| {
            let now = make();
            made.lock().expect(WHOLE).insert(key, now.clone());
            now
        })
    }

    /// `ECPrivateKey` (RFC 5915), with the curve's name where nothing around it tells the curve.
    pub(super) fn sec1(self, scalar: &[u8], named: bool) -> Vec<u8> {
        let mut parts = vec![der::integer(1), der::octet_string(scalar)];
        if named {
            parts.push(der::explicit(0, &der::oid(self.identifier())));
        }
        let point = self.point(scalar, false);
        parts.push(der::explicit(1, &der::bit_string(0, &point)));
        der::sequence(&parts)
    }

    /// `SpecifiedECDomain` (X9.62): the parameters themselves.
    pub(super) fn explicit_parameters(self) -> Vec<u8> {
        assert_eq!(self, Self::P256, "only P-256 is written out");
        let field = [
            der::oid("1.2.840.10045.1.1"),
            der::unsigned(&bytes(P256.prime)),
        ];
        let curve = [
            der::octet_string(&bytes(P256.a)),
            der::octet_string(&bytes(P256.b)),
        ];
        der::sequence(&[
            der::integer(1),
            der::sequence(&field),
            der::sequence(&curve),
            der::octet_string(&bytes(P256.generator)),
            der::unsigned(&bytes(P256.order)),
            der::integer(1),
        ])
    }
}

const VALID: &str = "the scalar was cut to lie below the order";
const SIGNS: &str = "a digest of at least half the field signs";
const WHOLE: &str = "nothing panics while it holds the lock";

fn bytes(hexadecimal: &str) -> Vec<u8> {
    let digits: Vec<u8> = hexadecimal
        .chars()
        .filter_map(|digit| digit.to_digit(16))
        .map(|digit| u8::try_from(digit).expect("a digit"))
        .collect();
    digits
        .chunks(2)
        .map(|pair| pair[0] << 4 | pair[1])
        .collect()
}
