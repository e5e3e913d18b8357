use core::fmt;

use der::asn1::{AnyRef, ObjectIdentifier, OctetStringRef, UintRef};
use der::{Reader, Tag};
use sha2::{Digest, Sha256};

use crate::container::{integer, positive, sequence};
use crate::report::hex;

/// An elliptic curve in Weierstrass form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Curve {
    /// NIST P-224, secp224r1.
    P224,
    /// NIST P-256, secp256r1, prime256v1.
    P256,
    /// NIST P-384, secp384r1.
    P384,
    /// NIST P-521, secp521r1.
    P521,
    /// secp256k1.
    Secp256k1,
    /// Another named curve.
    Other(ObjectIdentifier),
    /// A curve spelled out by its parameters that is none of the above.
    Unnamed,
}

/// Identifier, and the digest of the curve's numbers as [`fingerprint`] makes it, from `openssl
/// ecparam -param_enc explicit`.
const KNOWN: [(Curve, ObjectIdentifier, &str); 10] = [
    (
        Curve::P224,
        ObjectIdentifier::new_unwrap("1.3.132.0.33"),
        "c6abf6e5d74c51a8d7e8ca979162382c116a23709b4bdc2d240892d68b03bea5",
    ),
    (
        Curve::P256,
        ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7"),
        "1e11d0612875962f698be111274a4371d2f3df6965c77671ade916fb29851d69",
    ),
    (
        Curve::P384,
        ObjectIdentifier::new_unwrap("1.3.132.0.34"),
        "9a10b2c3d126a422bb71029f6c6a91c097d839d55272baf83078afadda36083c",
    ),
    (
        Curve::P521,
        ObjectIdentifier::new_unwrap("1.3.132.0.35"),
        "b44a691cbf62ff4db76716eb96b45b5eb59a6696231d58886e3cf9f32f8b7ce4",
    ),
    (
        Curve::Secp256k1,
        ObjectIdentifier::new_unwrap("1.3.132.0.10"),
        "66c70efebd1b46af6c98e7b45b9a213f13b273ae3074d21f8d7d76f4670722cc",
    ),
    // prime192v1, and brainpool's P256r1, P320r1, P384r1 and P512r1.
    other(
        "1.2.840.10045.3.1.1",
        "5587217f935adfa41ed16685c45c71684c0115b86a583b257cb7433171ccd861",
    ),
    other(
        "1.3.36.3.3.2.8.1.1.7",
        "8595262fdd51863fe84ef560008e564e37afac02f9d8e368ead6686e5a5f9bbb",
    ),
    other(
        "1.3.36.3.3.2.8.1.1.9",
        "b531b28615738fa0cfc5b00bdf718e6ae47257d28caa8c3a3e9c5908363b05d2",
    ),
    other(
        "1.3.36.3.3.2.8.1.1.11",
        "e1cc69ce8c0e7e9fa83e3027bf4653557432afe1ea056d6f798ec52573f1ab64",
    ),
    other(
        "1.3.36.3.3.2.8.1.1.13",
        "bd4ed2fd46ea016bd91e7c4115e994f117cacaf0fab72aaf415844acbca93a0f",
    ),
];

/// A curve that is only known by its identifier.
const fn other(oid: &str, numbers: &'static str) -> (Curve, ObjectIdentifier, &'static str) {
    let oid = ObjectIdentifier::new_unwrap(oid);
    (Curve::Other(oid), oid, numbers)
}

impl Curve {
    /// The identifier; none for a curve without a name.
    pub fn oid(self) -> Option<ObjectIdentifier> {
        match self {
            Self::Other(oid) => Some(oid),
            _ => KNOWN
                .iter()
                .find(|known| known.0 == self)
                .map(|known| known.1),
        }
    }

    /// Length of a private number in bytes: that of the group's order.
    pub(super) fn scalar_len(self) -> Option<usize> {
        match self {
            Self::P224 => Some(28),
            Self::P256 | Self::Secp256k1 => Some(32),
            Self::P384 => Some(48),
            Self::P521 => Some(66),
            Self::Other(_) | Self::Unnamed => None,
        }
    }

