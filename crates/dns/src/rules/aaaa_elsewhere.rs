//! `dns.aaaa-elsewhere`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use super::words::{bare, instead, listed};

/// IPv6 leads to another place than IPv4.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AaaaElsewhere {
    /// The name, escaped.
    pub name: String,
    /// The IPv6 addresses that it has.
    pub found: Vec<String>,
    /// Those that it should have; empty where it should have none.
    pub wanted: Vec<String>,
}

impl Evidence for AaaaElsewhere {
    const RULE: Rule = Rule {
        code: "dns.aaaa-elsewhere",
        severity: Severity::Error,
        title: "IPv6 leads to another place than IPv4",
        why: "Clients with IPv6 prefer it, and CAs ask it first. They reach another service than everybody else, or none.",
        fix: "Set the AAAA records to the service's IPv6 addresses, or remove them where it has none.",
        sources: &["RFC 6724, section 2.1", "RFC 8305"],
    };

    fn message(&self) -> String {
        format!(
            "{} has the right A records, but AAAA {}{}.",
            bare(&self.name),
            listed(&self.found),
            instead(&self.wanted)
        )
    }
}
