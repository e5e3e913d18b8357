use core::ops::Range;

use super::{label, lines};

/// The longest label that is read, in bytes. The longest in use has 26 (`SSH2 ENCRYPTED PRIVATE
/// KEY`); OpenSSL reads boundary lines of up to 254.
const MAX_LABEL: usize = 48;

/// The longest word of a label that is shown, in bytes. The longest in use has 11 (`CERTIFICATE`).
const MAX_WORD: usize = 16;

/// Spaces that may stand inside a damaged boundary.
const MAX_GAP: usize = 8;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Begin,
    End,
}

impl Side {
    fn read(rest: &[u8]) -> Option<(Self, usize)> {
        let is = |word: &[u8]| {
            rest.get(..word.len())
                .is_some_and(|w| w.eq_ignore_ascii_case(word))
        };
        match rest.first()? {
            b'B' | b'b' if is(b"BEGIN") => Some((Self::Begin, 5)),
            b'E' | b'e' if is(b"END") => Some((Self::End, 3)),
            _ => None,
        }
    }
}

/// A boundary: `-----BEGIN label-----`, or what can only have been one.
#[derive(Clone, Debug)]
pub(super) struct Boundary {
    pub(super) side: Side,
    pub(super) label: String,
    /// Dashes included.
    pub(super) range: Range<usize>,
    /// Whether it is written as RFC 7468 section 3 has it.
    pub(super) exact: bool,
}

/// The next boundary at or after `from`. Each run of dashes costs a bounded number of steps.
pub(super) fn next(bytes: &[u8], from: usize) -> Option<Boundary> {
    let mut at = from;
    while let Some(start) = find_dash(bytes, at) {
        let run = dashes(bytes, start);
        let found = read_at(bytes, start, run).or_else(|| without_dashes(bytes, from, start, run));
        if found.is_some() {
            return found;
        }
        at = start + run;
    }
    None
}

fn find_dash(bytes: &[u8], from: usize) -> Option<usize> {
    // Whole blocks first: a fold without early exit compiles to vector instructions.
    const BLOCK: usize = 64;
    let mut at = from;
    while let Some(block) = bytes.get(at..at + BLOCK) {
        if block.iter().fold(0_u8, |any, b| any | u8::from(*b == b'-')) != 0 {
            break;
        }
        at += BLOCK;
    }
    let rest = bytes.get(at..)?;
    rest.iter()
        .position(|b| *b == b'-')
        .map(|offset| at + offset)
}

/// A boundary whose dashes start at `start`.
fn read_at(bytes: &[u8], start: usize, run: usize) -> Option<Boundary> {
    let word = start + run + blanks(bytes, start + run);
    let (side, length) = Side::read(bytes.get(word..)?)?;
    let written = label_at(bytes, word + length);
    // Six dashes or more before the next BEGIN belong to both boundaries.
    let trailing = own_share(bytes, &written);
    let text = bytes.get(written.range.clone())?;
    let is_space = bytes.get(word + length) == Some(&b' ');
    let spaced = is_space && written.range.start == word + length + 1 && written.gap == 0;
    let in_capitals = bytes[word..word + length]
        .iter()
        .all(u8::is_ascii_uppercase);
    let shape = run == 5 && trailing == 5 && word == start + run && spaced && in_capitals;
    let known = label::known(text);
    let exact = shape && known.is_none_or(|known| known.as_bytes() == text) && is_label(text);
    // A short line of dashes may be prose: a damaged boundary counts only with a label we know.
    let credible = exact || (known.is_some() && (run > 1 || trailing > 1));
    let ended = trailing > 0 || written.ends_line;
    (credible && ended).then(|| Boundary {
        side,
        label: known.map_or_else(|| shown(text), str::to_owned),
        range: start..written.range.end + written.gap + trailing,
        exact,
    })
}

/// An unknown label as it may be shown. Labels are words in capitals; what is not may be a piece of a
/// private key that slipped in between the dashes, and is told by its length alone.
fn shown(text: &[u8]) -> String {
    let is_word = |word: &[u8]| {
        let is_ours = |byte: &u8| byte.is_ascii_uppercase() || b"0123456789#./_-+".contains(byte);
        word.len() <= MAX_WORD && word.iter().all(is_ours)
    };
    if text.split(|byte| *byte == b' ').all(is_word) {
        String::from_utf8_lossy(text).into_owned()
    } else {
        format!("({} characters, not shown)", text.len())
    }
}

/// `BEGIN label-----` at the start of a line: the first dashes are lost. `run` dashes at `start`.
fn without_dashes(bytes: &[u8], floor: usize, start: usize, run: usize) -> Option<Boundary> {
    if run < 2 {
        return None;
    }
    let lowest = start.saturating_sub(MAX_LABEL + MAX_GAP).max(floor);
    let before = bytes.get(lowest..start)?;
    let line = before
        .iter()
        .rposition(|b| matches!(b, b'\n' | b'\r'))
        .map_or(lowest, |at| lowest + at + 1);
    let at_start = line == 0 || matches!(bytes.get(line - 1), Some(b'\n' | b'\r'));
    let trimmed = lines::trim(bytes, line..start);
    let (side, length) = Side::read(bytes.get(trimmed.clone())?)?;
    let label = label::known(bytes.get(trimmed.start + length..trimmed.end)?)?;
    at_start.then(|| Boundary {
        side,
        label: label.to_owned(),
        range: trimmed.start..start + run,
        exact: false,
    })
}

struct Written {
    range: Range<usize>,
    /// Blanks between the label and the dashes.
    gap: usize,
    dashes: usize,
    ends_line: bool,
}

/// The label that starts at or after `from`, up to two dashes, a dash that ends the line, or the end.
fn label_at(bytes: &[u8], from: usize) -> Written {
    let start = from + blanks(bytes, from);
    let mut end = start;
    while end - start < MAX_LABEL {
        match bytes.get(end..) {
            Some([b'-', b'-' | b'\n' | b'\r', ..] | [b'-']) => break,
            Some([b' '..=b'~', ..]) => end += 1,
            _ => break,
        }
    }
    let full = lines::trim(bytes, start..end);
    let ends_line = matches!(bytes.get(end), None | Some(b'\n' | b'\r'));
    Written {
        gap: end - full.end,
        dashes: dashes(bytes, end),
        range: full,
        ends_line,
    }
}

/// How many of the dashes behind a label are its own. Where another boundary follows at once, the
/// last five are that one's; where there are too few for two, they are shared out evenly.
fn own_share(bytes: &[u8], written: &Written) -> usize {
    let run = written.dashes;
    let after = written.range.end + written.gap + run;
    let glued = bytes.get(after..).and_then(Side::read).is_some();
    if glued {
        run - run.div_ceil(2).min(5)
    } else {
        run
    }
}

/// RFC 7468 section 3: printable ASCII; hyphens and spaces only inside.
fn is_label(text: &[u8]) -> bool {
    text.first() != Some(&b'-') && text.last() != Some(&b'-')
}

fn dashes(bytes: &[u8], at: usize) -> usize {
    bytes
        .get(at..)
        .map_or(0, |rest| rest.iter().take_while(|b| **b == b'-').count())
}

fn blanks(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    rest.iter()
        .take(MAX_GAP)
        .take_while(|b| lines::is_blank(**b))
        .count()
}
