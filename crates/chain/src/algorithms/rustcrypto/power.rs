//! Powers modulo an odd number, by Montgomery's multiplication (Handbook of Applied Cryptography, algorithms
//! 14.32 and 14.79). For public keys only: nothing here takes the same time for other numbers.
//!
//! Words have 32 bits: WebAssembly multiplies two of them in one instruction.

/// `base` to the power of an odd exponent, modulo `modulus`, in as many bytes as that has, all of them
/// big-endian. `None` when the modulus or the exponent is even, or the base is not below the modulus.
pub(super) fn power(base: &[u8], exponent: u64, modulus: &[u8]) -> Option<Vec<u8>> {
    let modulus = Modulus::new(modulus)?;
    let base = words(base);
    if base.len() > modulus.words.len() || exponent.is_multiple_of(2) {
        return None;
    }
    let base = padded(base, modulus.words.len());
    if !is_below(&base, &modulus.words) {
        return None;
    }
    let mut product = Product::new(&modulus);
    let mut power = modulus.radix(&mut product);
    product.multiply(&mut power, &base);
    let factor = power.clone();
    // From the second bit on; the last, which is set, is made up for below.
    for bit in (1..exponent.checked_ilog2()?).rev() {
        product.square(&mut power);
        if exponent >> bit & 1 == 1 {
            product.multiply(&mut power, &factor);
        }
    }
    if exponent > 1 {
        product.square(&mut power);
        // By the base as it was: this takes the power out of Montgomery's form, too.
        product.multiply(&mut power, &base);
    } else {
        power = base;
    }
    Some(modulus.bytes(&power))
}

/// An odd number.
struct Modulus {
    /// The lowest first; the last is not zero.
    words: Vec<u32>,
    bytes: usize,
    /// The negative of its inverse, modulo 2^32.
    inverse: u32,
}

impl Modulus {
    fn new(modulus: &[u8]) -> Option<Self> {
        let words = words(modulus);
        let lowest = *words.first()?;
        if lowest % 2 == 0 {
            return None;
        }
        // Newton's iteration: right in three bits, and in twice as many after each step.
        let mut inverse = lowest;
        for _ in 0..4 {
            inverse = inverse.wrapping_mul(2_u32.wrapping_sub(lowest.wrapping_mul(inverse)));
        }
        Some(Self {
            words,
            bytes: modulus.len(),
            inverse: inverse.wrapping_neg(),
        })
    }

    /// The square of R, R being 2^32 to the power of the number of words: what brings a number into
    /// Montgomery's form, in which R stands for 1.
    fn radix(&self, product: &mut Product<'_>) -> Vec<u32> {
        let length = self.words.len();
        let top = self.words.last().map_or(0, |word| word.ilog2());
        // The highest power of two that is below the modulus, or the modulus itself when that is 1.
        let mut power = vec![0; length];
        if let Some(word) = power.last_mut() {
            *word = 1 << top;
        }
        // R times two to the power of the number of words …
        for _ in top as usize..32 + length {
            self.double(&mut power);
        }
        // … in which 2^32 is five squarings away.
        for _ in 0..5 {
            product.square(&mut power);
        }
        power
    }

    fn double(&self, number: &mut [u32]) {
        let mut carry = 0;
        for word in &mut *number {
            (*word, carry) = (*word << 1 | carry, *word >> 31);
        }
        if carry == 1 || !is_below(number, &self.words) {
            subtract(number, &self.words);
        }
    }

    fn bytes(&self, number: &[u32]) -> Vec<u8> {
        let low_first = number.iter().flat_map(|word| word.to_le_bytes());
        let mut bytes: Vec<u8> = low_first
            .chain(std::iter::repeat(0))
            .take(self.bytes)
            .collect();
        bytes.reverse();
        bytes
    }
}

/// Room for products.
struct Product<'a> {
    modulus: &'a Modulus,
    words: Vec<u32>,
}

impl<'a> Product<'a> {
    fn new(modulus: &'a Modulus) -> Self {
        Self {
            modulus,
            words: vec![0; 2 * modulus.words.len() + 1],
        }
    }

    /// `left` becomes the product of both, divided by R.
    fn multiply(&mut self, left: &mut [u32], right: &[u32]) {
        self.words.fill(0);
        for (at, factor) in right.iter().enumerate() {
            let carry = add_product(&mut self.words[at..], left, *factor);
            self.words[at + left.len()] = carry;
        }
        self.reduce(left);
    }

    /// `number` becomes its square, divided by R.
    fn square(&mut self, number: &mut [u32]) {
        self.words.fill(0);
        // Each product of two different words once …
        for (at, factor) in number.iter().enumerate() {
            let others = &number[at + 1..];
            let carry = add_product(&mut self.words[2 * at + 1..], others, *factor);
            self.words[at + number.len()] = carry;
        }
        // … doubled, and the squares of the words.
        let (mut shifted, mut carry) = (0, 0);
        for (pair, word) in self.words.chunks_exact_mut(2).zip(&*number) {
            let square = u64::from(*word) * u64::from(*word);
            let [low, high] = pair else { continue };
            let doubled = u64::from(*low << 1 | shifted) + (square & LOW) + carry;
            shifted = *low >> 31;
            *low = word_of(doubled);
            let doubled = u64::from(*high << 1 | shifted) + (square >> 32) + (doubled >> 32);
            shifted = *high >> 31;
            *high = word_of(doubled);
            carry = doubled >> 32;
        }
        self.reduce(number);
    }

