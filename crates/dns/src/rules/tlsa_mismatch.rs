//! `dns.tlsa-mismatch`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use super::words::listed;

/// No TLSA record is of the key that a service is said to serve with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TlsaMismatch {
    /// The name of the TLSA records, escaped.
    pub name: String,
    /// What they pin.
    pub pins: Vec<String>,
    /// SHA-256 of the public keys that somebody said are served, or will be: those of certificates on disk.
    pub served: Vec<String>,
}

impl Evidence for TlsaMismatch {
    const RULE: Rule = Rule {
        code: "dns.tlsa-mismatch",
        severity: Severity::Error,
        title: "No TLSA record is of the service's key",
        why: "Clients that check DANE, mail servers above all, take the certificate only where a TLSA record pins it. They refuse this one.",
        fix: "Where the service serves with the key of the certificate that was named, publish a record for it (`keyway dns plan --tlsa CERTIFICATE`). Where it serves with a pinned one still, publish a record for the next one beside it, wait for the old TTL, and only then serve with that.",
        sources: &["RFC 7671, sections 5.1 and 8.1", "RFC 6698, section 2.1"],
    };

    fn message(&self) -> String {
        format!(
            "{} pins {}, and not the key of the certificate that was named, or is in the service file, {}.",
            self.name,
            listed(&self.pins),
            self.served.join(", nor ")
        )
    }
}
