//! `dns.split-horizon`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use super::words::listed;

/// A resolver answers for the zone itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SplitHorizon {
    /// The resolver.
    pub server: String,
    /// The name, escaped.
    pub name: String,
    /// The type.
    pub kind: String,
    /// What it answers.
    pub found: Vec<String>,
}

impl Evidence for SplitHorizon {
    const RULE: Rule = Rule {
        code: "dns.split-horizon",
        severity: Severity::Warning,
        title: "A resolver answers for the zone itself",
        why: "The resolver has an answer of its own that no server of the zone gives. What is seen through it is not what others see.",
        fix: "Ask a resolver outside as well: `--resolver ADDRESS`. Change the inner zone too, if its clients shall reach the service.",
        sources: &["RFC 8499, section 6 (split DNS)"],
    };

    fn message(&self) -> String {
        format!(
            "{} answers {} {} itself, with {}.",
            self.server,
            self.name,
            self.kind,
            listed(&self.found)
        )
    }
}
