use core::ops::Range;

use zeroize::Zeroizing;

use super::escape::{self, Escape};
use super::lines::LineIndex;
use super::{Note, NoteKind, Place};

/// The input as plain bytes, and the way back to its own offsets.
///
/// Two steps, each skipped where it has nothing to do: UTF-16 becomes one byte per code unit
/// (`units`), then escapes become the byte they stand for (`plain`, with an [`Anchor`] each).
pub(super) struct Text<'a> {
    units: Held<'a>,
    plain: Option<Zeroizing<Vec<u8>>>,
    anchors: Vec<Anchor>,
    wide: bool,
    input_length: usize,
    lines: LineIndex,
    has_cr: bool,
}

enum Held<'a> {
    Borrowed(&'a [u8]),
    Owned(Zeroizing<Vec<u8>>),
}

impl Held<'_> {
    fn bytes(&self) -> &[u8] {
        match self {
            Self::Borrowed(bytes) => bytes,
            Self::Owned(bytes) => bytes,
        }
    }
}

/// One byte of the plain text that stands for `length` units. Offsets fit: inputs are limited to
/// [`super::MAX_INPUT_BYTES`].
struct Anchor {
    plain: u32,
    unit: u32,
    length: u8,
    how: Escape,
}

/// What kinds of bytes there are: decides which steps are needed.
struct Survey {
    cr: bool,
    escapes: bool,
}

impl Survey {
    // No early exit and no lookup, so that it compiles to vector instructions.
    fn of(units: &[u8]) -> Self {
        let (mut cr, mut escapes) = (0_u8, 0_u8);
        for &b in units {
            cr |= u8::from(b == b'\r');
            escapes |= u8::from(b == b'\\')
                | u8::from(b == b'&')
                | u8::from(b == b'<')
                | u8::from(b == b'%')
                | (b & 0x80);
        }
        Self {
            cr: cr != 0,
            escapes: escapes != 0,
        }
    }
}

impl<'a> Text<'a> {
    pub(super) fn new(input: &'a [u8]) -> Self {
        let order = ByteOrder::of(input);
        let units = match order {
            Some(order) => Held::Owned(order.decode(input)),
            None => Held::Borrowed(input),
        };
        let survey = Survey::of(units.bytes());
        let lines = LineIndex::new(units.bytes(), survey.cr);
        let (plain, anchors) = if survey.escapes {
            unescape(units.bytes(), order.is_some())
        } else {
            (None, Vec::new())
        };
        Self {
            units,
            plain,
            anchors,
            wide: order.is_some(),
            input_length: input.len(),
            lines,
            has_cr: survey.cr,
        }
    }

    /// The text to read.
    pub(super) fn bytes(&self) -> &[u8] {
        self.plain
            .as_ref()
            .map_or(self.units.bytes(), |plain| plain.as_slice())
    }

    /// The place in the input of a range of [`Self::bytes`].
    pub(super) fn place(&self, range: Range<usize>) -> Place {
        self.place_of_units(self.unit(range.start)..self.unit(range.end))
    }

    /// The stretch of input behind a range, without white space at its sides, if anything is left.
    /// Escapes are not white space, even where they stand for it.
    pub(super) fn visible(&self, range: Range<usize>) -> Option<Place> {
        let units = self.unit(range.start)..self.unit(range.end);
        let visible = super::lines::trim(self.units.bytes(), units);
        (!visible.is_empty()).then(|| self.place_of_units(visible))
    }

    /// Where the text starts: behind a byte order mark.
    pub(super) fn start(&self) -> usize {
        let marked = self
            .anchors
            .first()
            .is_some_and(|a| a.plain == 0 && a.how == Escape::Bom);
        usize::from(marked)
    }

    /// The escapes inside a range: each way once, at its first place.
    pub(super) fn escapes(&self, range: Range<usize>) -> Vec<Note> {
        let first = self
            .anchors
            .partition_point(|a| (a.plain as usize) < range.start);
        let mut notes: Vec<Note> = Vec::new();
        let inside = self.anchors[first..]
            .iter()
            .take_while(|a| (a.plain as usize) < range.end);
        for anchor in inside {
            let kind = match anchor.how {
                Escape::Bom => NoteKind::Bom,
                how => NoteKind::Escaped { how },
            };
            if !notes.iter().any(|note| note.kind == kind) {
                let start = anchor.unit as usize;
                let place = self.place_of_units(start..start + usize::from(anchor.length));
                notes.push(Note { kind, place });
            }
        }
        notes
    }

    /// Notes on the input as a whole: encoding and line ends.
    pub(super) fn notes(&self) -> Vec<Note> {
        let mut notes = Vec::new();
        if self.wide {
            let place = self.place_of_units(0..1.min(self.units.bytes().len()));
            notes.push(Note {
                kind: NoteKind::Utf16,
                place,
            });
        }
        if !self.wide && self.start() > 0 {
            notes.push(Note {
                kind: NoteKind::Bom,
                place: self.place(0..self.start()),
            });
        }
        if self.has_cr {
            self.note_line_ends(&mut notes);
        }
        notes
    }

