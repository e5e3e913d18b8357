//! `dns.target-is-alias`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

/// An MX or SRV record to a name with a CNAME.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TargetIsAlias {
    /// The name, escaped.
    pub name: String,
    /// The type.
    pub kind: String,
    /// What it names, escaped.
    pub target: String,
}

impl Evidence for TargetIsAlias {
    const RULE: Rule = Rule {
        code: "dns.target-is-alias",
        severity: Severity::Warning,
        title: "A mail or service record names an alias",
        why: "MX and SRV records name hosts by the names that they really have. Some mail servers do not follow a CNAME there.",
        fix: "Name the host itself.",
        sources: &["RFC 2181, section 10.3", "RFC 2782, Target"],
    };

    fn message(&self) -> String {
        format!(
            "The {} record of {} names {}, which has a CNAME.",
            self.kind, self.name, self.target
        )
    }
}
