use core::ops::Range;

use super::boundary::{self, Boundary, Side};
use super::text::{ByteOrder, Text};
use super::{Glue, Note, NoteKind, PemBlock, bare, lines};

/// The largest input that is read, in bytes: sixteen times what a Kubernetes Secret can hold (1 MiB),
/// seventy times Mozilla's whole bundle. Working memory stays below ten times the input.
pub const MAX_INPUT_BYTES: usize = 16 << 20;

/// The most blocks in one input, boundaries without a block included. Mozilla's bundle has about
/// 150.
pub const MAX_BLOCKS: usize = 4096;

/// What an input holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scan {
    /// The blocks in the order of the input.
    pub blocks: Vec<PemBlock>,
    /// What belongs to no block: encoding, text between, boundaries without a block; by offset.
    pub notes: Vec<Note>,
}

/// Why an input was not read at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ScanError {
    /// Larger than [`MAX_INPUT_BYTES`].
    #[error("the input has {bytes} bytes; at most {MAX_INPUT_BYTES} are read")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// More than [`MAX_BLOCKS`].
    #[error("the input has more than {MAX_BLOCKS} PEM blocks")]
    TooManyBlocks,
}

/// Finds and decodes every PEM block of an input. Runs in linear time.
///
/// # Errors
///
/// Only limits: [`MAX_INPUT_BYTES`] and [`MAX_BLOCKS`].
///
/// # Examples
///
/// ```
/// let scan = keyway_chain::pem::scan(b"-----BEGIN X-----\nAAEC\n-----END X-----\n")?;
/// assert_eq!(scan.blocks[0].label, "X");
/// assert_eq!(*scan.blocks[0].body, [0, 1, 2]);
/// # Ok::<(), keyway_chain::pem::ScanError>(())
/// ```
pub fn scan(input: &[u8]) -> Result<Scan, ScanError> {
    if input.len() > MAX_INPUT_BYTES {
        return Err(ScanError::TooLarge { bytes: input.len() });
    }
    let text = Text::new(input);
    let mut scanner = Scanner {
        text: &text,
        at: text.start(),
        seen: 0,
        out: Scan::default(),
    };
    scanner.out.notes = text.notes();
    scanner.run()?;
    let mut scan = scanner.out;
    scan.notes.sort_by_key(|note| note.place.bytes.start);
    Ok(scan)
}

/// The label of the first boundary, if there is any, without decoding anything.
pub(crate) fn first_label(input: &[u8]) -> Option<String> {
    let head = &input[..input.len().min(MAX_INPUT_BYTES)];
    let text = Text::new(head);
    boundary::next(text.bytes(), 0).map(|found| found.label)
}

/// Whether base64 of a DER SEQUENCE stands in the open.
pub(crate) fn holds_bare_base64(input: &[u8]) -> bool {
    bare::next(input, 0..input.len()).is_some()
}

/// Whether an input is UTF-16.
pub(crate) fn is_utf16(input: &[u8]) -> bool {
    ByteOrder::of(input).is_some()
}

pub(super) struct Scanner<'t> {
    pub(super) text: &'t Text<'t>,
    /// Everything before has been accounted for.
    pub(super) at: usize,
    /// Blocks and stray boundaries.
    seen: usize,
    pub(super) out: Scan,
}

/// What stands before a boundary on its line.
pub(super) struct Front<'t> {
    pub(super) start: usize,
    pub(super) prefix: &'t [u8],
    pub(super) glued: Option<Glue>,
}

impl<'t> Scanner<'t> {
    fn run(&mut self) -> Result<(), ScanError> {
        let bytes = self.text.bytes();
        let mut pending = boundary::next(bytes, self.at);
        while let Some(found) = pending {
            let following = boundary::next(bytes, found.range.end);
            pending = match (found.side, following) {
                (Side::End, following) => {
                    self.stray_end(found)?;
                    following
                }
                (Side::Begin, Some(end)) if end.side == Side::End => {
                    let next = boundary::next(bytes, end.range.end);
                    self.block(&found, Some(end), bytes.len())?;
                    next
                }
                (Side::Begin, following) => {
                    let limit = following
                        .as_ref()
                        .map_or(bytes.len(), |next| self.front(next, found.range.end).start);
                    self.block(&found, None, limit)?;
                    following
                }
            };
        }
        self.gap(self.at..bytes.len())?;
        Ok(())
    }

