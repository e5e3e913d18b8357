use core::ops::Range;

/// Bytes between two entries of the index. Small enough that counting inside one costs nothing,
/// large enough that the index stays below 2 % of the input.
const STRIDE: usize = 256;

/// Line numbers by offset: how many lines end before each multiple of [`STRIDE`].
pub(super) struct LineIndex {
    ended: Vec<u32>,
    has_cr: bool,
}

impl LineIndex {
    pub(super) fn new(units: &[u8], has_cr: bool) -> Self {
        let mut ended = Vec::with_capacity(units.len() / STRIDE + 1);
        let mut total = 0;
        for start in (0..=units.len()).step_by(STRIDE) {
            ended.push(total);
            total += count(units, start..(start + STRIDE).min(units.len()), has_cr);
        }
        Self { ended, has_cr }
    }

    /// The line, from 1, of the unit at `at`.
    pub(super) fn line_of(&self, units: &[u8], at: usize) -> u32 {
        let entry = at / STRIDE;
        let before = self.ended.get(entry).copied().unwrap_or(0);
        1 + before + count(units, entry * STRIDE..at.min(units.len()), self.has_cr)
    }
}

/// Line ends in a range. A CR counts where no LF follows, so CR LF counts once, at its LF.
fn count(units: &[u8], range: Range<usize>, has_cr: bool) -> u32 {
    let end = range.end;
    let Some(part) = units.get(range) else {
        return 0;
    };
    // Counting in bytes, 128 at a time, compiles to vector instructions.
    let in_block = |block: &[u8]| {
        block
            .iter()
            .fold(0_u8, |sum, b| sum.wrapping_add(u8::from(*b == b'\n')))
    };
    let mut lines: u32 = part
        .chunks(128)
        .map(|block| u32::from(in_block(block)))
        .sum();
    if has_cr {
        let pairs = part
            .windows(2)
            .filter(|w| w[0] == b'\r' && w[1] != b'\n')
            .count();
        let last = part.last() == Some(&b'\r') && units.get(end) != Some(&b'\n');
        lines += u32::try_from(pairs).unwrap_or(u32::MAX) + u32::from(last);
    }
    lines
}

/// The lines of a range without their ends, each with whether an end was there.
pub(super) struct Lines<'t> {
    bytes: &'t [u8],
    at: usize,
    end: usize,
}

pub(super) struct Line {
    pub(super) range: Range<usize>,
    /// Where the next line starts.
    pub(super) next: usize,
}

impl Line {
    pub(super) fn is_terminated(&self) -> bool {
        self.next > self.range.end
    }
}

impl<'t> Lines<'t> {
    pub(super) fn new(bytes: &'t [u8], range: Range<usize>) -> Self {
        Self {
            bytes,
            at: range.start,
            end: range.end,
        }
    }
}

impl Iterator for Lines<'_> {
    type Item = Line;

    fn next(&mut self) -> Option<Line> {
        if self.at >= self.end {
            return None;
        }
        let (start, rest) = (self.at, self.bytes.get(self.at..self.end)?);
        let length = rest
            .iter()
            .position(|b| matches!(b, b'\n' | b'\r'))
            .unwrap_or(rest.len());
        let ending = match rest.get(length..) {
            Some([b'\r', b'\n', ..]) => 2,
            Some([_, ..]) => 1,
            _ => 0,
        };
        self.at = start + length + ending;
        Some(Line {
            range: start..start + length,
            next: self.at,
        })
    }
}

/// White space inside a line.
pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | 0x0b | 0x0c)
}

/// A vertical tab or form feed: OpenSSL's base64 has no such white space, and takes it off the ends of
/// lines only.
pub(super) fn is_feed(byte: u8) -> bool {
    matches!(byte, 0x0b | 0x0c)
}

/// White space, line ends included.
pub(super) fn is_space(byte: u8) -> bool {
    is_blank(byte) || matches!(byte, b'\n' | b'\r')
}

/// The range without white space at either side.
pub(super) fn trim(bytes: &[u8], range: Range<usize>) -> Range<usize> {
    let Some(part) = bytes.get(range.clone()) else {
        return range;
    };
    let Some(first) = part.iter().position(|&b| !is_space(b)) else {
        return range.end..range.end;
    };
    let last = part.iter().rposition(|&b| !is_space(b)).unwrap_or(first);
    range.start + first..range.start + last + 1
}
