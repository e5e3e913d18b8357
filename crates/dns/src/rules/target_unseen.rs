//! `dns.target-unseen`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use super::words::{bare, unended};

/// Nobody says which addresses the name has that a name becomes an alias of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TargetUnseen {
    /// The name, escaped.
    pub name: String,
    /// What it becomes an alias of, or is led on to from there, escaped.
    pub target: String,
    /// Why nobody says.
    pub why: String,
}

impl Evidence for TargetUnseen {
    const RULE: Rule = Rule {
        code: "dns.target-unseen",
        severity: Severity::Warning,
        title: "Nobody has seen where the alias leads",
        why: "The target may have no address, addresses of one kind alone of which caches know that there are none, or lead back to the name itself. The plan cannot guard against what was not seen.",
        fix: "Name a resolver with --resolver, so that the target is looked up, or look yourself whether it has the addresses that the name has by now.",
        sources: &["RFC 1034, section 3.6.2", "RFC 2308, section 5"],
    };

    fn message(&self) -> String {
        format!(
            "{} is to lead to {}, and nobody says which addresses that has ({}).",
            self.name,
            bare(&self.target),
            unended(&self.why)
        )
    }
}
