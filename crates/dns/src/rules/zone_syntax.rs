//! `dns.zone-syntax`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

/// An entry that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ZoneSyntax {
    /// What is wrong with it.
    pub fault: String,
}

impl Evidence for ZoneSyntax {
    const RULE: Rule = Rule {
        code: "dns.zone-syntax",
        severity: Severity::Error,
        title: "A line of the zone file is no record",
        why: "A server that reads the file refuses all of it, or loads the zone without this record.",
        fix: "Write the line as RFC 1035, section 5.1 has it: name, TTL, class, type, data.",
        sources: &["RFC 1035, section 5.1", "RFC 3597, section 5"],
    };

    fn message(&self) -> String {
        format!("This line is no record: {}.", self.fault)
    }
}