    /// Counts a block or a stray boundary.
    pub(super) fn count(&mut self) -> Result<(), ScanError> {
        self.seen += 1;
        if self.seen > MAX_BLOCKS {
            Err(ScanError::TooManyBlocks)
        } else {
            Ok(())
        }
    }

    pub(super) fn front(&self, boundary: &Boundary, floor: usize) -> Front<'t> {
        const LONGEST: usize = 64;
        let bytes = self.text.bytes();
        let at = boundary.range.start;
        let before = &bytes[floor..at];
        let line = before.iter().rposition(|b| matches!(b, b'\n' | b'\r'));
        let start = line.map_or(floor, |offset| floor + offset + 1);
        let prefix = &bytes[start..at];
        let marks = |b: &u8| lines::is_blank(*b) || b">|#*/;\"'".contains(b);
        let ended = matches!(bytes[..floor].last(), None | Some(b'\n' | b'\r'));
        let follows = start == floor && !ended;
        let blank = prefix.iter().all(|b| lines::is_blank(*b));
        if !follows && prefix.len() <= LONGEST && prefix.iter().all(marks) {
            return Front {
                start: if blank { at } else { start },
                prefix,
                glued: None,
            };
        }
        Front {
            start: at,
            prefix: &[],
            glued: Some(if follows && blank {
                Glue::Boundary
            } else {
                Glue::Text
            }),
        }
    }

    /// An END without a BEGIN: the body before it makes it a block, if there is one.
    fn stray_end(&mut self, end: Boundary) -> Result<(), ScanError> {
        let front = self.front(&end, self.at);
        let start = front.start.max(self.at);
        let before = self.gap(self.at..start)?;
        let adjacent =
            before.filter(|body| lines::trim(self.text.bytes(), body.end..start).is_empty());
        if let (Some(body), Some(block)) = (adjacent, self.out.blocks.last_mut()) {
            block.label.clone_from(&end.label);
            block.end_label = Some(end.label);
            block.place = self.text.place(body.start..end.range.end);
            let bare = block
                .notes
                .iter_mut()
                .find(|note| note.kind == NoteKind::NoBoundaries);
            if let Some(note) = bare {
                note.kind = NoteKind::MissingBegin;
            }
        } else {
            self.count()?;
            let place = self.text.place(start..end.range.end);
            self.out.notes.push(Note {
                kind: NoteKind::OrphanEnd { label: end.label },
                place,
            });
        }
        self.at = end.range.end;
        Ok(())
    }

    /// Accounts for a stretch between blocks: bare base64 becomes a block, text a note. Returns the
    /// last bare base64.
    pub(super) fn gap(&mut self, range: Range<usize>) -> Result<Option<Range<usize>>, ScanError> {
        let mut at = range.start;
        let mut last = None;
        while let Some(found) = bare::next(self.text.bytes(), at..range.end) {
            self.text_between(at..found.start);
            self.bare_block(found.clone())?;
            at = found.end;
            last = Some(found);
        }
        self.text_between(at..range.end);
        Ok(last)
    }

    fn text_between(&mut self, range: Range<usize>) {
        let Some(place) = self.text.visible(range.clone()) else {
            return;
        };
        let blank = lines::trim(self.text.bytes(), range.clone()).is_empty();
        let escape = if blank {
            self.text.escapes(range).into_iter().next()
        } else {
            None
        };
        let text = NoteKind::TextBetween {
            bytes: place.bytes.len(),
        };
        let kind = escape.map_or(text, |note| note.kind);
        self.out.notes.push(Note { kind, place });
    }
}
