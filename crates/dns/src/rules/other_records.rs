//! `dns.other-records`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use super::words::listed;

/// Records beside a service are not those that are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OtherRecords {
    /// The name, escaped.
    pub name: String,
    /// The type.
    pub kind: String,
    /// What is there.
    pub found: Vec<String>,
    /// What there should be.
    pub wanted: Vec<String>,
}

impl Evidence for OtherRecords {
    const RULE: Rule = Rule {
        code: "dns.other-records",
        severity: Severity::Error,
        title: "Records are not those that are wanted",
        why: "Whoever looks here before connecting or issuing (TLSA, CAA, a value that a CA looks for) goes by what is found. A name that comes to the service by an alias that it is not to have goes where that alias goes when it moves.",
        fix: "Wait for the steps of a plan that are still to come, or make a new plan: `keyway dns plan`, then `keyway dns apply`.",
        sources: &["RFC 7671, section 8", "RFC 8659, section 3"],
    };

    fn message(&self) -> String {
        format!(
            "{} {} is {}, and should be {}.",
            self.name,
            self.kind,
            listed(&self.found),
            listed(&self.wanted)
        )
    }
}
