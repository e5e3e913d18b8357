//! `dns.glue-missing`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

/// A delegation without its glue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GlueMissing {
    /// The name that is delegated, escaped.
    pub name: String,
    /// The server, escaped.
    pub server: String,
}

impl Evidence for GlueMissing {
    const RULE: Rule = Rule {
        code: "dns.glue-missing",
        severity: Severity::Warning,
        title: "A delegation names a server below itself without an address",
        why: "The server is in the zone that is delegated, so only this zone can say where it is (glue). Without it the delegation works only by other servers.",
        fix: "Add the A and AAAA records of the server here as well.",
        sources: &["RFC 1034, section 4.2.1", "RFC 9471, section 3.1"],
    };

    fn message(&self) -> String {
        format!(
            "{} is delegated to {}, which lies below it and has no address here.",
            self.name, self.server
        )
    }
}