    /// Reads `EcpkParameters` (RFC 3279, 2.3.5): the curve, and whether it was spelled out.
    pub(super) fn read(parameters: AnyRef<'_>) -> Option<(Self, bool)> {
        match parameters.header().tag() {
            Tag::ObjectIdentifier => {
                let oid = parameters.decode_as().ok()?;
                let known = KNOWN.iter().find(|known| known.1 == oid);
                Some((known.map_or(Self::Other(oid), |known| known.0), false))
            }
            Tag::Sequence => {
                let print = fingerprint(parameters);
                let known = KNOWN.iter().find(|known| print.as_deref() == Some(known.2));
                Some((known.map_or(Self::Unnamed, |known| known.0), true))
            }
            _ => None,
        }
    }
}

/// The digest of the numbers of a curve over a prime field, named or spelled out; `None` for others
/// and for names that are not known here. Two curves are the same when these are.
pub(super) fn numbers(parameters: AnyRef<'_>) -> Option<String> {
    if parameters.header().tag() == Tag::Sequence {
        return fingerprint(parameters);
    }
    let oid = parameters.decode_as().ok()?;
    let known = KNOWN.iter().find(|known| known.1 == oid)?;
    Some(known.2.to_owned())
}

impl fmt::Display for Curve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::P224 => f.write_str("P-224"),
            Self::P256 => f.write_str("P-256"),
            Self::P384 => f.write_str("P-384"),
            Self::P521 => f.write_str("P-521"),
            Self::Secp256k1 => f.write_str("secp256k1"),
            Self::Other(oid) => write!(f, "curve {oid}"),
            Self::Unnamed => f.write_str("(curve not named)"),
        }
    }
}

/// SHA-256 over the prime, both coefficients, the generator and the order of an `ECParameters`
/// (SEC 1, C.2), in hexadecimal. All of them count: a curve with another generator is another
/// curve, which is how CVE-2020-0601 worked. Seed and cofactor follow from the rest.
fn fingerprint(parameters: AnyRef<'_>) -> Option<String> {
    let numbers = parameters.sequence(|reader| -> der::Result<_> {
        let _version: UintRef<'_> = reader.decode()?;
        let field: AnyRef<'_> = reader.decode()?;
        let coefficients: AnyRef<'_> = reader.decode()?;
        let generator: &OctetStringRef = reader.decode()?;
        let order: UintRef<'_> = reader.decode()?;
        while !reader.is_finished() {
            let _cofactor_or_hash: AnyRef<'_> = reader.decode()?;
        }
        let prime = field.sequence(|reader| -> der::Result<&[u8]> {
            let _prime_field: ObjectIdentifier = reader.decode()?;
            Ok(reader.decode::<UintRef<'_>>()?.as_bytes())
        })?;
        let (a, b) = coefficients.sequence(|reader| -> der::Result<_> {
            let a: &OctetStringRef = reader.decode()?;
            let b: &OctetStringRef = reader.decode()?;
            while !reader.is_finished() {
                let _seed: AnyRef<'_> = reader.decode()?;
            }
            Ok((a.as_bytes(), b.as_bytes()))
        })?;
        Ok((prime, a, b, generator.as_bytes(), order.as_bytes()))
    });
    let (prime, a, b, generator, order) = numbers.ok()?;
    let (x, parity) = point_x(generator)?;
    let canonical = sequence(&[
        &positive(prime),
        &positive(a),
        &positive(b),
        &positive(x),
        &integer(parity),
        &positive(order),
    ]);
    let digest = Sha256::digest(&canonical);
    Some(hex(&digest))
}

/// The first coordinate of a point, and whether the second is odd (SEC 1, 2.3.3).
pub(super) fn point_x(point: &[u8]) -> Option<(&[u8], u32)> {
    let (form, coordinates) = point.split_first()?;
    match form {
        2 | 3 => Some((coordinates, u32::from(form & 1))),
        // Octets 6 and 7 also say the parity of the second, which is there.
        4 | 6 | 7 => {
            let x = coordinates.get(..coordinates.len() / 2)?;
            Some((x, u32::from(coordinates.last()? & 1)))
        }
        _ => None,
    }
}
