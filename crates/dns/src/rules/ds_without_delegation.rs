//! `dns.ds-without-delegation`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

/// DS without NS.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DsWithoutDelegation {
    /// The name, escaped.
    pub name: String,
}

impl Evidence for DsWithoutDelegation {
    const RULE: Rule = Rule {
        code: "dns.ds-without-delegation",
        severity: Severity::Error,
        title: "A DS record stands where nothing is delegated",
        why: "It says that the zone below is signed, and there is no zone below: validating resolvers take what the name has for forged.",
        fix: "Remove it, or add the NS records of the delegation.",
        sources: &["RFC 4035, section 2.4"],
    };

    fn message(&self) -> String {
        format!("{} has DS records and no NS records.", self.name)
    }
}
