//! The public half of an Ed448 key (RFC 8032, 5.2.5): one multiplication on edwards448.
//!
//! No finished crate has the curve, and a pair must not pass or fail for want of one. Nothing is
//! signed or verified here.

use crypto_bigint::modular::ConstMontyForm;
use crypto_bigint::{U448, const_monty_params};
use sha3::Shake256;
use sha3::digest::{ExtendableOutput, Update, XofReader};
use zeroize::Zeroizing;

/// Length of a secret and of a public key in bytes.
pub(super) const LENGTH: usize = 57;

const_monty_params!(
    Prime,
    U448,
    "fffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "The field prime, 2^448 - 2^224 - 1 (RFC 8032, 5.2)."
);

type Field = ConstMontyForm<Prime, { U448::LIMBS }>;

/// The base point (RFC 8032, 5.2).
const BASE: [&str; 2] = [
    "4f1970c66bed0ded221d15a622bf36da9e146570470f1767ea6de324a3d3a46412ae1af72ab66511433b80e18b00938e2626a82bc70cc05e",
    "693f46716eb6bc248876203756c9c7624bea73736ca3984087789c1e05a0c2d73ad3ff1ce67c39c4fdbd132c4ed7c8ad9808795bf230fa14",
];

/// Minus d, the curve's constant: x^2 + y^2 = 1 + d * x^2 * y^2.
const MINUS_D: u32 = 39_081;

/// A point in projective coordinates: (X / Z, Y / Z).
#[derive(Clone, Copy)]
struct Point {
    x: Field,
    y: Field,
    z: Field,
}

impl Point {
    const NEUTRAL: Self = Self {
        x: Field::ZERO,
        y: Field::ONE,
        z: Field::ONE,
    };

    fn base() -> Self {
        let [x, y] = BASE.map(|digits| Field::new(&U448::from_be_hex(digits)));
        Self {
            x,
            y,
            z: Field::ONE,
        }
    }

    /// RFC 8032, 5.2.4; the letters are the RFC's. Complete, so it doubles too.
    #[allow(clippy::many_single_char_names, reason = "the RFC's letters")]
    fn add(&self, other: &Self) -> Self {
        let a = self.z.mul(&other.z);
        let b = a.square();
        let c = self.x.mul(&other.x);
        let d = self.y.mul(&other.y);
        // E is negative because d is, so F and G change places.
        let minus_e = Field::new(&U448::from_u32(MINUS_D)).mul(&c).mul(&d);
        let f = b.add(&minus_e);
        let g = b.sub(&minus_e);
        let h = self.x.add(&self.y).mul(&other.x.add(&other.y));
        Self {
            x: a.mul(&f).mul(&h.sub(&c).sub(&d)),
            y: a.mul(&g).mul(&d.sub(&c)),
            z: f.mul(&g),
        }
    }

    /// Little-endian y, with the parity of x in the top bit (RFC 8032, 5.2.2).
    fn encode(&self) -> Vec<u8> {
        // Z is never zero on this curve; the fallback is not reached.
        let inverse = self.z.invert().into_option().unwrap_or(Field::ZERO);
        let x = self.x.mul(&inverse).retrieve();
        let mut out = self
            .y
            .mul(&inverse)
            .retrieve()
            .to_le_bytes()
            .as_ref()
            .to_vec();
        out.push(x.to_le_bytes().as_ref().first().map_or(0, |low| low << 7));
        out
    }
}

/// The public key of a secret of [`LENGTH`] bytes.
pub(super) fn public(secret: &[u8]) -> Vec<u8> {
    let scalar = scalar(secret);
    let choices = [Point::NEUTRAL, Point::base()];
    let mut point = Point::NEUTRAL;
    for byte in scalar.iter().rev() {
        for bit in (0..8).rev() {
            point = point.add(&point);
            point = point.add(&choices[usize::from(byte >> bit & 1)]);
        }
    }
    point.encode()
}

/// The first half of the secret's hash, pruned; little-endian.
fn scalar(secret: &[u8]) -> Zeroizing<[u8; LENGTH]> {
    let mut scalar = Zeroizing::new([0; LENGTH]);
    let mut hash = Shake256::default();
    hash.update(secret);
    hash.finalize_xof().read(&mut *scalar);
    scalar[0] &= 0xfc;
    scalar[55] |= 0x80;
    scalar[56] = 0;
    scalar
}
