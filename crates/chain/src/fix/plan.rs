use serde::Serialize;
use zeroize::Zeroizing;

use super::{FixOptions, write};
use crate::check::Node;
use crate::read::{Bundle, HeldKey};
use crate::report::Report;
use crate::rules::Finding;
use crate::x509::Certificate;

/// One file to write.
pub struct RepairedFile {
    /// Its name, without a folder.
    pub name: String,
    /// Its contents.
    pub bytes: Zeroizing<Vec<u8>>,
    /// Whether it holds a private key and only its owner may read it (mode 0600).
    pub private: bool,
}

impl std::fmt::Debug for RepairedFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RepairedFile")
            .field("name", &self.name)
            .field("length", &self.bytes.len())
            .field("private", &self.private)
            .finish()
    }
}

/// One thing that the repaired files have otherwise than the inputs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What was changed.
    pub what: String,
    /// Why: the code of the finding that asks for it.
    pub code: &'static str,
}

/// The repaired files.
#[derive(Debug)]
pub struct Repair {
    /// Files to write, none of which may be written when an older one of its pair stays.
    pub files: Vec<RepairedFile>,
    /// What was changed, and why.
    pub changes: Vec<Change>,
    /// What could not be repaired, in plain words.
    pub unrepaired: Vec<String>,
}

/// Why nothing can be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FixError {
    /// There is no certificate to write.
    #[error("there is no certificate in what was given: nothing can be repaired")]
    NoCertificate,
    /// PKCS#12 was asked for without a password.
    #[error("a PKCS#12 file needs a password: give one, it may be empty")]
    PasswordNeeded,
}

/// Makes the files a server wants out of a bundle, as far as they can be made.
///
/// The certificates are those of the report's path: leaf first, each followed by its issuer, no
/// duplicates, no strangers, the root left out unless asked for. A key is written only if it belongs
/// to the leaf, so the files never hold a pair that does not match.
///
/// # Errors
/// [`FixError`] when there is nothing to write, or no password for PKCS#12.
pub fn fix(bundle: &Bundle, report: &Report, options: &FixOptions<'_>) -> Result<Repair, FixError> {
    let served = report.served();
    let leaf = *served.first().ok_or(FixError::NoCertificate)?;
    let held = |index: usize| &bundle.certificates[index].certificate;
    let mut chain: Vec<&Certificate> = served.iter().map(|&index| held(index)).collect();
    if options.keep_root {
        chain.extend(root(bundle, report, served));
    }
    let key = bundle.keys.iter().find(|key| key.belongs_to(held(leaf)));
    let files = write::files(&chain, key, options)?;
    Ok(Repair {
        files,
        changes: changes(bundle, report, key, options),
        unrepaired: unrepaired(bundle, report, key),
    })
}

/// The self-signed certificate that the heap holds at the path's end.
fn root<'a>(bundle: &'a Bundle, report: &Report, served: &[usize]) -> Option<&'a Certificate> {
    let last = &bundle.certificates[*served.last()?].certificate;
    let on_path = report.path().nodes.iter().filter_map(|node| match node {
        Node::Held(index) => Some(*index),
        Node::Anchor(_) => None,
    });
    on_path
        .chain(0..bundle.certificates.len())
        .filter(|index| !served.contains(index))
        .map(|index| &bundle.certificates[index].certificate)
        .find(|root| root.is_self_issued() && root.subject.der() == last.issuer.der())
}

