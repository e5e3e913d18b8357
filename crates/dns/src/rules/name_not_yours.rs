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
        fix: "Make a plan for each zone, at its own servers: `--zone` chooses the hosts of a service file that are in it.",
        sources: &["RFC 1034, section 4.2", "RFC 2136, section 3.4.1"],
    };

    fn message(&self) -> String {
        let zone = self.zone.trim_end_matches('.');
        format!("{} is not in the zone {zone}.", self.name)
    }
}
