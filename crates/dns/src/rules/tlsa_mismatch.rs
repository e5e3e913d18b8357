//! `dns.tlsa-mismatch`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use super::words::listed;

/// No TLSA record is of the key that is served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TlsaMismatch {
    /// The name of the TLSA records, escaped.
    pub name: String,
    /// What they pin.
    pub pins: Vec<String>,
    /// SHA-256 of the public key that is served.
    pub served: String,
}

impl Evidence for TlsaMismatch {
    const RULE: Rule = Rule {
        code: "dns.tlsa-mismatch",
        severity: Severity::Error,
        title: "No TLSA record is of the key that is served",
        why: "Clients that check DANE, mail servers above all, take the certificate only where a TLSA record pins it. They refuse this one.",
        fix: "Publish a record for the key that is served, wait for the old TTL, and only then serve with another one.",
        sources: &["RFC 7671, sections 5.1 and 8.1", "RFC 6698, section 2.1"],
    };

    fn message(&self) -> String {
        format!(
            "{} pins {}, and the key that is served is {}.",
            self.name,
            listed(&self.pins),
            self.served
        )
    }
}
