//! Whether a public key is that of a private key, however it is written.

use der::asn1::BitStringRef;
use der::{Decode, Sequence};

use super::curve::point_x;
use super::{Curve, PrivateKey, pkcs8};
use crate::container::pbe::Algorithm;

/// `SubjectPublicKeyInfo` (RFC 5280, 4.1).
#[derive(Sequence)]
struct PublicKeyInfo<'a> {
    algorithm: Algorithm<'a>,
    key: BitStringRef<'a>,
}

impl PrivateKey {
    /// Whether `spki`, a certificate's `SubjectPublicKeyInfo` in DER, is this key's public half.
    ///
    /// Wider than comparing it with [`PrivateKey::spki`]: a curve may be named here and spelled
    /// out there, a point compressed, a NULL left out. `false` for bytes that are no public key.
    pub fn belongs_to(&self, spki: &[u8]) -> bool {
        if self.spki == spki {
            return true;
        }
        let both = (
            PublicKeyInfo::from_der(&self.spki),
            PublicKeyInfo::from_der(spki),
        );
        let (Ok(mine), Ok(theirs)) = both else {
            return false;
        };
        if mine.algorithm.oid != theirs.algorithm.oid {
            return false;
        }
        let (point, other) = (mine.key.raw_bytes(), theirs.key.raw_bytes());
        match mine.algorithm.oid {
            pkcs8::EC => same_curve(&mine.algorithm, &theirs.algorithm) && same_point(point, other),
            pkcs8::DSA => mine.algorithm == theirs.algorithm && point == other,
            _ => point == other,
        }
    }
}

fn same_curve(mine: &Algorithm<'_>, theirs: &Algorithm<'_>) -> bool {
    let curve = |algorithm: &Algorithm<'_>| {
        let (curve, _) = Curve::read(algorithm.parameters?)?;
        (curve != Curve::Unnamed).then_some(curve)
    };
    match (curve(mine), curve(theirs)) {
        (Some(mine), Some(theirs)) => mine == theirs,
        _ => mine == theirs,
    }
}

/// A point is its first coordinate and the parity of the second.
fn same_point(mine: &[u8], theirs: &[u8]) -> bool {
    mine == theirs
        || (mine.len() != theirs.len()
            && point_x(mine).is_some()
            && point_x(mine) == point_x(theirs))
}
