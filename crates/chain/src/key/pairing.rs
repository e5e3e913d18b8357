//! Whether a public key is that of a private key, however it is written.

use der::asn1::BitStringRef;
use der::{Decode, Sequence};
use keyway_report::Verdict;

use super::curve::{numbers, point_x};
use super::{PrivateKey, pkcs8};
use crate::container::pbe::Algorithm;

/// `SubjectPublicKeyInfo` (RFC 5280, 4.1).
#[derive(Sequence)]
struct PublicKeyInfo<'a> {
    algorithm: Algorithm<'a>,
    key: BitStringRef<'a>,
}

impl PrivateKey {
    /// Whether `spki`, a certificate's `SubjectPublicKeyInfo` in DER, is this key's public half for
    /// sure: [`PrivateKey::pairing`] says "yes".
    pub fn belongs_to(&self, spki: &[u8]) -> bool {
        self.pairing(spki) == Verdict::Yes
    }

    /// Whether `spki`, a certificate's `SubjectPublicKeyInfo` in DER, is this key's public half.
    ///
    /// Wider than comparing it with [`PrivateKey::spki`]: a curve may be named here and spelled
    /// out there, a point compressed, a NULL left out. Unknown for the same point on curves that
    /// cannot be compared, and for bytes that are no public key.
    pub fn pairing(&self, spki: &[u8]) -> Verdict {
        if self.spki == spki {
            return Verdict::Yes;
        }
        let both = (
            PublicKeyInfo::from_der(&self.spki),
            PublicKeyInfo::from_der(spki),
        );
        let (Ok(mine), Ok(theirs)) = both else {
            return Verdict::Unknown;
        };
        if mine.algorithm.oid != theirs.algorithm.oid {
            return Verdict::No;
        }
        let (point, other) = (mine.key.raw_bytes(), theirs.key.raw_bytes());
        match mine.algorithm.oid {
            pkcs8::EC => {
                let is_prime = mine.algorithm.parameters.and_then(numbers).is_some();
                same_curve(&mine.algorithm, &theirs.algorithm)
                    .and(same_point(point, other, is_prime))
            }
            pkcs8::DSA => Verdict::known(point == other)
                .and(same_parameters(&mine.algorithm, &theirs.algorithm)),
            _ => Verdict::known(point == other),
        }
    }
}

/// DSA parameters may be left out of a certificate, when its issuer's count (RFC 3279, 2.3.2).
fn same_parameters(mine: &Algorithm<'_>, theirs: &Algorithm<'_>) -> Verdict {
    match theirs.parameters {
        None => Verdict::Unknown,
        Some(_) => Verdict::known(mine == theirs),
    }
}

/// Curves over prime fields are compared by their numbers; of others only the same bytes are known
/// to be the same.
fn same_curve(mine: &Algorithm<'_>, theirs: &Algorithm<'_>) -> Verdict {
    if mine == theirs {
        return Verdict::Yes;
    }
    let both = (
        mine.parameters.and_then(numbers),
        theirs.parameters.and_then(numbers),
    );
    match both {
        (Some(mine), Some(theirs)) => Verdict::known(mine == theirs),
        _ => Verdict::Unknown,
    }
}

/// A point is its first coordinate and the parity of the second: over a prime field, where the
/// parity is the last bit (SEC 1, 2.3.3).
fn same_point(mine: &[u8], theirs: &[u8], is_prime: bool) -> Verdict {
    let (Some((x, parity)), Some((other_x, other_parity))) = (point_x(mine), point_x(theirs))
    else {
        return Verdict::No;
    };
    if mine.len() == theirs.len() && !matches!(mine, [2 | 3, ..]) {
        // Both in full; the first octet only says whether the parity is told once more.
        return Verdict::known(mine[1..] == theirs[1..]);
    }
    if x != other_x {
        Verdict::No
    } else if is_prime || mine.len() == theirs.len() {
        Verdict::known(parity == other_parity)
    } else {
        Verdict::Unknown
    }
}
