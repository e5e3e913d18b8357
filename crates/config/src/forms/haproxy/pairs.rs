//! Certificates that a `bind` line names, and where their keys are (Configuration Manual, sections 3.1,
//! "ssl-load-extra-files", and 5.1, "crt").

use zeroize::Zeroizing;

use crate::forms::left::Left;
use crate::forms::{Files, pem};

/// A certificate and its key.
pub(super) struct Pair {
    pub(super) certificate: String,
    pub(super) key: String,
    /// Whether the key may as well be beside the certificate.
    pub(super) is_unsure: bool,
}

/// Where HAProxy looks for the key of a certificate that holds none.
pub(super) fn beside(certificate: &str) -> String {
    format!("{certificate}.key")
}

/// Whether a path that begins at the root has no ending: HAProxy takes every file in a folder.
fn may_be_folder(path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default();
    path.starts_with('/') && !last.contains('.')
}

/// Whether what is named is a folder of certificates for sure; one that may be is told.
pub(super) fn folder(line: usize, path: &str, left: &mut Left) -> bool {
    if path.ends_with('/') {
        left.certificates(line, &format!("bind crt {path}"));
        return true;
    }
    if may_be_folder(path) {
        left.line(line, &format!("bind crt {path}, if it is a folder"));
    }
    false
}

impl Pair {
    /// The certificate in a file with its key, which is in the same file, or beside it where that holds none.
    pub(super) fn read(path: &str, files: Files<'_>) -> Self {
        let certificate = path.to_owned();
        let other = beside(path);
        let is_inside = files(path).map(|text| !pem::keys(&Zeroizing::new(text)).text.is_empty());
        let is_beside = is_inside == Some(false)
            || is_inside.is_none() && files(&other).map(Zeroizing::new).is_some();
        Self {
            is_unsure: is_inside.is_none() && !is_beside && !may_be_folder(path),
            key: if is_beside {
                other
            } else {
                certificate.clone()
            },
            certificate,
        }
    }

    /// What is told where nobody knows the place of the key.
    pub(super) fn told(&self) -> String {
        let Self { certificate, .. } = self;
        let other = beside(certificate);
        format!("bind crt {certificate}, if {other} holds its key")
    }
}
