//! `dns.negative-cache`

use keyway_report::{Evidence, Rule, Severity, Timestamp};
use serde::Serialize;

use super::words::until;

/// A resolver remembers that there is nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NegativeCache {
    /// The resolver.
    pub server: String,
    /// The name, escaped.
    pub name: String,
    /// The type.
    pub kind: String,
    /// When it has to ask again.
    pub until: Option<Timestamp>,
}

impl Evidence for NegativeCache {
    const RULE: Rule = Rule {
        code: "dns.negative-cache",
        severity: Severity::Warning,
        title: "A resolver remembers that there is nothing",
        why: "Somebody asked before the records were there. A resolver remembers that there is nothing, too: for the time that the zone's SOA record says.",
        fix: "Wait until it has to ask again. The next time, make the records before anybody asks for them.",
        sources: &["RFC 2308, section 5"],
    };

    fn message(&self) -> String {
        format!(
            "{} remembers that {} has no {} record{}.",
            self.server,
            self.name,
            self.kind,
            until(self.until)
        )
    }
}
