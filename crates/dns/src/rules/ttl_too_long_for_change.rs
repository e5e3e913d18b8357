//! `dns.ttl-too-long-for-change`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

/// Old answers will be kept for long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TtlTooLongForChange {
    /// The name, escaped.
    pub name: String,
    /// The type.
    pub kind: String,
    /// The TTL of the records that go, seconds.
    pub ttl: u32,
}

impl Evidence for TtlTooLongForChange {
    const RULE: Rule = Rule {
        code: "dns.ttl-too-long-for-change",
        severity: Severity::Warning,
        title: "Old answers will be kept for long",
        why: "Whoever asked just before the change keeps the old answer for its TTL. A service that moves must be reachable at both places so long.",
        fix: "Lower the TTL first (300 is usual), wait until the old one has passed, then change the records.",
        sources: &["RFC 1912, section 2.2"],
    };

    fn message(&self) -> String {
        format!(
            "The {} records of {} may be kept for {} seconds after the change.",
            self.kind, self.name, self.ttl
        )
    }
}
