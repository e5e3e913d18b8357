//! `dns.no-address`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use super::words::bare;

/// A name leads to no address, however many aliases are followed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoAddress {
    /// The name, escaped.
    pub name: String,
}

impl Evidence for NoAddress {
    const RULE: Rule = Rule {
        code: "dns.no-address",
        severity: Severity::Error,
        title: "A name leads to no address",
        why: "Clients have nowhere to connect to: the name has no address, or is an alias of one that has none.",
        fix: "Give the name its addresses, or have whoever keeps the name that it is an alias of do that: `keyway dns plan` says which records are needed.",
        sources: &["RFC 1034, section 3.6.2", "RFC 9499, section 2"],
    };

    fn message(&self) -> String {
        format!("{} leads to no address.", bare(&self.name))
    }
}
