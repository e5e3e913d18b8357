//! `dns.target-unknown`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use super::words::bare;

/// The name in another zone that a name becomes an alias of has no address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TargetUnknown {
    /// The name, escaped.
    pub name: String,
    /// What it becomes an alias of, escaped.
    pub target: String,
}

impl Evidence for TargetUnknown {
    const RULE: Rule = Rule {
        code: "dns.target-unknown",
        severity: Severity::Warning,
        title: "The target of the alias has no address yet",
        why: "The name will lead to no address as long as its target has none. Whoever asks in the meantime remembers that.",
        fix: "Look whether the target is written right. Where it is still to be made, make it before the plan is carried out.",
        sources: &["RFC 1034, section 3.6.2", "RFC 2308, section 5"],
    };

    fn message(&self) -> String {
        format!(
            "{} becomes an alias of {}, for which a resolver knows no address.",
            self.name,
            bare(&self.target)
        )
    }
}
