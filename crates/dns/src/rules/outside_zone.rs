//! `dns.outside-zone`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use super::words::bare;

/// A record that the zone cannot hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OutsideZone {
    /// The name, escaped.
    pub name: String,
    /// The zone, escaped.
    pub zone: String,
}

impl Evidence for OutsideZone {
    const RULE: Rule = Rule {
        code: "dns.outside-zone",
        severity: Severity::Warning,
        title: "A record is about a name outside of the zone",
        why: "Servers leave it out: a zone holds its own name and those below it. Mostly a dot is missing or too many, or `$ORIGIN` is another than was thought.",
        fix: "Check the dots at the ends of names, and `$ORIGIN`; or say the right name of the zone.",
        sources: &["RFC 1034, section 4.2", "RFC 1035, section 5.2"],
    };

    fn message(&self) -> String {
        format!("{} is not below {}.", self.name, bare(&self.zone))
    }
}