    fn note_line_ends(&self, notes: &mut Vec<Note>) {
        let units = self.units.bytes();
        let (mut pair, mut lone) = (None, None);
        for (at, _) in units.iter().enumerate().filter(|(_, b)| **b == b'\r') {
            let first = if units.get(at + 1) == Some(&b'\n') {
                &mut pair
            } else {
                &mut lone
            };
            first.get_or_insert(at);
        }
        if let Some(at) = pair {
            notes.push(Note {
                kind: NoteKind::CrLf,
                place: self.place_of_units(at..at + 2),
            });
        }
        if let Some(at) = lone {
            notes.push(Note {
                kind: NoteKind::LoneCr,
                place: self.place_of_units(at..at + 1),
            });
        }
    }

    fn unit(&self, plain: usize) -> usize {
        let after = self.anchors.partition_point(|a| (a.plain as usize) < plain);
        match after.checked_sub(1).map(|last| &self.anchors[last]) {
            Some(a) => a.unit as usize + usize::from(a.length) + (plain - a.plain as usize - 1),
            None => plain,
        }
    }

    fn place_of_units(&self, units: Range<usize>) -> Place {
        let line = |at| self.lines.line_of(self.units.bytes(), at);
        let last = units.end.saturating_sub(1).max(units.start);
        let lines = line(units.start)..line(last) + 1;
        let width = if self.wide { 2 } else { 1 };
        let byte = |unit: usize| (unit * width).min(self.input_length);
        Place {
            bytes: byte(units.start)..byte(units.end),
            lines,
        }
    }
}

/// Replaces escapes. The output is never longer than the input, so it is allocated once.
fn unescape(units: &[u8], wide: bool) -> (Option<Zeroizing<Vec<u8>>>, Vec<Anchor>) {
    let mut plain = Zeroizing::new(Vec::with_capacity(units.len()));
    let mut anchors = Vec::new();
    let mut at = 0;
    while let Some(&byte) = units.get(at) {
        let special = matches!(byte, b'\\' | b'&' | b'<' | b'%' | 0x80..);
        let Some(found) = special.then(|| escape::read(&units[at..], wide)).flatten() else {
            plain.push(byte);
            at += 1;
            continue;
        };
        anchors.push(Anchor {
            plain: u32::try_from(plain.len()).unwrap_or(u32::MAX),
            unit: u32::try_from(at).unwrap_or(u32::MAX),
            length: u8::try_from(found.length).unwrap_or(u8::MAX),
            how: found.how,
        });
        plain.push(found.byte);
        at += found.length;
    }
    let changed = !anchors.is_empty();
    (changed.then_some(plain), anchors)
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ByteOrder {
    Little,
    Big,
}

impl ByteOrder {
    /// Bytes looked at where no byte order mark says it.
    const SAMPLE: usize = 256;

    pub(super) fn of(input: &[u8]) -> Option<Self> {
        match input {
            [0xff, 0xfe, ..] => return Some(Self::Little),
            [0xfe, 0xff, ..] => return Some(Self::Big),
            [_, _, _, _, ..] => {}
            _ => return None,
        }
        let sample = &input[..input.len().min(Self::SAMPLE) & !1];
        let zeros = |parity: usize| {
            sample
                .iter()
                .skip(parity)
                .step_by(2)
                .filter(|b| **b == 0)
                .count()
        };
        // ASCII in UTF-16 has every second byte zero; a few letters of other scripts are allowed.
        let most = sample.len() / 2 - sample.len() / 10;
        match (zeros(0), zeros(1)) {
            (0, odd) if odd >= most => Some(Self::Little),
            (even, 0) if even >= most => Some(Self::Big),
            _ => None,
        }
    }

    /// One byte per code unit; 0xFF for what PEM cannot hold, and for an odd byte at the end.
    fn decode(self, input: &[u8]) -> Zeroizing<Vec<u8>> {
        let mut units = Zeroizing::new(Vec::with_capacity(input.len().div_ceil(2)));
        for pair in input.chunks(2) {
            let code = match (self, pair) {
                (Self::Little, &[low, high]) => u16::from_le_bytes([low, high]),
                (Self::Big, &[high, low]) => u16::from_be_bytes([high, low]),
                _ => u16::MAX,
            };
            units.push(match code {
                0..0x80 => (code & 0x7f) as u8,
                0xfeff => escape::WIDE_MARK,
                // Line numbers count the line ends of the file only.
                _ => match escape::plain(u32::from(code)) {
                    Some(b'\n') => b' ',
                    found => found.unwrap_or(0xff),
                },
            });
        }
        units
    }
}
