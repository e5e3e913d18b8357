use core::ops::Range;

use zeroize::Zeroizing;

use super::body::{LINE, Layout, Region};
use super::lines::{Lines, is_blank, is_feed, trim};
use super::{Fault, FaultKind, Glue, Note, NoteKind, sextet};

/// The patient path: collects the base64 characters of a body, judges what stands between them,
/// and decodes them in one go. Buffers are allocated once, so no copy of a key is left behind.
pub(super) fn decode(
    region: &Region<'_>,
    notes: &mut Vec<Note>,
) -> Result<Zeroizing<Vec<u8>>, Fault> {
    // Three more than there can be: padding that is supplied.
    let chars = Zeroizing::new(Vec::with_capacity(region.range.len() + 3));
    let mut gather = Gather {
        region,
        notes,
        chars,
        padding: None,
        open_break: None,
        soft: Soft::default(),
        rows: Rows::default(),
        last_char: region.range.start,
    };
    gather.read()?;
    gather.finish()
}

struct Gather<'r, 'n> {
    region: &'r Region<'r>,
    notes: &'n mut Vec<Note>,
    chars: Zeroizing<Vec<u8>>,
    /// Where the first `=` stands, and how many there are.
    padding: Option<(usize, usize)>,
    /// An `=` at the end of a line: padding if nothing follows, else a soft line break.
    open_break: Option<usize>,
    soft: Soft,
    rows: Rows,
    last_char: usize,
}

/// Soft line breaks of quoted-printable (RFC 2045, section 6.7).
#[derive(Default)]
struct Soft {
    /// Where the first one stands.
    first: Option<usize>,
    /// Whether one of them stands where no padding can: then nobody joined two bodies.
    clear: bool,
}

/// What the lines look like, blank ones included.
#[derive(Default)]
struct Rows {
    filled: usize,
    longest: usize,
    shortest: Option<usize>,
    /// The previous line that was not blank.
    previous: Option<Range<usize>>,
    /// The first blank line since then.
    blank: Option<Range<usize>>,
    /// The first blank line between two others, and how many gaps there are.
    inner: Option<(Range<usize>, usize)>,
    any_blank: Option<Range<usize>>,
    /// The first blank line that ends OpenSSL's reading: each but one behind BEGIN.
    unread: Option<Range<usize>>,
    /// Whether the one that it reads over was there.
    read_over: bool,
}

impl Gather<'_, '_> {
    fn read(&mut self) -> Result<(), Fault> {
        let bytes = self.region.bytes();
        for (index, line) in Lines::new(bytes, self.region.range.clone()).enumerate() {
            let content = self.region.strip(line.range.clone());
            let filled = trim(bytes, content.clone());
            let on_begin = index == 0 && self.region.after_begin;
            if filled.is_empty() {
                // A line that holds nothing but quotation marks of the prefix is not blank.
                let empty =
                    content.len() == line.range.len() || !self.region.prefix.contains(&b'"');
                if !on_begin && line.is_terminated() && empty {
                    self.blank(line.range)?;
                }
                continue;
            }
            let on_end = !line.is_terminated() && self.region.before_boundary;
            if on_begin || on_end {
                let to = if on_begin && on_end {
                    Glue::WholeBody
                } else {
                    Glue::Body
                };
                self.note(NoteKind::GluedBoundary { to }, filled.clone());
            }
            self.row(&content, &filled, on_begin)?;
            self.characters(filled)?;
        }
        Ok(())
    }

    fn blank(&mut self, line: Range<usize>) -> Result<(), Fault> {
        if self.region.strict {
            return Err(self.fault(FaultKind::BlankLine, line));
        }
        self.rows.any_blank.get_or_insert_with(|| line.clone());
        // Only a line feed ends a line for OpenSSL: with CR CR LF there is no blank one.
        let before = line.start.checked_sub(1);
        if before.and_then(|at| self.region.bytes().get(at)) == Some(&b'\n') {
            self.rows.add_blank(line.clone());
        }
        if self.rows.filled > 0 {
            self.rows.blank.get_or_insert(line);
        }
        Ok(())
    }