    /// Divides by R: multiples of the modulus are added until the lower half is zero.
    fn reduce(&mut self, into: &mut [u32]) {
        let Modulus { words, inverse, .. } = self.modulus;
        let mut top = 0;
        for at in 0..words.len() {
            let factor = self.words[at].wrapping_mul(*inverse);
            let carry = add_product(&mut self.words[at..], words, factor);
            let place = &mut self.words[at + words.len()];
            let sum = u64::from(*place) + u64::from(carry) + top;
            *place = word_of(sum);
            top = sum >> 32;
        }
        into.copy_from_slice(&self.words[words.len()..2 * words.len()]);
        if top == 1 || !is_below(into, words) {
            subtract(into, words);
        }
    }
}

const LOW: u64 = u32::MAX as u64;

/// The lower half.
#[allow(clippy::cast_possible_truncation)]
fn word_of(number: u64) -> u32 {
    number as u32
}

/// Adds `number` times `factor` to as many words; what has to be carried into the next.
fn add_product(sum: &mut [u32], number: &[u32], factor: u32) -> u32 {
    let factor = u64::from(factor);
    let mut carry = 0;
    for (place, word) in sum.iter_mut().zip(number) {
        // (2^32 - 1)^2 + 2 (2^32 - 1) = 2^64 - 1: it fits.
        carry += u64::from(*place) + u64::from(*word) * factor;
        *place = word_of(carry);
        carry >>= 32;
    }
    word_of(carry)
}

fn subtract(number: &mut [u32], other: &[u32]) {
    let mut borrow = false;
    for (place, word) in number.iter_mut().zip(other) {
        let (less, first) = place.overflowing_sub(*word);
        let (less, second) = less.overflowing_sub(u32::from(borrow));
        (*place, borrow) = (less, first || second);
    }
}

/// Compares numbers of as many words.
fn is_below(number: &[u32], other: &[u32]) -> bool {
    number.iter().rev().lt(other.iter().rev())
}

/// Words of bytes, the lowest first, without zeros at the top.
fn words(bytes: &[u8]) -> Vec<u32> {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    bytes[zeros..]
        .rchunks(4)
        .map(|chunk| {
            chunk
                .iter()
                .fold(0, |word, byte| word << 8 | u32::from(*byte))
        })
        .collect()
}

fn padded(mut words: Vec<u32>, length: usize) -> Vec<u32> {
    words.resize(length, 0);
    words
}

#[cfg(test)]
mod tests {
    use super::power;

    /// The same by long multiplication and subtraction of single bits, slowly.
    fn slowly(base: u128, exponent: u64, modulus: u128) -> u128 {
        // Below 2^127, so that twice a number is one.
        let product = |left: u128, right: u128| {
            (0..128).rev().fold(0, |sum: u128, bit| {
                let doubled = sum * 2 % modulus;
                (doubled + if right >> bit & 1 == 1 { left } else { 0 }) % modulus
            })
        };
        (0..exponent).fold(1 % modulus, |result, _| product(result, base))
    }

    #[test]
    fn powers_are_those_of_long_multiplication() {
        let moduli: [u128; 7] = [
            3,
            0xffff_ffff,
            0x1_0000_0001,
            0xffff_ffff_ffff_ffff,
            0x1_0000_0000_0000_0001,
            (1 << 127) - 1,
            0x0123_4567_89ab_cdef_0123_4567_89ab_cdef >> 1 | 1,
        ];
        for modulus in moduli {
            for base in [0, 1, 2, modulus / 3, modulus / 2 + 1, modulus - 1] {
                for exponent in [1, 3, 5, 17, 101] {
                    let bytes = power(&base.to_be_bytes(), exponent, &modulus.to_be_bytes());
                    let wanted = slowly(base, exponent, modulus).to_be_bytes();
                    assert_eq!(
                        bytes.as_deref(),
                        Some(&wanted[..]),
                        "{base} {exponent} {modulus}"
                    );
                }
            }
        }
    }

    #[test]
    fn what_has_no_power_here_has_none() {
        assert_eq!(power(&[1], 3, &[0, 4]), None, "an even modulus");
        assert_eq!(power(&[1], 4, &[5]), None, "an even exponent");
        assert_eq!(power(&[1], 0, &[5]), None, "no exponent");
        assert_eq!(power(&[5], 3, &[5]), None, "a base as large as the modulus");
        assert_eq!(power(&[1; 5], 3, &[5]), None, "a base with more words");
        assert_eq!(power(&[1], 3, &[0, 0]), None, "no modulus");
        assert_eq!(power(&[1], 3, &[]), None, "not even a byte of one");
    }
}
