//! `dns.private-address-in-public-zone`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

/// An address that only a network of one's own knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PrivateAddressInPublicZone {
    /// The name, escaped.
    pub name: String,
    /// The address.
    pub address: String,
    /// What it is of.
    pub range: String,
}

impl Evidence for PrivateAddressInPublicZone {
    const RULE: Rule = Rule {
        code: "dns.private-address-in-public-zone",
        severity: Severity::Warning,
        title: "An address that only a network of one's own knows",
        why: "Clients elsewhere cannot reach it, no CA can validate over it, and many resolvers take such an answer for an attack (DNS rebinding) and drop it.",
        fix: "Use the address that the service has outside, or keep the name in a zone that only the own network sees.",
        sources: &["RFC 1918, section 3", "RFC 4193", "RFC 6890"],
    };

    fn message(&self) -> String {
        format!(
            "{} would lead to {}, {}.",
            self.name, self.address, self.range
        )
    }
}