    /// Takes note of the layout of a line that is not blank.
    fn row(
        &mut self,
        content: &Range<usize>,
        filled: &Range<usize>,
        on_begin: bool,
    ) -> Result<(), Fault> {
        // Behind BEGIN on its line there is nothing to be indented from.
        let indented = filled.start > content.start && !on_begin;
        let length = filled.len();
        let short = self.rows.previous.clone().filter(|line| line.len() != LINE);
        if let (true, Some(previous)) = (self.region.strict, short) {
            let found = previous.len();
            return Err(self.fault(FaultKind::LineLength { found }, previous));
        }
        if self.region.strict && (indented || length > LINE) {
            let found = filled.end - content.start;
            return Err(self.fault(FaultKind::LineLength { found }, content.start..filled.end));
        }
        if indented {
            self.note(NoteKind::Indented, content.start..filled.start);
            let before = &self.region.bytes()[content.start..filled.start];
            if let Some(at) = before.iter().position(|byte| is_feed(*byte)) {
                let at = content.start + at;
                self.note(NoteKind::FeedInside, at..at + 1);
            }
        }
        if filled.end < content.end {
            self.note(NoteKind::TrailingWhitespace, filled.end..content.end);
        }
        self.rows.add(filled.clone());
        Ok(())
    }

    fn characters(&mut self, line: Range<usize>) -> Result<(), Fault> {
        let bytes = self.region.bytes();
        let mut at = line.start;
        while at < line.end {
            let rest = &bytes[at..line.end];
            let mut taken = 1;
            match rest[0] {
                byte @ (b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/') => {
                    self.push(byte, at)?;
                }
                b'-' | b'_' => {
                    self.note(NoteKind::UrlAlphabet, at..at + 1);
                    self.push(if rest[0] == b'-' { b'+' } else { b'/' }, at)?;
                }
                b'=' if rest.starts_with(b"=3D") => {
                    self.soft_break();
                    self.note(NoteKind::QuotedPrintable, at..at + 3);
                    taken = 3;
                    self.pad(at);
                }
                b'=' => {
                    if let Some(before) = self.open_break.take() {
                        self.pad(before);
                    }
                    if rest.len() == 1 {
                        self.open_break = Some(at);
                    } else {
                        self.pad(at);
                    }
                }
                byte if is_feed(byte) => self.note(NoteKind::FeedInside, at..at + 1),
                byte if is_blank(byte) => self.note(NoteKind::WhitespaceInside, at..at + 1),
                _ => return Err(self.fault(FaultKind::Character, at..at + 1)),
            }
            at += taken;
        }
        Ok(())
    }

    fn pad(&mut self, at: usize) {
        self.padding.get_or_insert((at, 0)).1 += 1;
    }

    /// Something follows on a later line: an `=` at the end of the one before was no padding, if there
    /// was none before it.
    fn soft_break(&mut self) {
        let Some(at) = self.open_break.take() else {
            return;
        };
        if self.padding.is_some() {
            return self.pad(at);
        }
        self.note(NoteKind::QuotedPrintable, at..at + 1);
        self.soft.first.get_or_insert(at);
        // Where three characters wait for a fourth, it could be the padding of a body of its own.
        self.soft.clear |= self.chars.len() % 4 != 3;
    }

    fn push(&mut self, byte: u8, at: usize) -> Result<(), Fault> {
        self.soft_break();
        if let Some((padding, count)) = self.padding {
            return Err(self.fault(FaultKind::MisplacedPadding, padding..padding + count));
        }
        self.chars.push(byte);
        self.last_char = at;
        Ok(())
    }

