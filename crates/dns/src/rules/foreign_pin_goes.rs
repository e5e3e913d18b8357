//! `dns.foreign-pin-goes`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use super::words::listed;

/// A pin that is not of a server's key goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ForeignPinGoes {
    /// The name, escaped.
    pub name: String,
    /// The data of the records that go.
    pub pins: Vec<String>,
}

impl Evidence for ForeignPinGoes {
    const RULE: Rule = Rule {
        code: "dns.foreign-pin-goes",
        severity: Severity::Warning,
        title: "A pin of another kind goes",
        why: "The TLSA records that keyway makes pin the keys of the service (3 1 1). Records of another kind, of a CA for example, were made by somebody else, who may count on them.",
        fix: "Ask whoever made them. Where they have to stay, leave --replace-others out.",
        sources: &["RFC 6698, section 2.1", "RFC 7671, section 5"],
    };

    fn message(&self) -> String {
        format!(
            "TLSA records of {} that somebody else may have made go: {}.",
            self.name,
            listed(&self.pins)
        )
    }
}
