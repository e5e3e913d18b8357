//! `dns.documentation-address`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use super::words::listed;

/// An address that is kept for examples.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DocumentationAddress {
    /// The names that would lead to it, escaped.
    pub names: Vec<String>,
    /// The address.
    pub address: String,
    /// What it is of.
    pub range: String,
}

impl Evidence for DocumentationAddress {
    const RULE: Rule = Rule {
        code: "dns.documentation-address",
        severity: Severity::Warning,
        title: "An address that is kept for examples",
        why: "Nobody has such an address, and networks drop what is sent to it: no client comes to the service, and no CA can validate. It gets into zones with examples that were copied.",
        fix: "Use the address that the service has.",
        sources: &["RFC 5737", "RFC 3849", "RFC 9637"],
    };

    fn message(&self) -> String {
        format!(
            "{} would lead to {}, {}.",
            listed(&self.names),
            self.address,
            self.range
        )
    }
}
