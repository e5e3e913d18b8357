//! `dns.zone-start`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use super::words::bare;

/// The zone has no SOA record, several, or one elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ZoneStart {
    /// The zone, escaped.
    pub zone: String,
    /// SOA records at its name.
    pub at_zone: usize,
    /// Another name that has one.
    pub elsewhere: Option<String>,
}

impl Evidence for ZoneStart {
    const RULE: Rule = Rule {
        code: "dns.zone-start",
        severity: Severity::Error,
        title: "The zone does not start with one SOA record",
        why: "A zone has exactly one SOA record, at its own name: it says which server is the first, and how long answers are remembered. Without it servers refuse the zone.",
        fix: "Give the name of the zone one SOA record, and no other name one; or say the right name with `--origin`.",
        sources: &["RFC 1035, section 5.2", "RFC 2181, section 6.1"],
    };

    fn message(&self) -> String {
        match &self.elsewhere {
            Some(name) => format!(
                "{name} has a SOA record and is not the zone {}.",
                bare(&self.zone)
            ),
            None => format!(
                "{} has {} SOA records; a zone has one.",
                self.zone, self.at_zone
            ),
        }
    }
}
