//! One file, judged by itself.

use std::path::Path;

use keyway_chain::read::BlockKind;
use keyway_chain::{Bundle, ReadOptions, Report, check, read};

use super::tally::Tally;
use super::walk::{Found, FoundKind};
use crate::failure::Failure;
use crate::intent::{Passwords, Refused, Standard, read_file, shown, unreadable};

/// A file, and what became of it.
pub(crate) struct Scanned {
    /// Its name, made safe to show.
    pub(crate) name: String,
    /// Whether somebody named it, and it is not one of many below that.
    pub(crate) named: bool,
    /// What became of it.
    pub(crate) outcome: Outcome,
}

/// What became of a file.
pub(crate) enum Outcome {
    /// It holds certificates, or something that should be one.
    Judged(Box<Report>),
    /// It holds no certificate.
    Aside(Held),
    /// It could not be read.
    Failed {
        /// Why. When somebody named the file, the job could not be done as asked; one of many below
        /// a folder is a fault of that file.
        failure: Box<Failure>,
    },
}

/// What a file without certificates holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Held {
    /// Blocks, of which this one is the first.
    Kind(BlockWord),
    /// Nothing that is recognised, in the reader's words.
    Other(String),
    /// A link to a folder, which is not followed.
    LinkedFolder,
    /// A socket, pipe or device.
    Special,
    /// More than is read, under a name that promises no certificate.
    Large,
}

/// Kinds of blocks, as far as they are counted apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum BlockWord {
    PrivateKey,
    PublicKey,
    Request,
    Crl,
    Parameters,
}

/// Reads and judges one find of the walk.
pub(super) fn scan(found: Found, standard: &Standard, passwords: &Passwords) -> Scanned {
    let Found { path, named, kind } = found;
    let outcome = match kind {
        FoundKind::File => judge(&path, named, standard, passwords),
        FoundKind::Unreadable(source) => Err(unreadable(&path, source)),
        FoundKind::LinkedFolder => Ok(Outcome::Aside(Held::LinkedFolder)),
        FoundKind::Special if named => Err(Failure::NotAFile(path.clone())),
        FoundKind::Special => Ok(Outcome::Aside(Held::Special)),
        FoundKind::NoMatch => Err(Failure::NoMatch(path.clone())),
    };
    Scanned {
        name: shown(&path),
        named,
        outcome: outcome.unwrap_or_else(|failure| Outcome::Failed {
            failure: Box::new(failure),
        }),
    }
}

fn judge(
    path: &Path,
    named: bool,
    standard: &Standard,
    passwords: &Passwords,
) -> Result<Outcome, Failure> {
    let file = match read_file(path) {
        Err(Refused::TooLarge) if !named && !promises_certificates(path) => {
            return Ok(Outcome::Aside(Held::Large));
        }
        read => read.map_err(|refused| refused.at(path))?,
    };
    let passwords = passwords.slices();
    let bundle = read(
        &[file.input()],
        &ReadOptions {
            passwords: &passwords,
        },
    )?;
    if bundle.certificates.is_empty() && !should_hold_certificates(&bundle) {
        let held = held(&bundle);
        if !(matches!(held, Held::Other(_)) && promises_certificates(path)) {
            return Ok(Outcome::Aside(held));
        }
    }
    Ok(Outcome::Judged(Box::new(check(
        &bundle,
        &standard.options(),
    ))))
}

/// Whether a file's name says that certificates are in it: an empty `chain.pem` is a fault, an empty
/// `.gitkeep` is none.
fn promises_certificates(path: &Path) -> bool {
    const EXTENSIONS: [&str; 7] = ["cer", "crt", "p12", "p7b", "p7c", "pem", "pfx"];
    path.extension()
        .and_then(|extension| extension.to_str())
        .is_some_and(|extension| {
            EXTENSIONS
                .iter()
                .any(|known| known.eq_ignore_ascii_case(extension))
        })
}

/// Whether there is something that would hold a certificate if it could be read.
fn should_hold_certificates(bundle: &Bundle) -> bool {
    use BlockKind::{Certificate, Pkcs7, Pkcs12, TrustedCertificate};
    bundle
        .inputs
        .iter()
        .flat_map(|input| &input.blocks)
        .any(|block| {
            let meant = matches!(
                block.kind,
                Certificate | TrustedCertificate | Pkcs7 | Pkcs12
            );
            !block.readable && (meant || block.label.ends_with("CERTIFICATE"))
        })
}

fn held(bundle: &Bundle) -> Held {
    let mut inputs = bundle.inputs.iter();
    let kinds = bundle
        .inputs
        .iter()
        .flat_map(|input| &input.blocks)
        .map(|block| block.kind);
    let word = kinds.filter_map(|kind| match kind {
        BlockKind::PrivateKey | BlockKind::EncryptedPrivateKey => Some(BlockWord::PrivateKey),
        BlockKind::PublicKey => Some(BlockWord::PublicKey),
        BlockKind::Request => Some(BlockWord::Request),
        BlockKind::Crl => Some(BlockWord::Crl),
        BlockKind::Parameters => Some(BlockWord::Parameters),
        _ => None,
    });
    match word.min() {
        Some(word) => Held::Kind(word),
        None => Held::Other(
            inputs
                .next()
                .map_or_else(String::new, |input| input.what.clone()),
        ),
    }
}

impl Scanned {
    /// Whether it needs somebody: an error was found, or it could not be read.
    pub(crate) fn is_bad(&self) -> bool {
        match &self.outcome {
            Outcome::Judged(report) => report.has_errors(),
            Outcome::Aside(_) => false,
            Outcome::Failed { .. } => true,
        }
    }

    /// Whether there is no certificate to speak of.
    pub(crate) fn is_aside(&self) -> bool {
        matches!(self.outcome, Outcome::Aside(_))
    }

    /// What it adds to the sum.
    pub(super) fn into_tally(self) -> Tally {
        Tally::of(self)
    }
}
