//! `pem.der-not-pem`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::rules::{Aspect, Evidence};

/// The file is DER where servers want PEM.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DerNotPem {
    /// What it holds.
    pub what: &'static str,
}

impl Evidence for DerNotPem {
    const RULE: Rule = Rule {
        code: "pem.der-not-pem",
        severity: Severity::Error,
        title: "The file is binary (DER), servers want PEM",
        why: "nginx, Apache, HAProxy, Caddy and rustls read PEM; a DER file is empty to them \
              (\"no start line\").",
        fix: "Convert it: `keyway fix FILE --out DIR`, or `openssl x509 -inform der -in FILE`.",
        sources: &["RFC 7468, section 5", "OpenSSL: PEM_R_NO_START_LINE"],
    };
    const ASPECT: Aspect = Aspect::Serves;

    fn message(&self) -> String {
        format!("The file is {} in DER.", self.what)
    }
}
