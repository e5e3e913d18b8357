//! `dns.below-dname`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use super::words::bare;

/// A name that a DNAME above it hides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BelowDname {
    /// The name, escaped.
    pub name: String,
    /// The name that has the DNAME, escaped.
    pub above: String,
}

impl Evidence for BelowDname {
    const RULE: Rule = Rule {
        code: "dns.below-dname",
        severity: Severity::Error,
        title: "A name stands below a DNAME",
        why: "A DNAME sends everything below its name elsewhere, so that nobody is ever given what stands there. NSD refuses the zone; BIND loads it and hides the name, and refuses it where a server of the zone is hidden.",
        fix: "Put the records where the DNAME leads, or give each name below an alias of its own in the place of the DNAME.",
        sources: &["RFC 6672, section 2.4", "RFC 2136, section 7.18"],
    };

    fn message(&self) -> String {
        format!(
            "{} is below {}, which has a DNAME.",
            self.name,
            bare(&self.above)
        )
    }
}
