use serde::Serialize;
use zeroize::Zeroizing;

use super::{FixOptions, Form, repairs, write};
use crate::check::Node;
use crate::read::{Bundle, HeldKey};
use crate::report::Report;
use crate::rules::Kind;
use crate::rules::chain::ca_as_leaf::names_no_server;
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Change {
    /// What was done, and to what. Names and places in it are escaped.
    pub what: String,
    /// Why.
    pub why: String,
    /// The rule that asks for it, where one does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'static str>,
}

/// The repaired files.
#[derive(Debug)]
pub struct Repair {
    /// Files to write, none of which may be written when an older one of its pair stays.
    pub files: Vec<RepairedFile>,
    /// What was changed, and why: the difference between what was given and what is written.
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
    /// What could hold a certificate is encrypted.
    #[error("{}", locked(*.tried))]
    Locked {
        /// Whether a password was given, which opens none of it.
        tried: bool,
    },
    /// All there is are certificates of CAs: none of them is a server's.
    #[error(
        "there is no server's certificate in what was given, only those of CAs: files for a server cannot \
         be made of them; add the certificate that was issued for the server"
    )]
    NoServerCertificate,
    /// The server's certificate is there, and cannot be read.
    #[error(
        "the server's own certificate cannot be read, and nothing can be made of it: fetch it again \
         from where it came"
    )]
    Unreadable,
    /// PKCS#12 was asked for without a password.
    #[error("a PKCS#12 file needs a password: give one, it may be empty")]
    PasswordNeeded,
}

fn locked(tried: bool) -> &'static str {
    if tried {
        "no password that was given opens what is encrypted here, and beside it there is no certificate to \
         write: give the right one"
    } else {
        "what is here is encrypted, and beside it there is no certificate to write: give its password"
    }
}

/// Why there is nothing to write.
fn nothing(bundle: &Bundle, report: &Report) -> FixError {
    let has = |is_meant: fn(&Kind) -> bool| {
        report
            .findings
            .iter()
            .any(|finding| is_meant(&finding.kind))
    };
    if has(|kind| matches!(kind, Kind::WrongPassword(_))) {
        FixError::Locked { tried: true }
    } else if has(|kind| matches!(kind, Kind::EncryptedKey(_))) {
        FixError::Locked { tried: false }
    } else if bundle.has_unread_certificate() {
        FixError::Unreadable
    } else if !bundle.certificates.is_empty() {
        FixError::NoServerCertificate
    } else {
        FixError::NoCertificate
    }
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
    let mut written = report.served().to_vec();
    let leaf = *written.first().ok_or_else(|| nothing(bundle, report))?;
    if options.keep_root {
        written.extend(root(bundle, report));
    }
    let held = |index: usize| &bundle.certificates[index].certificate;
    let chain: Vec<&Certificate> = written.iter().map(|&index| held(index)).collect();
    let key = bundle.keys.iter().find(|key| key.belongs_to(held(leaf)));
    let is_for_server = matches!(options.form, Form::Pem | Form::Pkcs12);
    if is_for_server && key.is_none() && names_no_server(held(leaf)) {
        return Err(FixError::NoServerCertificate);
    }
    let files = write::files(&chain, key, options)?;
    let plan = Plan {
        bundle,
        report,
        written: &written,
        key,
        form: options.form,
    };
    Ok(Repair {
        files,
        changes: plan.changes(),
        unrepaired: unrepaired(bundle, report, key),
    })
}

/// What is written out of what.
pub(super) struct Plan<'a> {
    pub(super) bundle: &'a Bundle,
    pub(super) report: &'a Report,
    /// The certificates that are written, in order: indices into the bundle.
    pub(super) written: &'a [usize],
    /// The key that belongs to the first of them.
    pub(super) key: Option<&'a HeldKey>,
    pub(super) form: Form,
}

/// The self-signed certificate that the heap holds at the path's end.
fn root(bundle: &Bundle, report: &Report) -> Option<usize> {
    let served = report.served();
    let certificate = |index: usize| &bundle.certificates[index].certificate;
    let last = certificate(*served.last()?);
    let on_path = report.path().nodes.iter().filter_map(|node| match node {
        Node::Held(index) => Some(*index),
        Node::Anchor(_) => None,
    });
    on_path
        .chain(0..bundle.certificates.len())
        .filter(|index| !served.contains(index))
        .find(|&index| {
            let root = certificate(index);
            root.is_self_issued() && root.subject.der() == last.issuer.der()
        })
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
