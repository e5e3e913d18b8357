//! `pem.csr-given`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::rules::{Aspect, Evidence};

/// A certificate signing request was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CsrGiven {
    /// Its subject, escaped.
    pub subject: String,
}

impl Evidence for CsrGiven {
    const RULE: Rule = Rule {
        code: "pem.csr-given",
        severity: Severity::Warning,
        title: "This is a signing request, not a certificate",
        why: "A CSR is what goes to the CA; what a server shows is the certificate that comes \
              back.",
        fix: "Send it to the CA and use the certificate that it returns. Keep the key the CSR \
              was made with.",
        sources: &["RFC 2986", "RFC 7468, section 7"],
    };
    const ASPECT: Aspect = Aspect::Reads;

    fn message(&self) -> String {
        format!(
            "This is a certificate signing request for {}.",
            self.subject
        )
    }
}
