use core::ops::Range;

use zeroize::Zeroizing;

use super::body::{self, Region};
use super::boundary::{self, Boundary, Side};
use super::text::Text;
use super::tlv::Tlv;
use super::{Fault, Note, NoteKind, PemBlock, bare, header, lines};

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
        at: 0,
        seen: 0,
        out: Scan::default(),
    };
    scanner.out.notes = text.notes();
    scanner.run()?;
    let mut scan = scanner.out;
    scan.notes.sort_by_key(|note| note.place.bytes.start);
    Ok(scan)
}

struct Scanner<'t> {
    text: &'t Text<'t>,
    /// Everything before has been accounted for.
    at: usize,
    /// Blocks and stray boundaries.
    seen: usize,
    out: Scan,
}

/// What stands before a boundary on its line.
struct Front<'t> {
    start: usize,
    prefix: &'t [u8],
    glued: bool,
}

impl<'t> Scanner<'t> {
    fn run(&mut self) -> Result<(), ScanError> {
        let bytes = self.text.bytes();
        let mut pending = boundary::next(bytes, 0);
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
    fn count(&mut self) -> Result<(), ScanError> {
        self.seen += 1;
        if self.seen > MAX_BLOCKS {
            Err(ScanError::TooManyBlocks)
        } else {
            Ok(())
        }
    }

    fn front(&self, boundary: &Boundary, floor: usize) -> Front<'t> {
        const LONGEST: usize = 64;
        let bytes = self.text.bytes();
        let at = boundary.range.start;
        let before = &bytes[floor..at];
        let line = before.iter().rposition(|b| matches!(b, b'\n' | b'\r'));
        let start = line.map_or(floor, |offset| floor + offset + 1);
        let prefix = &bytes[start..at];
        let marks = |b: &u8| lines::is_blank(*b) || b">|#*/;\"'".contains(b);
        let follows = start == floor && floor > 0;
        if !follows && prefix.len() <= LONGEST && prefix.iter().all(marks) {
            let blank = prefix.iter().all(|b| lines::is_blank(*b));
            return Front {
                start: if blank { at } else { start },
                prefix,
                glued: false,
            };
        }
        Front {
            start: at,
            prefix: &[],
            glued: true,
        }
    }

    /// A block from its BEGIN to its END, or to where its body seems to end.
    fn block(
        &mut self,
        begin: &Boundary,
        end: Option<Boundary>,
        limit: usize,
    ) -> Result<(), ScanError> {
        self.count()?;
        let front = self.front(begin, self.at);
        self.gap(self.at..front.start)?;
        let range = begin.range.end..end.as_ref().map_or(limit, |end| end.range.start);
        let mut notes = Vec::new();
        self.note_begin(begin, &front, &mut notes);
        let mut region = Region {
            text: self.text,
            range,
            prefix: front.prefix,
            strict: false,
            after_begin: true,
            before_boundary: end.is_some(),
        };
        let headers = header::read(&region);
        notes.extend(headers.note);
        if let Some(body) = headers.body {
            (region.range.start, region.after_begin) = (body, false);
        }
        region.strict = headers.encrypted;
        if end.is_none() {
            region.range.end = body_end(&region);
        }
        let stop = end.as_ref().map_or(region.range.end, |end| end.range.end);
        let fault = headers.fault.map(|(what, place)| Fault { what, place });
        let decoded = match fault {
            Some(fault) => Err(fault),
            None => body::decode(&region, &mut notes),
        };
        self.note_end(begin, end.as_ref(), stop, &mut notes);
        notes.extend(self.text.escapes(front.start..stop));
        self.at = stop;
        self.push(
            PemBlock {
                label: begin.label.clone(),
                end_label: end.map(|end| end.label),
                headers: headers.list,
                body: Zeroizing::default(),
                decoded: Ok(()),
                place: self.text.place(front.start..stop),
                notes,
            },
            decoded,
            !headers.encrypted,
        );
        Ok(())
    }

    fn note_begin(&self, begin: &Boundary, front: &Front<'_>, notes: &mut Vec<Note>) {
        let line = begin.range.start - front.prefix.len()..begin.range.start;
        if front.prefix.iter().any(|b| !lines::is_blank(*b)) {
            notes.push(Note {
                kind: NoteKind::Quoted,
                place: self.text.place(line),
            });
        } else if !front.prefix.is_empty() {
            notes.push(Note {
                kind: NoteKind::Indented,
                place: self.text.place(line),
            });
        }
        if front.glued {
            let place = self.text.place(begin.range.clone());
            notes.push(Note {
                kind: NoteKind::GluedBoundary,
                place,
            });
        }
        if !begin.exact {
            let place = self.text.place(begin.range.clone());
            notes.push(Note {
                kind: NoteKind::MalformedBoundary,
                place,
            });
        }
    }

