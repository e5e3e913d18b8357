//! `pem.pkcs7-given`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use super::named::counted;
use crate::rules::{Aspect, Evidence};

/// A PKCS#7 bundle was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pkcs7Given {
    /// Certificates in it.
    pub certificates: usize,
}

impl Evidence for Pkcs7Given {
    const RULE: Rule = Rule {
        code: "pem.pkcs7-given",
        severity: Severity::Error,
        title: "The certificates come as PKCS#7 (P7B)",
        why: "No TLS server loads PKCS#7, and a P7B never holds the private key. Windows and \
              many CAs hand it out.",
        fix: "Convert it: `keyway fix FILE --out DIR` writes fullchain.pem in the right order.",
        sources: &["RFC 5652, section 5", "RFC 7468, section 8"],
    };
    const ASPECT: Aspect = Aspect::Serves;

    fn message(&self) -> String {
        format!(
            "This is a PKCS#7 bundle of {}; it holds no key.",
            counted(self.certificates, "certificate")
        )
    }
}
