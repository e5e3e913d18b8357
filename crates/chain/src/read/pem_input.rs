//! Inputs that hold PEM blocks.

use keyway_report::escape;

use super::bundle::{BlockKind, Source};
use super::collector::Collector;
use super::item;
use super::options::{Input, ReadError};
use crate::pem::{Escape, FaultKind, Note, NoteKind, PemBlock, Scan};
use crate::rules::{Kind, pem as rules};

pub(super) fn read(
    collector: &mut Collector<'_>,
    input: &Input<'_>,
    scan: &Scan,
) -> Result<(), ReadError> {
    collector.describe(match scan.blocks.len() {
        1 => "PEM, 1 block".to_owned(),
        count => format!("PEM, {count} blocks"),
    });
    for note in &scan.notes {
        if let Some(kind) = finding("", note) {
            collector.note(&note.place, kind);
        }
    }
    for block in &scan.blocks {
        let index = collector.block(&block.label, &block.place, None);
        for note in &block.notes {
            if let Some(kind) = finding(&block.label, note) {
                collector.note(&note.place, kind);
            }
        }
        match &block.decoded {
            Ok(()) => item::read_block(collector, index, block)?,
            Err(fault) => collector.unreadable(index, announced_kind(block), fault.to_string()),
        }
    }
    key_among_certificates(collector);
    super::strict::compare(collector, input, scan);
    Ok(())
}

/// Notes the first private key that shares its input with certificates.
fn key_among_certificates(collector: &mut Collector<'_>) {
    let here = collector.bundle.inputs.len().saturating_sub(1);
    let of_this_input = |sources: &[Source]| sources.iter().any(|at| at.input == here);
    let held = &collector.bundle.certificates;
    let certificates = held
        .iter()
        .filter(|held| of_this_input(&held.sources))
        .count();
    let mut keys = collector.bundle.keys.iter().flat_map(|held| &held.sources);
    let place = keys.find(|at| at.input == here).map(|at| at.place.clone());
    if let Some(place) = place
        && certificates > 0
    {
        let kind = rules::key_among_certificates::KeyAmongCertificates { certificates };
        collector.note(&place, kind);
    }
}

/// What a block that cannot be decoded would have been.
fn announced_kind(block: &PemBlock) -> BlockKind {
    use super::label::{Announced, announced};
    match announced(&block.label) {
        Announced::Certificate => BlockKind::Certificate,
        Announced::TrustedCertificate => BlockKind::TrustedCertificate,
        Announced::PrivateKey(_) | Announced::OpenSshKey if !block.is_legacy_encrypted() => {
            BlockKind::PrivateKey
        }
        Announced::PrivateKey(_) | Announced::OpenSshKey | Announced::EncryptedPrivateKey => {
            BlockKind::EncryptedPrivateKey
        }
        Announced::PublicKey | Announced::RsaPublicKey => BlockKind::PublicKey,
        Announced::Request => BlockKind::Request,
        Announced::Crl => BlockKind::Crl,
        Announced::Pkcs7 => BlockKind::Pkcs7,
        Announced::Pkcs12 => BlockKind::Pkcs12,
        Announced::Parameters => BlockKind::Parameters,
        Announced::Foreign(_) | Announced::Unknown => BlockKind::Unknown,
    }
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
fn finding(label: &str, note: &Note) -> Option<Kind> {
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
    match &note.kind {
        // RFC 7468, section 2: "parsers SHOULD ... handle different newline conventions".
        NoteKind::CrLf | NoteKind::LoneCr | NoteKind::TrailingWhitespace => None,
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
        NoteKind::NoBoundaries => Some(rules::no_boundaries::NoBoundaries.into()),
        NoteKind::MismatchedLabels { begin, end } => Some(
            rules::mismatched_labels::MismatchedLabels {
                begin: escape::text(begin),
                end: escape::text(end),
            }
            .into(),
        ),
        NoteKind::GluedBoundary => Some(rules::glued_boundary::GluedBoundary { label }.into()),
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
        NoteKind::Escaped { how } => Some(
            rules::escaped::Escaped {
                label,
                how: escape_words(*how).to_owned(),
            }
            .into(),
        ),
        NoteKind::WhitespaceInside => unusual("white space inside its lines".to_owned()),
        NoteKind::BlankLines => unusual("blank lines behind BEGIN or after every line".to_owned()),
        NoteKind::LongLines { longest } => unusual(format!("lines of up to {longest} characters")),
        NoteKind::ShortLines { shortest } => unusual(format!(
            "lines of only {shortest} characters before the last"
        )),
        NoteKind::UrlAlphabet => unusual("the URL alphabet of base64".to_owned()),
        NoteKind::QuotedPrintable => unusual("quoted-printable padding".to_owned()),
        NoteKind::MissingPadding => unusual("no padding at its end".to_owned()),
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
