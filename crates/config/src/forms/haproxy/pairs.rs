//! Certificates that a `bind` line names, and where their keys are (Configuration Manual, sections 3.1,
//! "ssl-load-extra-files", and 5.1, "crt").

use zeroize::Zeroizing;

use super::versions::Versions;
use crate::forms::left::Left;
use crate::forms::{Files, Sources, pem};

/// What is known where certificates are named.
pub(super) struct Around<'f> {
    files: Files<'f>,
    /// The folder that the configuration is in.
    folder: Option<&'f str>,
    /// The folder that paths count from, where it is said (section 3.1: "default-path").
    base: Option<String>,
    /// The folders that paths of certificates and of CAs count from (section 3.1: "crt-base", "ca-base").
    crt: String,
    ca: String,
    /// What holds of each line with TLS that does not say otherwise (section 3.1: "ssl-default-bind-options").
    pub(super) versions: Versions,
}

impl<'f> Around<'f> {
    pub(super) fn new(sources: &Sources<'f>) -> Self {
        Self {
            files: sources.files,
            folder: sources.folder,
            base: None,
            crt: String::new(),
            ca: String::new(),
            versions: Versions::default(),
        }
    }

    /// Takes a line of `global` in; `false` where it is about something else.
    pub(super) fn take(&mut self, words: &[String]) -> bool {
        match words {
            [name, folder] if name == "crt-base" => self.crt.clone_from(folder),
            [name, folder] if name == "ca-base" => self.ca.clone_from(folder),
            [name, options @ ..] if name == "ssl-default-bind-options" => {
                return self.versions.take_all(options);
            }
            [name, from @ ..] if name == "default-path" => return self.count_from(from),
            _ => return false,
        }
        true
    }

    /// Takes from where paths count; `false` where nobody knows it here.
    fn count_from(&mut self, from: &[String]) -> bool {
        let words: Vec<&str> = from.iter().map(String::as_str).collect();
        self.base = match *words {
            ["config"] => self.folder.map(str::to_owned),
            ["parent"] => self.folder.map(|folder| format!("{folder}/..")),
            ["origin", folder] if folder.starts_with('/') => Some(folder.to_owned()),
            _ => None,
        };
        self.base.is_some()
    }

    fn whole(&self, path: &str) -> String {
        below(self.base.as_deref().unwrap_or_default(), path)
    }

    /// A list of what conditions ask for, where it is at hand and nobody has to guess where it is.
    pub(super) fn list(&self, path: &str) -> Option<String> {
        let whole = self.whole(path);
        (self.files)(&whole).filter(|_| whole.starts_with('/'))
    }

    /// The path of a certificate.
    pub(super) fn certificate(&self, path: &str) -> String {
        self.whole(&below(&self.crt, path))
    }

    /// The path of CAs, or of a list of what they revoked.
    pub(super) fn ca(&self, path: &str) -> String {
        self.whole(&below(&self.ca, path))
    }
}

/// What is told of a path that counts from the folder where HAProxy is started, which nobody knows here.
pub(super) fn unplaced(path: &str) -> Option<String> {
    let is_placed = path.is_empty() || path.starts_with(['/', '@', '$']);
    (!is_placed)
        .then(|| format!("{path} from the folder where HAProxy is started: here from this file's"))
}

/// A path that counts from a folder; the system's CAs (`@system-ca`) lie in none.
fn below(folder: &str, path: &str) -> String {
    if folder.is_empty() || path.is_empty() || path.starts_with(['/', '@']) {
        return path.to_owned();
    }
    format!("{}/{path}", folder.trim_end_matches('/'))
}

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
    pub(super) fn read(path: &str, around: &Around<'_>) -> Self {
        let files = around.files;
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
