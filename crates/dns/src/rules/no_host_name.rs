//! `dns.no-host-name`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use super::words::bare;

/// A name that no host can have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoHostName {
    /// The name, escaped.
    pub name: String,
    /// The type of a record that has it, or names it.
    pub kind: String,
}

impl Evidence for NoHostName {
    const RULE: Rule = Rule {
        code: "dns.no-host-name",
        severity: Severity::Warning,
        title: "A host has a name that no host can have",
        why: "Names of hosts are of letters, digits and hyphens, with none of these at the end of a label. Any other one can stand in the DNS, and programs and CAs refuse to go there. BIND serves no zone of its own with one while check-names is as it is at first, and named-checkzone warns of it.",
        fix: "Give the host another name. Underscores are for what is no host.",
        sources: &[
            "RFC 952, assumption 1",
            "RFC 1123, section 2.1",
            "RFC 2181, section 11",
            "BIND 9, check-names",
        ],
    };

    fn message(&self) -> String {
        format!(
            "{}, in a record of type {}, is no name that a host can have.",
            bare(&self.name),
            self.kind
        )
    }
}