/// Codes whose findings the written files no longer have, and what was done about each.
const REPAIRS: &[(&str, &str)] = &[
    ("chain.leaf-not-first", "put the server's certificate first"),
    (
        "chain.out-of-order",
        "put every certificate before its issuer",
    ),
    (
        "chain.duplicate",
        "dropped the certificate that stood twice",
    ),
    (
        "chain.stranger",
        "left out a certificate that is on no path from the leaf",
    ),
    (
        "chain.root-included",
        "left out the root: clients hold their own",
    ),
    (
        "chain.expired-cross-sign",
        "left out an expired cross-certificate",
    ),
    ("pem.missing-end", "wrote the missing END line"),
    ("pem.missing-begin", "wrote the missing BEGIN line"),
    ("pem.no-boundaries", "wrote BEGIN and END lines"),
    ("pem.malformed-boundary", "spelled the boundary lines right"),
    ("pem.mismatched-labels", "made BEGIN and END agree"),
    ("pem.glued-boundary", "put every boundary on its own line"),
    ("pem.indented", "removed what stood before the lines"),
    ("pem.bom", "removed the byte order mark"),
    ("pem.utf16", "wrote ASCII instead of UTF-16"),
    ("pem.escaped", "undid the escapes"),
    ("pem.text-between", "left out the text between the blocks"),
    ("pem.unusual-layout", "wrote lines of 64 characters"),
    ("pem.trailing-bytes", "left out the bytes behind the value"),
    (
        "pem.strict-reader-differs",
        "wrote blocks that strict readers load",
    ),
    ("pem.wrong-label", "named the block by what it holds"),
    ("pem.duplicate-block", "wrote the block once"),
    ("pem.trusted-certificate", "wrote a plain CERTIFICATE"),
    ("pem.der-not-pem", "converted DER to PEM"),
    (
        "pem.pkcs7-given",
        "took the certificates out of the PKCS#7 bundle",
    ),
    (
        "pem.pkcs12-given",
        "took certificates and key out of the PKCS#12 file",
    ),
    ("pem.openssh-key", "converted the OpenSSH key to PKCS#8"),
    (
        "pem.legacy-encryption",
        "wrote the key unencrypted, readable by its owner only",
    ),
    (
        "pem.encrypted-key",
        "wrote the key unencrypted, readable by its owner only",
    ),
    (
        "pem.key-among-certificates",
        "wrote the key to a file of its own",
    ),
    (
        "key.several",
        "kept the key that belongs to the certificate",
    ),
    (
        "key.wrong-curve-encoding",
        "named the curve instead of spelling it out",
    ),
];

/// Whether the written files no longer have findings of this code.
pub fn repairs(code: &str) -> bool {
    REPAIRS.iter().any(|(repaired, _)| *repaired == code)
}

/// Codes about a key: repaired only where that key was written.
const KEY_REPAIRS: &[&str] = &[
    "pem.openssh-key",
    "pem.legacy-encryption",
    "pem.encrypted-key",
    "pem.key-among-certificates",
    "key.several",
    "key.wrong-curve-encoding",
];

/// Whether a finding is about a place that the written key was read from.
fn is_of(finding: &Finding, bundle: &Bundle, key: Option<&HeldKey>) -> bool {
    key.is_some_and(|held| {
        held.sources.iter().any(|source| {
            let at = bundle.locus(source);
            at.input == finding.at.input && at.line == finding.at.line
        })
    })
}

fn changes(
    bundle: &Bundle,
    report: &Report,
    key: Option<&HeldKey>,
    options: &FixOptions<'_>,
) -> Vec<Change> {
    let mut out = Vec::new();
    for finding in &report.findings {
        if KEY_REPAIRS.contains(&finding.code()) && !is_of(finding, bundle, key) {
            continue;
        }
        if options.keep_root && finding.code() == "chain.root-included" {
            continue;
        }
        let Some((code, what)) = REPAIRS.iter().find(|(code, _)| *code == finding.code()) else {
            continue;
        };
        let place = finding
            .at
            .input
            .as_deref()
            .map_or_else(String::new, |input| {
                finding.at.line.map_or_else(
                    || format!(" ({input})"),
                    |line| format!(" ({input}:{line})"),
                )
            });
        out.push(Change {
            what: format!("{what}{place}"),
            code,
        });
    }
    out
}

fn unrepaired(bundle: &Bundle, report: &Report, key: Option<&HeldKey>) -> Vec<String> {
    use keyway_report::Kind as _;
    let mut out: Vec<String> = report
        .findings
        .iter()
        .filter(|finding| finding.kind.is_error())
        .filter(|finding| !repairs(finding.code()))
        .map(|finding| format!("{} [{}]", finding.kind.message(), finding.code()))
        .collect();
    if key.is_none() && !bundle.locked_keys.is_empty() {
        out.push("The private key could not be opened, so no key is written.".to_owned());
    } else if key.is_none() && bundle.keys.is_empty() {
        out.push("No private key was given, so no key is written.".to_owned());
    }
    out
}
