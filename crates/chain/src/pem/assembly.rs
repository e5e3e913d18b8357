use core::ops::Range;

use zeroize::Zeroizing;

use super::body::{self, Region};
use super::boundary::{Boundary, Side};
use super::scan::{Front, ScanError, Scanner};
use super::tlv::Tlv;
use super::{Fault, Glue, Note, NoteKind, PemBlock, header, lines};

/// Blocks, put together from boundaries, headers and body.
impl Scanner<'_> {
    /// A block from its BEGIN to its END, or to where its body seems to end.
    pub(super) fn block(
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
        for boundary in [Some(begin), end.as_ref()].into_iter().flatten() {
            self.note_lone_cr(boundary);
        }
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
        if let Some(to) = front.glued {
            let place = self.text.place(begin.range.clone());
            notes.push(Note {
                kind: NoteKind::GluedBoundary { to },
                place,
            });
        }
        self.note_behind(begin, notes);
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
        self.note_behind(end, notes);
        let line = self.front(end, begin.range.end);
        let indented =
            line.glued.is_none() && line.prefix.first().is_some_and(|b| lines::is_blank(*b));
        // A block that is indented as a whole has its note.
        let alone = indented && !notes.iter().any(|note| note.kind == NoteKind::Indented);
        if (!end.exact || alone)
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

    /// Notes what stands behind a boundary on its line: white space, which some readers do not pass over,
    /// or behind END anything else. What is behind BEGIN is its body, what starts with a hyphen another
    /// boundary; and a block that stands in quotation marks has those behind it.
    fn note_behind(&self, boundary: &Boundary, notes: &mut Vec<Note>) {
        let bytes = self.text.bytes();
        let start = boundary.range.end;
        let rest = &bytes[start..];
        let length = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
        let line = start..start + length.unwrap_or(rest.len());
        let text = lines::trim(bytes, line.clone());
        let has = |kind: fn(&NoteKind) -> bool| notes.iter().any(|note| kind(&note.kind));
        let kind = if text.is_empty() {
            let is_noted = has(|kind| *kind == NoteKind::TrailingWhitespace);
            if line.is_empty() || is_noted {
                return;
            }
            NoteKind::TrailingWhitespace
        } else {
            let in_other_text = has(|kind| {
                matches!(
                    kind,
                    NoteKind::Quoted | NoteKind::Escaped { .. } | NoteKind::GluedBoundary { .. }
                )
            });
            if boundary.side == Side::Begin
                || bytes[text.start..].starts_with(b"--")
                || in_other_text
            {
                return;
            }
            NoteKind::GluedBoundary {
                to: Glue::TextBehind,
            }
        };
        notes.push(Note {
            kind,
            place: self.text.place(line),
        });
    }

    /// Notes a boundary that shares its line with something where only LF ends a line: OpenSSL does not
    /// find it.
    fn note_lone_cr(&mut self, boundary: &Boundary) {
        let bytes = self.text.bytes();
        let Range { start, end } = boundary.range;
        let before = bytes[..start].last() == Some(&b'\r');
        let rest = &bytes[end..];
        let spaces = rest
            .iter()
            .take_while(|b| **b != b'\n' && lines::is_space(**b))
            .count();
        let followed = !matches!(rest.get(spaces), None | Some(b'\n'));
        let known = self
            .out
            .notes
            .iter()
            .any(|note| note.kind == NoteKind::LoneCrBoundary);
        if !known && (before || followed && rest[..spaces].contains(&b'\r')) {
            let place = self.text.place(boundary.range.clone());
            self.out.notes.push(Note {
                kind: NoteKind::LoneCrBoundary,
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

    pub(super) fn bare_block(&mut self, range: Range<usize>) -> Result<(), ScanError> {
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
