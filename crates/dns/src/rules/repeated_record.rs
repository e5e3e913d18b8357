//! `dns.repeated-record`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

/// The same record again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RepeatedRecord {
    /// The name, escaped.
    pub name: String,
    /// The type.
    pub kind: String,
}

impl Evidence for RepeatedRecord {
    const RULE: Rule = Rule {
        code: "dns.repeated-record",
        severity: Severity::Notice,
        title: "A record stands there twice",
        why: "Servers keep one of them. It may be that another one was meant.",
        fix: "Remove one.",
        sources: &["RFC 2181, section 5"],
    };

    fn message(&self) -> String {
        format!("{} has the same {} record twice.", self.name, self.kind)
    }
}
