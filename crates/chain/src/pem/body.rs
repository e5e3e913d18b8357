use core::ops::Range;

use zeroize::Zeroizing;

use super::text::Text;
use super::{Fault, Note, NoteKind, gather, lines, sextet};

/// Characters on a line (RFC 7468 section 2, RFC 1421 section 4.3.2.4).
pub(super) const LINE: usize = 64;

/// A stretch of text that holds the body of one block, perhaps behind headers.
pub(super) struct Region<'t> {
    pub(super) text: &'t Text<'t>,
    pub(super) range: Range<usize>,
    /// What stands before BEGIN on its line: white space or marks that each line may repeat.
    pub(super) prefix: &'t [u8],
    /// The line rules of encrypted blocks hold.
    pub(super) strict: bool,
    /// The region starts on the line of BEGIN.
    pub(super) after_begin: bool,
    /// The region ends where a boundary starts.
    pub(super) before_boundary: bool,
}

impl<'t> Region<'t> {
    pub(super) fn bytes(&self) -> &'t [u8] {
        self.text.bytes()
    }

    /// A line without the block's prefix, and without what follows a closing quotation mark.
    pub(super) fn strip(&self, line: Range<usize>) -> Range<usize> {
        if self.prefix.is_empty() {
            return line;
        }
        let content = &self.bytes()[line.clone()];
        let skip = skipped(content, self.prefix);
        let quoted = self.prefix.iter().any(|b| matches!(b, b'"' | b'\''));
        let rest = &content[skip..];
        let closing = rest
            .iter()
            .rposition(|b| quoted && matches!(b, b'"' | b'\''));
        line.start + skip..line.start + skip + closing.unwrap_or(rest.len())
    }
}

/// How much of a line repeats the prefix: all of it, its marks, or as much white space as it has.
fn skipped(content: &[u8], prefix: &[u8]) -> usize {
    if content.starts_with(prefix) {
        return prefix.len();
    }
    let blanks = content.iter().take_while(|b| lines::is_blank(**b)).count();
    let marks = prefix.trim_ascii();
    if !marks.is_empty() && content[blanks..].starts_with(marks) {
        return blanks + marks.len();
    }
    blanks.min(prefix.len())
}

/// Decodes a body; what departs from the form is added to `notes`.
pub(super) fn decode(
    region: &Region<'_>,
    notes: &mut Vec<Note>,
) -> Result<Zeroizing<Vec<u8>>, Fault> {
    match clean(region) {
        Some((body, layout)) => {
            layout.note(region, notes);
            Ok(body)
        }
        None => gather::decode(region, notes),
    }
}

/// The lengths of lines.
pub(super) struct Layout {
    pub(super) longest: usize,
    /// Among the lines before the last.
    pub(super) shortest: Option<usize>,
}

impl Layout {
    pub(super) fn note(&self, region: &Region<'_>, notes: &mut Vec<Note>) {
        let mut add = |kind| {
            let body = lines::trim(region.bytes(), region.range.clone());
            notes.push(Note {
                kind,
                place: region.text.place(body),
            });
        };
        if self.longest > LINE {
            add(NoteKind::LongLines {
                longest: self.longest,
            });
        }
        if let Some(shortest) = self.shortest.filter(|length| *length < LINE) {
            add(NoteKind::ShortLines { shortest });
        }
    }
}

/// The fast path: lines of one length up to the last, nothing but base64, an end to each line.
/// `None` where anything at all is unusual.
fn clean(region: &Region<'_>) -> Option<(Zeroizing<Vec<u8>>, Layout)> {
    if !region.prefix.is_empty() {
        return None;
    }
    let mut rest = region.bytes().get(region.range.clone())?;
    if region.after_begin {
        rest = &rest[ending(rest).filter(|end| *end > 0)?..];
    }
    let width = first_end(rest);
    let mut body = Zeroizing::new(vec![0; rest.len() / 4 * 3 + 3]);
    let (mut filled, mut count) = (0, 0);
    while !rest.is_empty() {
        let length = line_length(rest, width);
        let (line, tail) = rest.split_at(length);
        let end = ending(tail)?;
        rest = &tail[end..];
        let last = rest.is_empty();
        let wrong =
            length == 0 || (!last && length != width) || (end == 0 && region.before_boundary);
        if wrong || (region.strict && (length > LINE || (!last && length != LINE))) {
            return None;
        }
        let decoded = sextet::decode(line, body.get_mut(filled..)?)?;
        if !last && decoded * 4 != length * 3 {
            return None;
        }
        (filled, count) = (filled + decoded, count + 1);
    }
    body.truncate(filled);
    let layout = Layout {
        longest: width,
        shortest: (count > 1).then_some(width),
    };
    (filled > 0).then_some((body, layout))
}

/// The length of the first line: `width` where a line end is there, else found by looking. A line
/// end before that is no base64, so it cannot go unnoticed.
fn line_length(rest: &[u8], width: usize) -> usize {
    match rest.get(width) {
        Some(b'\n' | b'\r') => width,
        _ => first_end(rest),
    }
}

fn first_end(rest: &[u8]) -> usize {
    let end = rest.iter().position(|b| matches!(b, b'\n' | b'\r'));
    end.unwrap_or(rest.len())
}

/// Bytes of the line end that `rest` starts with; 0 at the end of the region.
fn ending(rest: &[u8]) -> Option<usize> {
    match rest {
        [b'\r', b'\n', ..] => Some(2),
        [b'\n' | b'\r', ..] => Some(1),
        [] => Some(0),
        _ => None,
    }
}
