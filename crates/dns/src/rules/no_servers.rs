//! `dns.no-servers`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

/// No NS record at the zone's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoServers {
    /// The zone, escaped.
    pub zone: String,
}

impl Evidence for NoServers {
    const RULE: Rule = Rule {
        code: "dns.no-servers",
        severity: Severity::Error,
        title: "The zone names no servers",
        why: "The NS records at the zone's name say who answers for it. Without any, nobody is asked.",
        fix: "Add an NS record for each server of the zone, at the zone's name.",
        sources: &["RFC 1035, section 5.2", "RFC 1034, section 4.2.1"],
    };

    fn message(&self) -> String {
        format!("{} has no NS record.", self.zone)
    }
}
