//! `pem.not-a-certificate`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::rules::{Aspect, Evidence};

/// An input or block that should be a certificate is something else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotACertificate {
    /// What it is, in words.
    pub what: String,
    /// What to do about it.
    pub advice: String,
}

impl Evidence for NotACertificate {
    const RULE: Rule = Rule {
        code: "pem.not-a-certificate",
        severity: Severity::Error,
        title: "This is not a certificate",
        why: "It was recognised as something else, or as nothing. A server that is given it does \
              not start.",
        fix: "Replace it with the certificate that the CA issued.",
        sources: &["RFC 5280, section 4.1", "RFC 7468, section 5"],
    };
    const ASPECT: Aspect = Aspect::Reads;

    fn message(&self) -> String {
        format!("This is not a certificate: {}.", self.what)
    }

    fn fix(&self) -> String {
        if self.advice.is_empty() {
            Self::RULE.fix.to_owned()
        } else {
            self.advice.clone()
        }
    }
}
