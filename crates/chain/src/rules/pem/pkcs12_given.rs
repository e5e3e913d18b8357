//! `pem.pkcs12-given`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use super::named::counted;
use crate::rules::{Aspect, Evidence};

/// A PKCS#12 file was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pkcs12Given {
    /// Certificates in it.
    pub certificates: usize,
    /// Private keys in it.
    pub keys: usize,
    /// How it is encrypted, in words.
    pub encryption: String,
}

impl Evidence for Pkcs12Given {
    const RULE: Rule = Rule {
        code: "pem.pkcs12-given",
        severity: Severity::Error,
        title: "Certificate and key come as PKCS#12 (PFX)",
        why: "nginx, Apache, HAProxy and rustls do not load PFX files; IIS and Java do. Old ones \
              are encrypted with RC2-40, which OpenSSL 3 opens only with its legacy provider.",
        fix: "Convert it: `keyway fix FILE --password-file P --out DIR`.",
        sources: &["RFC 7292", "openssl/installer#23"],
    };
    const ASPECT: Aspect = Aspect::Serves;

    fn message(&self) -> String {
        format!(
            "This is a PKCS#12 file with {} and {}, {}.",
            counted(self.certificates, "certificate"),
            counted(self.keys, "key"),
            self.encryption
        )
    }
}