    fn finish(mut self) -> Result<Zeroizing<Vec<u8>>, Fault> {
        self.blank_lines()?;
        if let Some(at) = self.open_break.take() {
            self.pad(at);
        }
        if let (Some(at), false) = (self.soft.first, self.soft.clear) {
            return Err(self.fault(FaultKind::MisplacedPadding, at..at + 1));
        }
        let left_over = self.chars.len() % 4;
        if let (0, None) = (self.chars.len(), self.padding) {
            return Err(self.fault(FaultKind::Empty, self.region.range.clone()));
        }
        let due = (4 - left_over) % 4;
        let (padding, given) = self.padding.unwrap_or((self.last_char, 0));
        if given > due {
            return Err(self.fault(FaultKind::MisplacedPadding, padding..padding + 1));
        }
        if left_over == 1 {
            return Err(self.fault(
                FaultKind::LooseCharacter,
                self.last_char..self.last_char + 1,
            ));
        }
        if given < due {
            self.note(NoteKind::MissingPadding, self.last_char..self.last_char + 1);
        }
        self.clear_trailing_bits(left_over);
        self.chars.extend_from_slice(&b"=="[..due]);
        let (longest, shortest) = (self.rows.longest, self.rows.shortest);
        // Where lines were broken by a mail program, their length says nothing of the body.
        if self.soft.first.is_none() {
            Layout { longest, shortest }.note(self.region, self.notes);
        }
        let mut body = Zeroizing::new(vec![0; self.chars.len() / 4 * 3]);
        let last = self.last_char..self.last_char + 1;
        let length = sextet::decode(&self.chars, &mut body);
        body.truncate(length.ok_or_else(|| self.fault(FaultKind::Character, last))?);
        Ok(body)
    }

    fn blank_lines(&mut self) -> Result<(), Fault> {
        let Some(first) = self.rows.any_blank.clone() else {
            return Ok(());
        };
        // A gap after every line is a double-spaced copy; two lines alone do not show it. Any other
        // blank line ends the headers for OpenSSL, and what stands before it is no base64 to it; the
        // same holds before END. Behind BEGIN it takes one.
        let inner = self.rows.inner.clone();
        let gaps = inner.as_ref().map_or(0, |(_, gaps)| *gaps);
        let last = self
            .rows
            .blank
            .clone()
            .filter(|_| self.region.before_boundary);
        if let Some(line) = inner.map(|(line, _)| line).or(last)
            && gaps + 1 < self.rows.filled.max(3)
        {
            return Err(self.fault(FaultKind::BlankLine, line));
        }
        let unread = self.rows.unread.clone();
        // Behind the one that it reads over, OpenSSL counts: lines of 64 characters, and one less at the end.
        let uneven = self.rows.longest > LINE || self.rows.shortest.is_some_and(|s| s < LINE);
        let uneven = (self.rows.read_over && uneven).then(|| first.clone());
        match unread.or(uneven) {
            Some(unread) => self.note(NoteKind::DoubleSpaced, unread),
            None => self.note(NoteKind::BlankLines, first),
        }
        Ok(())
    }

    /// Sets the bits that no byte uses to zero, as strict decoders want them.
    fn clear_trailing_bits(&mut self, left_over: usize) {
        const ALPHABET: &[u8; 64] =
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mask = match left_over {
            2 => 0x30,
            3 => 0x3c,
            _ => return,
        };
        let Some(last) = self.chars.last_mut() else {
            return;
        };
        let value = ALPHABET.iter().position(|b| b == last).unwrap_or(0);
        if value & mask != value {
            *last = ALPHABET[value & mask];
            self.note(
                NoteKind::NonCanonicalTrailingBits,
                self.last_char..self.last_char + 1,
            );
        }
    }

    /// Adds a note, once of each kind.
    fn note(&mut self, kind: NoteKind, range: Range<usize>) {
        let same =
            |note: &Note| core::mem::discriminant(&note.kind) == core::mem::discriminant(&kind);
        if !self.notes.iter().any(same) {
            self.notes.push(Note {
                kind,
                place: self.region.text.place(range),
            });
        }
    }

    fn fault(&self, what: FaultKind, range: Range<usize>) -> Fault {
        Fault {
            what,
            place: self.region.text.place(range),
        }
    }
}

impl Rows {
    fn add(&mut self, line: Range<usize>) {
        if let Some(blank) = self.blank.take() {
            self.inner.get_or_insert((blank, 0)).1 += 1;
        }
        if let Some(previous) = self.previous_length() {
            self.shortest = Some(self.shortest.map_or(previous, |s| s.min(previous)));
        }
        self.longest = self.longest.max(line.len());
        self.filled += 1;
        self.previous = Some(line);
    }

    fn add_blank(&mut self, line: Range<usize>) {
        if self.read_over || self.filled > 0 {
            self.unread.get_or_insert(line);
        }
        self.read_over = true;
    }

    fn previous_length(&self) -> Option<usize> {
        self.previous.as_ref().map(ExactSizeIterator::len)
    }
}
