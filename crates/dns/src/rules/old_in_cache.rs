//! `dns.old-in-cache`

use keyway_report::{Evidence, Rule, Severity, Timestamp};
use serde::Serialize;

use super::words::listed;

/// A resolver still has the records of before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OldInCache {
    /// The resolver.
    pub server: String,
    /// The name, escaped.
    pub name: String,
    /// The type.
    pub kind: String,
    /// What it gives.
    pub found: Vec<String>,
    /// When it has to ask again.
    pub until: Timestamp,
}

impl Evidence for OldInCache {
    const RULE: Rule = Rule {
        code: "dns.old-in-cache",
        severity: Severity::Warning,
        title: "A resolver still has the records of before",
        why: "A resolver keeps an answer for its TTL. Until then its clients go by what was there before: by old addresses and aliases they are led to the old place.",
        fix: "Wait until then, and keep the old place working. Before the next change, lower the TTL first.",
        sources: &["RFC 1035, section 3.2.1"],
    };

    fn message(&self) -> String {
        format!(
            "{} keeps the {} records of before for {} until {}: {}.",
            self.server,
            self.kind,
            self.name,
            self.until,
            listed(&self.found)
        )
    }
}
