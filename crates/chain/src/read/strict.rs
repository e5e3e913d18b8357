//! The strict second reader: what a rustls server would load from the same bytes.
//!
//! The one place where rustls-pemfile is used. It is archived (RUSTSEC-2025-0134); the way off is
//! `rustls_pki_types::pem::from_buf`, which it wraps.

mod masked;

use keyway_report::Place;
use rustls_pemfile::{Error, Item, read_one_from_slice};

use super::bundle::{Block, BlockKind, InputFacts};
use super::collector::Collector;
use super::options::Input;
use crate::pem::{Note, NoteKind, Scan};
use crate::rules::pem::strict_reader_differs::StrictReaderDiffers;

const OPENSSH: &str = "OPENSSH PRIVATE KEY";

/// What OpenSSL calls `PEM_STRING_X509_OLD`.
const OLD_LABEL: &str = "X509 CERTIFICATE";

/// Compares what was read leniently from the current input with what rustls-pemfile loads.
pub(super) fn compare(collector: &mut Collector<'_>, input: &Input<'_>, scan: &Scan) {
    let blocks = collector.bundle.inputs.last().map(|facts| &facts.blocks);
    if is_by_the_book(scan) && blocks.is_some_and(|blocks| blocks.iter().all(is_loaded)) {
        return;
    }
    let strict = load(&masked::masked(input.bytes));
    let (mut certificates, mut keys) = (0, 0);
    if let Some(facts) = collector.bundle.inputs.last() {
        for block in facts.blocks.iter().filter(|block| block.within.is_none()) {
            match block.kind {
                BlockKind::Certificate | BlockKind::TrustedCertificate if block.readable => {
                    certificates += 1;
                }
                // Encrypted and OpenSSH keys have findings of their own.
                BlockKind::PrivateKey if block.readable && block.label != OPENSSH => keys += 1,
                _ => {}
            }
        }
    }
    let same = strict.certificates == certificates && strict.keys == keys;
    // A strict reader stumbles over RFC 1421 headers; pem.legacy-encryption says so.
    let is_locked = |facts: &InputFacts| {
        facts
            .blocks
            .iter()
            .any(|block| block.kind == BlockKind::EncryptedPrivateKey)
    };
    if same && (strict.error.is_none() || collector.bundle.inputs.last().is_some_and(is_locked)) {
        return;
    }
    let (openssl, usable, lost) =
        collector
            .bundle
            .inputs
            .last()
            .map_or((false, false, false), |facts| {
                let usable = |block: &Block| {
                    let kind = block.kind;
                    block.readable && !matches!(kind, BlockKind::Other | BlockKind::Unknown)
                };
                let openssl =
                    is_plain_to_openssl(scan) && facts.blocks.iter().all(is_loaded_by_openssl);
                let any = |is: fn(&Block) -> bool| facts.blocks.iter().any(is);
                (openssl, any(usable), any(Block::is_unread_certificate))
            });
    let whole = Place {
        bytes: 0..input.bytes.len(),
        lines: 1..2,
    };
    collector.note(
        &whole,
        StrictReaderDiffers {
            certificates: strict.certificates,
            keys: strict.keys,
            our_certificates: certificates,
            our_keys: keys,
            error: strict.error.map(str::to_owned),
            openssl,
            old_label: scan.blocks.iter().any(|block| block.label == OLD_LABEL),
            usable,
            lost,
        },
    );
}

/// Whether the text departs from RFC 7468 in nothing that the scanner knows of. Then the strict
/// reader finds the same blocks in it, and its decoding everything once more would tell nothing new.
fn is_by_the_book(scan: &Scan) -> bool {
    scan.notes.is_empty()
        && scan.blocks.iter().all(|block| {
            block.notes.is_empty() && block.headers.is_empty() && block.decoded.is_ok()
        })
}

/// Whether a block is what its label says, and of a kind that rustls-pemfile loads.
fn is_loaded(block: &Block) -> bool {
    let fits = match block.label.as_str() {
        "CERTIFICATE" => block.kind == BlockKind::Certificate,
        "PRIVATE KEY" | "RSA PRIVATE KEY" | "EC PRIVATE KEY" => block.kind == BlockKind::PrivateKey,
        _ => false,
    };
    fits && block.readable
}

