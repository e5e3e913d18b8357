//! `dns.wildcard-server`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

/// NS at a wildcard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WildcardServer {
    /// The name, escaped.
    pub name: String,
    /// The type.
    pub kind: String,
}

impl Evidence for WildcardServer {
    const RULE: Rule = Rule {
        code: "dns.wildcard-server",
        // RFC 4592, section 4.2 has it "discouraged, but not barred", and NSD loads the zone, so this is no error.
        severity: Severity::Warning,
        title: "A wildcard is delegated",
        why: "What NS and DNAME records mean at a wildcard is undefined. BIND refuses a zone with NS there; others take them for those of a name with a star.",
        fix: "Delegate the names one by one.",
        sources: &["RFC 4592, sections 4.2 and 4.4"],
    };

    fn message(&self) -> String {
        format!("{} has {} records.", self.name, self.kind)
    }
}
