//! What the scanner noted, as findings.

use keyway_report::escape;

use crate::pem::{Escape, FaultKind, Glue, Note, NoteKind, PemBlock, Scan};
use crate::rules::{Kind, pem as rules};

/// What else is known of the stretch that a note is about: it keeps one fault from being told twice.
#[derive(Clone, Copy)]
pub(super) struct Company {
    /// It is written with escapes, and that is told.
    escaped: bool,
    /// The block stands on one line.
    one_line: bool,
    /// What the block holds, in words.
    pub(super) holds: &'static str,
}

impl Company {
    pub(super) fn of(block: &PemBlock) -> Self {
        let whole = NoteKind::GluedBoundary {
            to: Glue::WholeBody,
        };
        Self {
            escaped: is_escaped(block),
            one_line: block.notes.iter().any(|note| note.kind == whole),
            holds: "",
        }
    }

    /// Outside the blocks: what stands between escaped ones is told with them.
    pub(super) fn outside(scan: &Scan) -> Self {
        Self {
            escaped: scan.blocks.iter().any(is_escaped),
            one_line: false,
            holds: "",
        }
    }
}

fn is_escaped(block: &PemBlock) -> bool {
    block.notes.iter().any(|note| {
        let of_text = |how| matches!(how, Escape::Backslash | Escape::Html | Escape::Percent);
        matches!(note.kind, NoteKind::Escaped { how } if of_text(how))
    })
}

fn escape_words(how: Escape) -> &'static str {
    match how {
        Escape::Bom => "byte order marks inside the text",
        Escape::Backslash => "backslash escapes, as in JSON",
        Escape::Html => "HTML entities",
        Escape::Percent => "percent escapes, as in a URL",
        Escape::Typographic => "typographic dashes, quotation marks or spaces",
    }
}

/// What to do about a fault of the lines, which loses nothing.
fn advice(what: FaultKind) -> Option<&'static str> {
    match what {
        FaultKind::BlankLine => Some(
            "Remove the blank line. If the file was copied from a page or a mail, fetch it again \
             instead: more may be amiss.",
        ),
        FaultKind::HeaderForm | FaultKind::HeaderIncomplete | FaultKind::HeaderUnterminated => {
            Some(
                "Put the headers right: `Proc-Type: 4,ENCRYPTED`, then `DEK-Info: CIPHER,IV`, then \
                 one blank line.",
            )
        }
        _ => None,
    }
}

/// The finding that a note of the scanner becomes; `None` for what RFC 7468 allows.
pub(super) fn finding(label: &str, note: &Note, company: Company) -> Option<Kind> {
    let label = escape::text(label);
    let unusual = |what: String| {
        Some(
            rules::unusual_layout::UnusualLayout {
                label: label.clone(),
                what,
            }
            .into(),
        )
    };
    let unread = |what: &str| {
        let (label, what) = (label.clone(), what.to_owned());
        Some(rules::unread_layout::UnreadLayout { label, what }.into())
    };
    match &note.kind {
        // RFC 7468, section 2: "parsers SHOULD ... handle different newline conventions".
        NoteKind::CrLf | NoteKind::LoneCr | NoteKind::TrailingWhitespace => None,
        NoteKind::LoneCrBoundary => Some(rules::lone_cr::LoneCr.into()),
        NoteKind::Bom => Some(rules::bom::Bom.into()),
        NoteKind::Utf16 => Some(rules::utf16::Utf16.into()),
        NoteKind::TextBetween { bytes } => {
            Some(rules::text_between::TextBetween { length: *bytes }.into())
        }
        NoteKind::OrphanEnd { label } => Some(
            rules::missing_begin::MissingBegin {
                label: escape::text(label),
            }
            .into(),
        ),
        NoteKind::MissingBegin => Some(rules::missing_begin::MissingBegin { label }.into()),
        NoteKind::MissingEnd => Some(rules::missing_end::MissingEnd { label }.into()),
        NoteKind::NoBoundaries => Some(
            rules::no_boundaries::NoBoundaries {
                holds: company.holds,
            }
            .into(),
        ),
        NoteKind::MismatchedLabels { begin, end } => Some(
            rules::mismatched_labels::MismatchedLabels {
                begin: escape::text(begin),
                end: escape::text(end),
            }
            .into(),
        ),
        // Without the escapes it stands on lines of its own.
        NoteKind::GluedBoundary { .. } if company.escaped => None,
        NoteKind::GluedBoundary { to } => {
            Some(rules::glued_boundary::GluedBoundary { label, to: *to }.into())
        }
        NoteKind::MalformedBoundary => {
            Some(rules::malformed_boundary::MalformedBoundary { label }.into())
        }
        NoteKind::Indented => Some(
            rules::indented::Indented {
                label,
                mark: "indented",
            }
            .into(),
        ),
        NoteKind::Quoted => Some(
            rules::indented::Indented {
                label,
                mark: "quoted",
            }
            .into(),
        ),
        NoteKind::Escaped { .. } if label.is_empty() && company.escaped => None,
        NoteKind::Escaped { how } => Some(
            rules::escaped::Escaped {
                label,
                how: escape_words(*how).to_owned(),
            }
            .into(),
        ),
        NoteKind::WhitespaceInside | NoteKind::LongLines { .. } if company.one_line => None,
        NoteKind::WhitespaceInside => unusual("white space inside its lines".to_owned()),
        NoteKind::BlankLines => {
            unusual("a blank line behind BEGIN or carriage returns too many".to_owned())
        }
        NoteKind::FeedInside => unread("form feeds or vertical tabs in its lines"),
        NoteKind::DoubleSpaced => unread("blank lines"),
        NoteKind::LongLines { longest } => unusual(format!("lines of up to {longest} characters")),
        NoteKind::ShortLines { shortest } => unusual(format!(
            "lines of only {shortest} characters before the last"
        )),
        NoteKind::UrlAlphabet => unread("the URL alphabet of base64"),
        NoteKind::QuotedPrintable => Some(
            rules::escaped::Escaped {
                label,
                how: "quoted-printable, as in an e-mail".to_owned(),
            }
            .into(),
        ),
        NoteKind::MissingPadding => unread("no padding at its end"),
        NoteKind::NonCanonicalTrailingBits => {
            unusual("non-zero bits behind the last byte".to_owned())
        }
        NoteKind::HeaderMalformed => unusual("headers that are not of RFC 1421's form".to_owned()),
        NoteKind::Truncated { declared, present } => Some(
            rules::truncated::Truncated {
                declared: *declared,
                present: *present,
            }
            .into(),
        ),
        NoteKind::TrailingBytes { count } if label == "TRUSTED CERTIFICATE" => {
            // OpenSSL's trust settings follow the certificate there.
            let _ = count;
            None
        }
        NoteKind::TrailingBytes { count } => Some(
            rules::trailing_bytes::TrailingBytes {
                label,
                count: *count,
            }
            .into(),
        ),
        NoteKind::BadBase64 { what } => Some(
            rules::bad_base64::BadBase64 {
                label,
                what: what.to_string(),
                advice: advice(*what),
            }
            .into(),
        ),
    }
}
