//! `pem.public-key-given`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::rules::{Aspect, Evidence};

/// A public key was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PublicKeyGiven {
    /// Its form.
    pub form: &'static str,
}

impl Evidence for PublicKeyGiven {
    const RULE: Rule = Rule {
        code: "pem.public-key-given",
        severity: Severity::Warning,
        title: "This is a public key, not a certificate or private key",
        why: "A bare public key is good for nothing in a TLS server: it needs the certificate \
              that holds it and the private key that belongs to it.",
        fix: "Look for the certificate and for the private key; remove this from the server's \
              files.",
        sources: &["RFC 7468, section 13", "RFC 5280, section 4.1.2.7"],
    };
    const ASPECT: Aspect = Aspect::Reads;

    fn message(&self) -> String {
        format!("This is {}.", self.form)
    }
}
