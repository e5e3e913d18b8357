//! The strict second reader: what a rustls server would load from the same bytes.
//!
//! The one place where rustls-pemfile is used. It is archived (RUSTSEC-2025-0134); the way off is
//! `rustls_pki_types::pem::from_buf`, which it wraps.

use keyway_report::Place;
use rustls_pemfile::{Error, Item, read_one_from_slice};

use super::bundle::BlockKind;
use super::collector::Collector;
use super::options::Input;
use crate::rules::pem::strict_reader_differs::StrictReaderDiffers;

const OPENSSH: &str = "OPENSSH PRIVATE KEY";

/// Compares what was read leniently from the current input with what rustls-pemfile loads.
pub(super) fn compare(collector: &mut Collector<'_>, input: &Input<'_>) {
    let strict = load(input.bytes);
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
    if strict.error.is_none() && strict.certificates == certificates && strict.keys == keys {
        return;
    }
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
        },
    );
}

#[derive(Default)]
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
