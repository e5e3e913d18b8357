use core::ops::Range;

use super::lines::is_space;
use super::sextet;
use super::tlv::Tlv;

/// Characters that a run must have before white space is taken to continue it: words are shorter.
const WORD: usize = 32;

/// The least that is taken for base64 of DER: an Ed25519 public key has 60 characters.
const SHORTEST: usize = 24;

/// Characters that show a SEQUENCE whose end is missing: one full line.
const SHORTEST_TORN: usize = 64;

/// Base64 of a DER SEQUENCE that stands in the open, without boundaries.
///
/// The DER header says how many characters belong to it, so text behind it is not swallowed. Each
/// character is looked at a bounded number of times: what was refused is not tried again.
pub(super) fn next(bytes: &[u8], within: Range<usize>) -> Option<Range<usize>> {
    let text = bytes.get(..within.end)?;
    let mut at = within.start;
    while let Some(start) = next_start(text, at, within.start) {
        let (end, accepted) = extent(text, start);
        if accepted {
            return Some(start..end);
        }
        at = end.max(start + 1);
    }
    None
}

/// SEQUENCE is 0x30, and its length below 0x88: `M` and one of `A` to `I`, at the start of a word.
fn next_start(text: &[u8], from: usize, floor: usize) -> Option<usize> {
    let found = text
        .get(from..)?
        .windows(2)
        .enumerate()
        .find(|(offset, pair)| {
            let at = from + offset;
            let fresh = at == floor || text.get(at - 1).is_some_and(|b| !is_base64(*b));
            fresh && matches!(pair, [b'M', b'A'..=b'I'])
        });
    found.map(|(offset, _)| from + offset)
}

/// Where the run ends, and whether it is what it seemed.
fn extent(text: &[u8], start: usize) -> (usize, bool) {
    let Some(needed) = characters_needed(&text[start..]) else {
        return (start + 1, false);
    };
    let (mut at, mut count, mut word) = (start, 0, 0);
    let mut end = start;
    while count < needed {
        match text.get(at) {
            Some(&byte) if is_base64(byte) => {
                (count, word, at) = (count + 1, word + 1, at + 1);
                end = at;
            }
            Some(&byte) if (is_space(byte) || byte == b'>') && word >= WORD => {
                at += text[at..]
                    .iter()
                    .take_while(|b| is_space(**b) || **b == b'>')
                    .count();
                word = 0;
            }
            _ => break,
        }
    }
    let complete = count == needed && !text.get(end).is_some_and(|b| is_base64(*b));
    let torn = count < needed && count >= SHORTEST_TORN && text[start..].starts_with(b"MI");
    end += text[end..]
        .iter()
        .take(2)
        .take_while(|b| **b == b'=')
        .count();
    (end, (complete && count >= SHORTEST) || torn)
}

fn characters_needed(rest: &[u8]) -> Option<usize> {
    let mut header = [0; 6];
    let first: [u8; 8] = rest.get(..8)?.try_into().ok()?;
    let standard = first.map(|b| match b {
        b'-' => b'+',
        b'_' => b'/',
        other => other,
    });
    sextet::decode(&standard, &mut header)?;
    let total = Tlv::sequence(&header)?.total();
    total.checked_mul(4).map(|bits| bits.div_ceil(3))
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}