/// Whether the text departs from RFC 7468 in nothing but what OpenSSL passes over: a byte order mark at
/// its start, white space behind a line, text between blocks, the length of lines. Tried with OpenSSL 3.0.
fn is_plain_to_openssl(scan: &Scan) -> bool {
    let is_plain = |note: &Note| match note.kind {
        NoteKind::Bom => note.place.bytes.start == 0,
        NoteKind::CrLf
        | NoteKind::TrailingWhitespace
        | NoteKind::TextBetween { .. }
        | NoteKind::LongLines { .. }
        | NoteKind::ShortLines { .. } => true,
        _ => false,
    };
    scan.notes.iter().all(is_plain)
        && scan.blocks.iter().all(|block| {
            block.notes.iter().all(is_plain) && block.headers.is_empty() && block.decoded.is_ok()
        })
}

/// Whether a block is what its label says, and of a kind that OpenSSL loads.
fn is_loaded_by_openssl(block: &Block) -> bool {
    let is_certificate = matches!(
        block.kind,
        BlockKind::Certificate | BlockKind::TrustedCertificate
    );
    let older = block.label == OLD_LABEL || block.label == "TRUSTED CERTIFICATE";
    is_loaded(block) || (older && is_certificate && block.readable)
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Loaded {
    certificates: usize,
    keys: usize,
    error: Option<&'static str>,
}

/// Blocks are counted only: their contents were checked by the lenient reader. Each call consumes at
/// least one line, so this ends.
fn load(mut rest: &[u8]) -> Loaded {
    let mut out = Loaded::default();
    loop {
        match read_one_from_slice(rest) {
            Ok(Some((item, remaining))) => {
                match item {
                    Item::X509Certificate(_) => out.certificates += 1,
                    Item::Pkcs1Key(_) | Item::Pkcs8Key(_) | Item::Sec1Key(_) => out.keys += 1,
                    _ => {}
                }
                rest = remaining;
            }
            Ok(None) => return out,
            Err(error) => {
                out.error = Some(describe(&error));
                return out;
            }
        }
    }
}

fn describe(error: &Error) -> &'static str {
    match error {
        // Neither label nor line is shown: a whole private key may stand on the BEGIN line.
        Error::MissingSectionEnd { .. } => "a section without an END line",
        Error::IllegalSectionStart { .. } => "a BEGIN line that does not end in dashes",
        Error::Base64Decode(_) => "base64 that it cannot decode",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::masked::masked;
    use super::{is_by_the_book, load};

    /// Pieces that PEM texts are made of, right and wrong.
    fn piece() -> impl Strategy<Value = &'static str> {
        prop::sample::select(vec![
            "-----BEGIN CERTIFICATE-----",
            "-----END CERTIFICATE-----",
            "-----BEGIN PRIVATE KEY-----",
            "-----END PRIVATE KEY-----",
            "-----BEGIN CERTIFICATE----- ",
            "-----BEGIN CERTIFICATE-----\t",
            " -----END CERTIFICATE-----",
            "MAMCAQE=",
            "MAMCAQ",
            "MAMC\tAQE=",
            "\n",
            "\n",
            "\n",
            "\r\n",
            "\r",
            "\u{b}",
            "\u{feff}",
            "text",
        ])
    }

    fn block(label: &str) -> String {
        format!("-----BEGIN {label}-----\nMAMCAQE=\n-----END {label}-----\n")
    }

    proptest! {
        #[test]
        fn a_text_by_the_book_holds_the_same_for_both_readers(
            before in prop::collection::vec(piece(), 0..3),
            inside in prop::collection::vec(piece(), 0..12),
            damaged in any::<bool>(),
        ) {
            let body: String = inside.concat();
            let text = if damaged {
                before.concat() + &block("CERTIFICATE") + &body
            } else {
                before.concat() + &block("CERTIFICATE") + &block("PRIVATE KEY")
            };
            prop_assert_eq!(load(text.as_bytes()), load(&masked(text.as_bytes())));
            let scan = crate::pem::scan(text.as_bytes()).expect("within the limits");
            if is_by_the_book(&scan) {
                let strict = load(text.as_bytes());
                let count = |label| scan.blocks.iter().filter(|b| b.label == label).count();
                prop_assert!(strict.error.is_none(), "{text:?}");
                prop_assert_eq!(strict.certificates, count("CERTIFICATE"));
                prop_assert_eq!(strict.keys, count("PRIVATE KEY"));
            }
        }
    }

    #[test]
    fn a_masked_text_is_the_same_to_the_strict_reader() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/suites/pem/files");
        let mut files = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let bytes = std::fs::read(&path).unwrap();
            assert_eq!(load(&bytes), load(&masked(&bytes)), "{}", path.display());
            files += 1;
        }
        assert!(files > 600, "{files}");
    }

    #[test]
    fn ordinary_files_are_by_the_book() {
        let text = block("CERTIFICATE") + &block("CERTIFICATE") + &block("PRIVATE KEY");
        assert!(is_by_the_book(&crate::pem::scan(text.as_bytes()).unwrap()));
    }
}
