//! `dns.name-not-yours`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

/// A name is in another zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NameNotYours {
    /// The name, escaped.
    pub name: String,
    /// The zone, escaped.
    pub zone: String,
}

impl Evidence for NameNotYours {
    const RULE: Rule = Rule {
        code: "dns.name-not-yours",
        severity: Severity::Error,
        title: "A name is in another zone",
        why: "The servers of a zone answer for its names only. Records for another one would never be seen.",
        fix: "Make a plan for the zone that the name is in, at its own servers.",
        sources: &["RFC 1034, section 4.2", "RFC 2136, section 3.4.1"],
    };

    fn message(&self) -> String {
        format!("{} is not in the zone {}.", self.name, self.zone)
    }
}
