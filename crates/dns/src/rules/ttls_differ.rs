//! `dns.ttls-differ`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

/// An RRset with several TTLs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TtlsDiffer {
    /// The name, escaped.
    pub name: String,
    /// The type.
    pub kind: String,
    /// The lowest TTL, seconds.
    pub lowest: u32,
    /// The highest, seconds.
    pub highest: u32,
}

impl Evidence for TtlsDiffer {
    const RULE: Rule = Rule {
        code: "dns.ttls-differ",
        severity: Severity::Warning,
        title: "Records of one name and type have different TTLs",
        why: "They are given out and remembered together, so they have one TTL; servers take the lowest or the last.",
        fix: "Give them the same TTL.",
        sources: &["RFC 2181, section 5.2"],
    };

    fn message(&self) -> String {
        format!(
            "The {} records of {} have TTLs from {} to {} seconds.",
            self.kind, self.name, self.lowest, self.highest
        )
    }
}
