//! `pem.encrypted-key`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::rules::{Aspect, Evidence};

/// A private key is protected by a password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EncryptedKey {
    /// What is locked: `private key`, or `PKCS#12 file`.
    pub what: &'static str,
    /// Whether a password that was given opened it.
    pub opened: bool,
}

impl Evidence for EncryptedKey {
    const RULE: Rule = Rule {
        code: "pem.encrypted-key",
        severity: Severity::Warning,
        title: "The private key is protected by a password",
        why: "A server that starts by itself has nobody to ask: nginx waits at a prompt or \
              fails, rustls cannot load it at all.",
        fix: "Write an unencrypted copy that only the server can read: `keyway fix … \
              --password-file FILE --out DIR` (key.pem gets mode 0600).",
        sources: &["RFC 5958, section 3", "nginx: ssl_password_file"],
    };
    const ASPECT: Aspect = Aspect::Serves;

    fn message(&self) -> String {
        if self.opened {
            format!(
                "The {} is encrypted; the password given opens it.",
                self.what
            )
        } else {
            format!(
                "The {} is encrypted and no password was given, so it could not be looked at.",
                self.what
            )
        }
    }
}
