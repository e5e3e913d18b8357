//! A text for the strict reader that holds no key: it copies what it reads into memory that it does
//! not overwrite.

use std::collections::VecDeque;

use zeroize::Zeroizing;

/// What a boundary begins with.
const DASHES: &[u8] = b"-----";

/// Longest boundary with a label that the strict reader knows, and some.
const LONGEST_BOUNDARY: usize = 48;

/// Characters at the end of a body that stay as they are: the last group decides whether the padding
/// and the unused bits are right.
const LAST_GROUP: usize = 4;

/// The text with every character of base64 that is no part of a boundary or of a body's last group
/// written as `A`. A strict reader finds the same blocks in it, and the same faults.
pub(super) fn masked(text: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut out = Zeroizing::new(text.to_vec());
    let mut last = VecDeque::with_capacity(LAST_GROUP + 1);
    let mut start = 0;
    while start < text.len() {
        let is_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
        let length = text[start..].iter().position(is_end);
        let end = length.map_or(text.len(), |length| start + length);
        let line = start..end;
        if text[line.clone()].starts_with(DASHES) {
            last.clear();
            // A body may have been glued to the boundary.
            let behind = boundary(&text[line.clone()]);
            for at in line.skip(behind).filter(|&at| is_base64(text[at])) {
                out[at] = b'A';
            }
        } else {
            for at in line.filter(|&at| is_base64(text[at])) {
                last.push_back(at);
                if last.len() > LAST_GROUP
                    && let Some(masked) = last.pop_front()
                {
                    out[masked] = b'A';
                }
            }
        }
        start = end + 1;
    }
    out
}

/// Length of the boundary that a line begins with.
fn boundary(line: &[u8]) -> usize {
    let label = &line[DASHES.len()..];
    let closing = label.windows(DASHES.len()).position(|five| five == DASHES);
    closing.map_or(LONGEST_BOUNDARY, |at| at + 2 * DASHES.len())
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_masked_and_boundaries_are_not() {
        let text =
            b"-----BEGIN PRIVATE KEY-----\nMIIBkey+/w\r\nsecr==\n-----END PRIVATE KEY-----\n";
        let masked = masked(text);
        let expected =
            b"-----BEGIN PRIVATE KEY-----\nAAAAAAAAAA\r\nsecr==\n-----END PRIVATE KEY-----\n";
        assert_eq!(masked.as_slice(), expected);
    }

    #[test]
    fn a_body_on_the_begin_line_is_masked() {
        let text = [&b"-----BEGIN PRIVATE KEY-----"[..], &[b'x'; 100]].concat();
        assert!(!masked(&text).contains(&b'x'));
    }
}
