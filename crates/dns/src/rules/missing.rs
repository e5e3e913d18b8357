//! `dns.missing`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use super::words::{bare, listed};

/// Records are missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// The name, escaped.
    pub name: String,
    /// The type.
    pub kind: String,
    /// What there should be.
    pub wanted: Vec<String>,
}

impl Evidence for Missing {
    const RULE: Rule = Rule {
        code: "dns.missing",
        severity: Severity::Error,
        title: "Records are missing",
        why: "No server of the zone has these records: whoever asks is told that there is nothing.",
        fix: "Go on with the plan where there is one: `keyway dns apply`. Else make one, look at it, and apply it: `keyway dns plan`.",
        sources: &["RFC 1034, section 4.3.2"],
    };

    fn message(&self) -> String {
        format!(
            "{} has no {} record; there should be {}.",
            bare(&self.name),
            self.kind,
            listed(&self.wanted)
        )
    }
}
