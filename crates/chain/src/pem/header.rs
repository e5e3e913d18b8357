use core::ops::Range;

use super::body::Region;
use super::lines::{Lines, trim};
use super::{FaultKind, Note, NoteKind, Place};

/// Headers that are kept. Encrypted keys have two; PGP and SSH2 blocks have a handful.
const MAX_HEADERS: usize = 32;

/// Bytes of one header that are kept, continuation lines included. SSH2 allows 1024 (RFC 4716
/// section 3.3).
const MAX_HEADER_BYTES: usize = 1024;

/// Headers of an encrypted block, as `PEM_get_EVP_CIPHER_INFO` in OpenSSL spells them. That reads them
/// byte by byte, without unfolding: of `DEK-Info` only the first line counts.
const PROC_TYPE: &str = "Proc-Type";
const DEK_INFO: &str = "DEK-Info";

/// The headers in front of a body (RFC 1421 section 4.4).
#[derive(Default)]
pub(super) struct Headers {
    pub(super) list: Vec<(String, String)>,
    /// Where the body starts.
    pub(super) body: Option<usize>,
    /// Whether `Proc-Type` or `DEK-Info` say that the body is encrypted.
    pub(super) encrypted: bool,
    pub(super) note: Option<Note>,
    pub(super) fault: Option<(FaultKind, Place)>,
}

/// Reads headers at the start of a region. A base64 line holds no colon, so it is never taken for
/// one.
pub(super) fn read(region: &Region<'_>) -> Headers {
    let mut headers = Headers::default();
    let mut seen: Option<Range<usize>> = None;
    let mut ended = false;
    for line in Lines::new(region.bytes(), region.range.clone()) {
        let content = region.strip(line.range.clone());
        let blank = trim(region.bytes(), content.clone()).is_empty();
        match (blank, seen.is_some()) {
            (true, false) => continue,
            (true, true) => {
                headers.body = Some(line.next);
                ended = true;
                break;
            }
            (false, _) => {}
        }
        if !headers.accept(&region.bytes()[content.clone()]) {
            headers.body = seen.is_some().then_some(line.range.start);
            break;
        }
        let start = seen.map_or(content.start, |range| range.start);
        seen = Some(start..content.end);
    }
    if let Some(range) = seen {
        headers.judge(region, range, ended);
    }
    headers
}

impl Headers {
    /// Takes a line for a header or the continuation of one.
    fn accept(&mut self, line: &[u8]) -> bool {
        if let (Some(b' ' | b'\t'), Some((name, value))) = (line.first(), self.list.last_mut()) {
            if name == DEK_INFO {
                return true;
            }
            let kept = MAX_HEADER_BYTES.saturating_sub(value.len()).min(line.len());
            value.push_str(String::from_utf8_lossy(&line[..kept]).trim());
            return true;
        }
        let Some(colon) = line.iter().take(MAX_HEADER_BYTES).position(|b| *b == b':') else {
            return false;
        };
        let (name, value) = (line[..colon].trim_ascii(), &line[colon + 1..]);
        let named =
            !name.is_empty() && name.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-');
        if named && self.list.len() < MAX_HEADERS {
            let value = &value[..value.len().min(MAX_HEADER_BYTES)];
            let text = |bytes| String::from_utf8_lossy(bytes).trim().to_owned();
            self.list.push((text(name), text(value)));
        }
        named
    }

    fn value(&self, name: &str) -> Option<&str> {
        let found = self
            .list
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    fn judge(&mut self, region: &Region<'_>, seen: Range<usize>, ended: bool) {
        let procedure = self.value(PROC_TYPE).unwrap_or_default();
        let mut words = procedure.split(',').map(str::trim);
        let complete =
            (words.next(), words.next(), words.next()) == (Some("4"), Some("ENCRYPTED"), None);
        let keyed = self.value(DEK_INFO).is_some();
        self.encrypted = keyed || procedure.contains("ENCRYPTED");
        let fault = if !ended {
            Some((FaultKind::HeaderUnterminated, seen))
        } else if self.encrypted && !(complete && keyed) {
            Some((FaultKind::HeaderIncomplete, seen))
        } else if self.encrypted {
            odd_line(region).map(|line| (FaultKind::HeaderForm, line))
        } else {
            None
        };
        if let Some((what, range)) = fault {
            let place = region.text.place(range);
            self.note = Some(Note {
                kind: NoteKind::HeaderMalformed,
                place: place.clone(),
            });
            self.fault = self.encrypted.then_some((what, place));
        }
    }
}

/// The first line of an encrypted block that is not what OpenSSL wants there: `Proc-Type` right behind
/// BEGIN, and `DEK-Info` next. Its cipher and vector are looked at where the key is opened.
fn odd_line(region: &Region<'_>) -> Option<Range<usize>> {
    type IsForm = fn(&[u8]) -> bool;
    const FORMS: [IsForm; 2] = [is_proc_type, |line| {
        line.strip_prefix(DEK_INFO.as_bytes())
            .is_some_and(|rest| rest.starts_with(b":"))
    }];
    Lines::new(region.bytes(), region.range.clone())
        .skip(usize::from(region.after_begin))
        .zip(FORMS)
        .map(|(line, is_form)| (region.strip(line.range), is_form))
        .find(|(line, is_form)| !is_form(&region.bytes()[line.clone()]))
        .map(|(line, _)| line)
}

/// `Proc-Type: 4,ENCRYPTED`, with blanks only behind the colon, behind the comma and at the end.
fn is_proc_type(line: &[u8]) -> bool {
    const PARTS: [&[u8]; 3] = [b"Proc-Type:", b"4,", b"ENCRYPTED"];
    let rest = PARTS.iter().try_fold(line, |rest, part| {
        Some(rest.strip_prefix(*part)?.trim_ascii_start())
    });
    rest.is_some_and(<[u8]>::is_empty)
}
