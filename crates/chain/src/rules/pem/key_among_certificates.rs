//! `pem.key-among-certificates`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use super::named::counted;
use crate::rules::{Aspect, Evidence};

/// A private key stands in a file with certificates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeyAmongCertificates {
    /// Certificates in the same input.
    pub certificates: usize,
}

impl Evidence for KeyAmongCertificates {
    const RULE: Rule = Rule {
        code: "pem.key-among-certificates",
        severity: Severity::Warning,
        title: "A private key stands among certificates",
        why: "Certificates are public, the key is not: whoever is handed this file as \"the \
              certificate\" holds the key too. HAProxy wants them together; most others do not.",
        fix: "Keep the key in a file of its own with mode 0600, unless the server wants one file \
              for both.",
        sources: &["HAProxy: crt", "NIST SP 800-57 part 1, section 6.2"],
    };
    const ASPECT: Aspect = Aspect::Serves;

    fn message(&self) -> String {
        format!(
            "A private key stands in the same file as {}.",
            counted(self.certificates, "certificate")
        )
    }
}
