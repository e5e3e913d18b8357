//! `dns.points-elsewhere`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use super::words::{bare, instead, listed};

/// Every server has other records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PointsElsewhere {
    /// The name, escaped.
    pub name: String,
    /// The type.
    pub kind: String,
    /// What the servers have.
    pub found: Vec<String>,
    /// What they should have.
    pub wanted: Vec<String>,
}

impl Evidence for PointsElsewhere {
    const RULE: Rule = Rule {
        code: "dns.points-elsewhere",
        severity: Severity::Error,
        title: "Every server has other records",
        why: "The name leads to another place than the service: clients that ask now go there. Where the provider leads the name of a zone as an alias (ALIAS), and where it leads says other addresses to each who asks, these may be of the service all the same: --cert looks at what is served there.",
        fix: "Go on with the plan where there is one: `keyway dns apply`. Else make one, look at it, and apply it: `keyway dns plan`.",
        sources: &["RFC 1034, section 3.6"],
    };

    fn message(&self) -> String {
        format!(
            "{} has {} {}{}.",
            bare(&self.name),
            self.kind,
            listed(&self.found),
            instead(&self.wanted)
        )
    }
}
