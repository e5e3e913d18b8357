//! Whether the bits of a public key are a key of its algorithm: what a TLS library finds out when it
//! loads it.

use p256::elliptic_curve::sec1::{FromSec1Point, ModulusSize, ToSec1Point};
use p256::elliptic_curve::{AffinePoint, CurveArithmetic, FieldBytesSize, PublicKey as Point};
use x509_parser::asn1_rs::{Any, FromDer, Tag};

use super::PublicKeyAlgorithm;
use super::public_key::PublicKey;
use crate::algorithms::PublicKey as Split;

/// Octets of an Ed25519 and of an Ed448 key (RFC 8032, sections 5.1.5 and 5.2.5).
const ED25519_OCTETS: usize = 32;
const ED448_OCTETS: usize = 57;

/// What is wrong with the key of this `SubjectPublicKeyInfo`, read before as `facts`.
pub(super) fn fault(spki: &[u8], facts: &PublicKey) -> Option<&'static str> {
    use PublicKeyAlgorithm as A;
    let Some(Split { key, .. }) = Split::read(spki) else {
        return Some("its bits are not whole octets, or something follows them");
    };
    match facts.algorithm {
        A::Rsa | A::RsaPss => of_rsa(key),
        A::Ec => of_point(key, facts),
        A::Ed25519 => (key.len() != ED25519_OCTETS).then_some("an Ed25519 key has 32 octets"),
        A::Ed448 => (key.len() != ED448_OCTETS).then_some("an Ed448 key has 57 octets"),
        A::Dsa | A::Other => None,
    }
}

/// `RSAPublicKey` (RFC 8017, sections 3.1 and A.1.1): n is a product of odd primes.
fn of_rsa(key: &[u8]) -> Option<&'static str> {
    let (behind, sequence) = Any::from_der(key).ok()?;
    let (rest, modulus) = Any::from_der(sequence.data).ok()?;
    let (rest, exponent) = Any::from_der(rest).ok()?;
    if !behind.is_empty() || !rest.is_empty() {
        return Some("more bytes follow the RSA key");
    }
    if modulus.tag() != Tag::Integer || exponent.tag() != Tag::Integer {
        return Some("the RSA key is not an RSAPublicKey structure");
    }
    let is_negative = |number: &[u8]| number.first().is_some_and(|first| first & 0x80 != 0);
    let is_zero = |number: &[u8]| number.iter().all(|&octet| octet == 0);
    let is_even = |number: &[u8]| number.last().is_none_or(|last| last & 1 == 0);
    match (modulus.data, exponent.data) {
        (n, _) if is_negative(n) => Some("the RSA modulus is negative"),
        (n, _) if is_zero(n) => Some("the RSA modulus is zero"),
        (n, _) if is_even(n) => Some("the RSA modulus is even"),
        (_, e) if is_negative(e) => Some("the RSA exponent is negative"),
        _ => None,
    }
}

/// `ECPoint` (RFC 5480, section 2.2; SEC 1, section 2.3.4). Whether it lies on the curve is asked for
/// the curves of TLS.
fn of_point(key: &[u8], facts: &PublicKey) -> Option<&'static str> {
    if key == [0] {
        return Some("its point is the one at infinity");
    }
    if facts.bits == 0 {
        return None; // A curve that is not known here.
    }
    let octets = usize::try_from(facts.bits.div_ceil(8)).unwrap_or_default();
    let has_form = match key {
        [4, coordinates @ ..] => coordinates.len() == 2 * octets,
        [2 | 3, coordinate @ ..] => coordinate.len() == octets,
        _ => false,
    };
    if !has_form {
        return Some("its point has the wrong length or form for the curve");
    }
    let is_on_curve = match facts.curve.as_deref() {
        Some("P-256") => is_point_of::<p256::NistP256>(key),
        Some("P-384") => is_point_of::<p384::NistP384>(key),
        Some("P-521") => is_point_of::<p521::NistP521>(key),
        _ => true,
    };
    (!is_on_curve).then_some("its point does not lie on the curve")
}

fn is_point_of<C>(key: &[u8]) -> bool
where
    C: CurveArithmetic,
    FieldBytesSize<C>: ModulusSize,
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
{
    Point::<C>::from_sec1_bytes(key).is_ok()
}
