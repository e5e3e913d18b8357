//! Base64 without tables and branches on the characters: no timing depends on a key, and the
//! compiler turns the inner loop into vector instructions. Strict: RFC 4648 section 4 with padding.

use zeroize::Zeroizing;

/// Characters decoded at once: a line of PEM.
const BLOCK: usize = 64;

/// Bytes that they hold.
const BYTES: usize = BLOCK / 4 * 3;

/// Stands for characters outside the alphabet: more than six bits.
const NO_VALUE: u8 = 0xff;

/// Decodes canonical base64 into the front of `out`; the number of bytes, or `None` where the text
/// is not canonical or `out` is too short.
pub(super) fn decode(text: &[u8], out: &mut [u8]) -> Option<usize> {
    let padding = text
        .iter()
        .rev()
        .take(2)
        .take_while(|b| **b == b'=')
        .count();
    if !text.len().is_multiple_of(4) {
        return None;
    }
    let (data, total) = (&text[..text.len() - padding], text.len() / 4 * 3 - padding);
    let out = out.get_mut(..total)?;
    let (blocks, rest) = data.as_chunks::<BLOCK>();
    let mut scratch = Zeroizing::new([0; BLOCK]);
    let mut invalid = 0;
    let mut at = 0;
    for block in blocks {
        let end = (at + BYTES).min(out.len());
        invalid |= sextets(block, &mut scratch);
        pack(&scratch, out.get_mut(at..end)?);
        at = end;
    }
    let whole = rest.is_empty() || tail(rest, out.get_mut(at..)?, &mut scratch);
    (invalid == 0 && whole).then_some(total)
}

/// Decodes what is left behind the last whole block, filled up with zeros.
fn tail(rest: &[u8], out: &mut [u8], scratch: &mut [u8; BLOCK]) -> bool {
    let mut block = Zeroizing::new([b'A'; BLOCK]);
    block[..rest.len()].copy_from_slice(rest);
    let mut bytes = Zeroizing::new([0; BYTES]);
    let invalid = sextets(&block, scratch);
    pack(scratch, bytes.as_mut_slice());
    let (filled, unused) = bytes.split_at(out.len().min(BYTES));
    out[..filled.len()].copy_from_slice(filled);
    // Bits that no byte uses must be zero (RFC 4648 section 3.5).
    invalid == 0 && unused.iter().fold(0, |any, b| any | b) == 0
}

/// The value of each character; the result is not zero where one has none.
///
/// Written as a chain of selections on purpose: in this form the compiler uses vector instructions.
fn sextets(block: &[u8; BLOCK], values: &mut [u8; BLOCK]) -> u8 {
    for (value, &b) in values.iter_mut().zip(block) {
        let mut v = NO_VALUE;
        v = if b == b'+' { 62 } else { v };
        v = if b == b'/' { 63 } else { v };
        v = if b.wrapping_sub(b'0') < 10 {
            b.wrapping_add(52 - b'0')
        } else {
            v
        };
        v = if b.wrapping_sub(b'A') < 26 {
            b.wrapping_sub(b'A')
        } else {
            v
        };
        v = if b.wrapping_sub(b'a') < 26 {
            b.wrapping_sub(b'a' - 26)
        } else {
            v
        };
        *value = v;
    }
    values.iter().fold(0, |any, v| any | v) & 0xc0
}

/// Joins eight values of six bits to six bytes each, until `out` is full.
fn pack(values: &[u8; BLOCK], out: &mut [u8]) {
    let (groups, _) = values.as_chunks::<8>();
    let (whole, last) = out.as_chunks_mut::<6>();
    for (group, bytes) in groups.iter().zip(whole.iter_mut()) {
        *bytes = join(*group);
    }
    if let Some(group) = groups.get(whole.len()) {
        last.copy_from_slice(&join(*group)[..last.len()]);
    }
}

/// Three steps that double the width each.
fn join(group: [u8; 8]) -> [u8; 6] {
    let x = u64::from_be_bytes(group);
    let x = (x & 0x003f_003f_003f_003f) | ((x & 0x3f00_3f00_3f00_3f00) >> 2);
    let x = (x & 0x0000_0fff_0000_0fff) | ((x & 0x0fff_0000_0fff_0000) >> 4);
    let x = (x & 0x0000_0000_00ff_ffff) | ((x & 0x00ff_ffff_0000_0000) >> 8);
    let [_, _, bytes @ ..] = x.to_be_bytes();
    bytes
}

#[cfg(test)]
mod tests {
    use base64ct::{Base64, Encoding};
    use proptest::prelude::*;

    use super::decode;

    fn agree(text: &[u8]) {
        let (mut ours, mut theirs) = (vec![0; text.len()], vec![0; text.len()]);
        let ours = decode(text, &mut ours).map(|length| ours[..length].to_vec());
        assert_eq!(
            ours,
            Base64::decode(text, &mut theirs).ok().map(<[u8]>::to_vec)
        );
    }

    #[test]
    fn every_character_counts_as_in_base64ct() {
        for byte in 0..=255 {
            for position in 0..68 {
                let mut text = [b'A'; 68];
                text[position] = byte;
                agree(&text);
            }
        }
    }

    proptest! {
        #[test]
        fn decodes_what_base64ct_decodes(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            agree(Base64::encode_string(&bytes).as_bytes());
        }

        #[test]
        fn refuses_what_base64ct_refuses(text in "[A-D/+=]{0,9}") {
            agree(text.as_bytes());
        }
    }
}
