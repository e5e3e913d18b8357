use core::fmt;

use zeroize::Zeroizing;

use super::{Fault, Note, NoteKind, Place};

/// One block: from its BEGIN boundary to its END boundary, or what is left of them.
///
/// `Debug` shows the length of the body and never its bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct PemBlock {
    /// The label of the BEGIN boundary; of the END boundary where BEGIN is missing
    /// ([`NoteKind::MissingBegin`]); empty for bare base64 ([`NoteKind::NoBoundaries`]). A known
    /// label is given in its usual spelling, also where the file has other case or spacing.
    pub label: String,
    /// The label of the END boundary; `None` where it is missing.
    pub end_label: Option<String>,
    /// RFC 1421 headers in order, such as `Proc-Type` and `DEK-Info`; values are unfolded, save that of
    /// `DEK-Info`: OpenSSL takes its first line alone.
    pub headers: Vec<(String, String)>,
    /// The decoded bytes; empty where `decoded` is an error.
    pub body: Zeroizing<Vec<u8>>,
    /// Whether the block can be read, and if not, the first reason.
    pub decoded: Result<(), Fault>,
    /// From the first byte of the BEGIN line's prefix or dashes to the last byte of END.
    pub place: Place,
    /// What departs from RFC 7468 inside this block, by offset.
    pub notes: Vec<Note>,
}

impl PemBlock {
    /// Whether RFC 1421 headers say that the body is encrypted (`Proc-Type: 4,ENCRYPTED`).
    pub fn is_legacy_encrypted(&self) -> bool {
        self.header("Proc-Type")
            .is_some_and(|value| value.contains("ENCRYPTED"))
            || self.header("DEK-Info").is_some()
    }

    /// The value of a header; names compare without regard to case (RFC 822 section 3.4.7).
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self
            .headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The first note for which `wanted` holds.
    pub fn note(&self, wanted: impl Fn(&NoteKind) -> bool) -> Option<&Note> {
        self.notes.iter().find(|note| wanted(&note.kind))
    }
}

impl fmt::Debug for PemBlock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PemBlock")
            .field("label", &self.label)
            .field("end_label", &self.end_label)
            .field("headers", &self.headers)
            .field("body", &format_args!("[{} bytes]", self.body.len()))
            .field("decoded", &self.decoded)
            .field("place", &self.place)
            .field("notes", &self.notes)
            .finish()
    }
}
