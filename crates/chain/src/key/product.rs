//! The one piece of arithmetic that RSA keys need here: a product of secret numbers.

use zeroize::Zeroizing;

/// The big-endian product of two big-endian numbers, as long as both together.
///
/// School multiplication, byte by byte: RSA's largest factors are 1 KiB, and the buffer is the
/// only copy of the secret.
pub(super) fn product(a: &[u8], b: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut out = Zeroizing::new(vec![0u8; a.len() + b.len()]);
    for (i, x) in a.iter().enumerate().rev() {
        let mut carry = 0u32;
        for (j, y) in b.iter().enumerate().rev() {
            let at = i + j + 1;
            let sum = u32::from(*x) * u32::from(*y) + u32::from(out[at]) + carry;
            out[at] = sum.to_be_bytes()[3];
            carry = sum >> 8;
        }
        // The carry of this row lands where no row has written yet.
        out[i] = carry.to_be_bytes()[3];
    }
    out
}

/// A big-endian number without leading zeros.
pub(super) fn trimmed(magnitude: &[u8]) -> &[u8] {
    let zeros = magnitude.iter().take_while(|byte| **byte == 0).count();
    &magnitude[zeros..]
}

/// Length in bits of a big-endian number.
pub(super) fn bit_length(magnitude: &[u8]) -> u32 {
    let digits = trimmed(magnitude);
    let Some(first) = digits.first() else {
        return 0;
    };
    let bytes = u32::try_from(digits.len()).unwrap_or(u32::MAX / 8);
    bytes.saturating_mul(8) - first.leading_zeros()
}

/// `number` mod (`modulus` - 1), for an odd `modulus`: what PKCS#1 keeps of d for each prime.
///
/// Long division bit by bit, quadratic in length: 16,384 bits by 8,192 take milliseconds. The
/// work does not depend on the digits. Zero when `modulus` is no more than one.
pub(super) fn remainder_below(number: &[u8], modulus: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut divisor = Zeroizing::new(trimmed(modulus).to_vec());
    // Odd, so taking one off is clearing a bit.
    if let Some(low) = divisor.last_mut() {
        *low &= 0xfe;
    }
    // One byte of head room: the remainder is doubled before it is reduced.
    let mut remainder = Zeroizing::new(vec![0u8; divisor.len() + 1]);
    let mut reduced = Zeroizing::new(vec![0u8; divisor.len() + 1]);
    if trimmed(&divisor).is_empty() {
        return remainder;
    }
    for byte in number {
        for bit in (0..8).rev() {
            double(&mut remainder, (byte >> bit) & 1);
            let borrow = subtract(&remainder, &divisor, &mut reduced);
            // All ones keeps what was subtracted, all zeros what was not.
            let keep = borrow.wrapping_sub(1);
            for (digit, less) in remainder.iter_mut().zip(reduced.iter()) {
                *digit = (*less & keep) | (*digit & !keep);
            }
        }
    }
    remainder
}

/// `number` becomes twice itself plus `bit`.
fn double(number: &mut [u8], mut bit: u8) {
    for digit in number.iter_mut().rev() {
        let top = *digit >> 7;
        *digit = (*digit << 1) | bit;
        bit = top;
    }
}

/// `out` = `number` - `less`, which is one byte shorter; 1 when that went below zero.
fn subtract(number: &[u8], less: &[u8], out: &mut [u8]) -> u8 {
    let mut borrow = 0u8;
    let digits = less.iter().rev().copied().chain(core::iter::once(0));
    for ((digit, other), result) in number.iter().rev().zip(digits).zip(out.iter_mut().rev()) {
        let (partial, first) = digit.overflowing_sub(other);
        let (difference, second) = partial.overflowing_sub(borrow);
        *result = difference;
        borrow = u8::from(first | second);
    }
    borrow
}
