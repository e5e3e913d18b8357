//! `dns.certificate-not-for-host`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use super::words::{bare, listed};

/// The certificate on disk is not for a host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CertificateNotForHost {
    /// The host, escaped.
    pub name: String,
    /// The names and addresses that the certificate is for, escaped.
    pub names: Vec<String>,
}

impl Evidence for CertificateNotForHost {
    const RULE: Rule = Rule {
        code: "dns.certificate-not-for-host",
        severity: Severity::Error,
        title: "The certificate on disk is not for the host",
        why: "Clients hold the names in a certificate against the name that they came by, and refuse one that is for others, whoever serves it.",
        fix: "Name the file with the certificate of this host, or get one that has its name.",
        sources: &["RFC 9525, section 6.3"],
    };

    fn message(&self) -> String {
        format!(
            "The certificate is not for {}: it is for {}.",
            bare(&self.name),
            listed(&self.names)
        )
    }
}