    fn note_end(
        &self,
        begin: &Boundary,
        end: Option<&Boundary>,
        stop: usize,
        notes: &mut Vec<Note>,
    ) {
        let Some(end) = end else {
            notes.push(Note {
                kind: NoteKind::MissingEnd,
                place: self.text.place(stop..stop),
            });
            return;
        };
        let place = self.text.place(end.range.clone());
        if begin.label != end.label {
            let (begin, end) = (begin.label.clone(), end.label.clone());
            let kind = NoteKind::MismatchedLabels { begin, end };
            notes.push(Note {
                kind,
                place: place.clone(),
            });
        }
        if !end.exact
            && !notes
                .iter()
                .any(|note| note.kind == NoteKind::MalformedBoundary)
        {
            notes.push(Note {
                kind: NoteKind::MalformedBoundary,
                place,
            });
        }
    }

    /// Puts a block into the result; `plain` says that its body is not ciphertext.
    fn push(
        &mut self,
        mut block: PemBlock,
        decoded: Result<Zeroizing<Vec<u8>>, Fault>,
        plain: bool,
    ) {
        match decoded {
            Ok(body) => {
                let extent = plain.then(|| fit(&body, &block.label)).flatten();
                block.notes.extend(extent.map(|kind| Note {
                    kind,
                    place: block.place.clone(),
                }));
                block.body = body;
            }
            Err(fault) => {
                let kind = NoteKind::BadBase64 { what: fault.what };
                block.notes.push(Note {
                    kind,
                    place: fault.place.clone(),
                });
                block.decoded = Err(fault);
            }
        }
        block.notes.sort_by_key(|note| note.place.bytes.start);
        self.out.blocks.push(block);
    }

    /// An END without a BEGIN: the body before it makes it a block, if there is one.
    fn stray_end(&mut self, end: Boundary) -> Result<(), ScanError> {
        let front = self.front(&end, self.at);
        let start = front.start.max(self.at);
        let before = self.gap(self.at..start)?;
        let adjacent =
            before.filter(|body| lines::trim(self.text.bytes(), body.end..start).is_empty());
        match (adjacent, self.out.blocks.last_mut()) {
            (Some(body), Some(block)) => {
                block.label.clone_from(&end.label);
                block.end_label = Some(end.label);
                block.place = self.text.place(body.start..end.range.end);
                let bare = block
                    .notes
                    .iter_mut()
                    .find(|note| note.kind == NoteKind::NoBoundaries);
                bare.into_iter()
                    .for_each(|note| note.kind = NoteKind::MissingBegin);
            }
            _ => {
                self.count()?;
                let place = self.text.place(start..end.range.end);
                self.out.notes.push(Note {
                    kind: NoteKind::OrphanEnd { label: end.label },
                    place,
                });
            }
        }
        self.at = end.range.end;
        Ok(())
    }

    /// Accounts for a stretch between blocks: bare base64 becomes a block, text a note. Returns the
    /// last bare base64.
    fn gap(&mut self, range: Range<usize>) -> Result<Option<Range<usize>>, ScanError> {
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

    fn bare_block(&mut self, range: Range<usize>) -> Result<(), ScanError> {
        self.count()?;
        let place = self.text.place(range.clone());
        let mut notes = vec![Note {
            kind: NoteKind::NoBoundaries,
            place: place.clone(),
        }];
        let region = Region {
            text: self.text,
            range: range.clone(),
            prefix: b"> ",
            strict: false,
            after_begin: false,
            before_boundary: false,
        };
        let decoded = body::decode(&region, &mut notes);
        notes.extend(self.text.escapes(range));
        let block = PemBlock {
            label: String::new(),
            end_label: None,
            headers: Vec::new(),
            body: Zeroizing::default(),
            decoded: Ok(()),
            place,
            notes,
        };
        self.push(block, decoded, true);
        Ok(())
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

/// Whether a DER SEQUENCE fits the body that holds it.
fn fit(body: &[u8], label: &str) -> Option<NoteKind> {
    let declared = Tlv::sequence(body)?.total();
    // OpenSSL's TRUSTED CERTIFICATE is a certificate followed by its trust settings.
    let alone = label != "TRUSTED CERTIFICATE";
    match body.len() {
        present if present < declared => Some(NoteKind::Truncated { declared, present }),
        present if present > declared && alone => Some(NoteKind::TrailingBytes {
            count: present - declared,
        }),
        _ => None,
    }
}

/// Where the body of a block without END stops: after a shorter line, padding, or before a line
/// that is not base64.
fn body_end(region: &Region<'_>) -> usize {
    let bytes = region.bytes();
    let (mut end, mut width) = (region.range.start, None);
    for line in lines::Lines::new(bytes, region.range.clone()) {
        let filled = lines::trim(bytes, region.strip(line.range));
        let content = &bytes[filled.clone()];
        let base64 = |b: &u8| b.is_ascii_alphanumeric() || b"+/-_=".contains(b);
        match width {
            None if content.is_empty() => continue,
            _ if content.is_empty() || !content.iter().all(base64) => break,
            _ => {}
        }
        end = filled.end;
        if width.is_some_and(|width| content.len() < width) || content.ends_with(b"=") {
            break;
        }
        width.get_or_insert(content.len());
    }
    end
}
