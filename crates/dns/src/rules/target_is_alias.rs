//! `dns.target-is-alias`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

/// An MX, SRV or NS record to a name with a CNAME.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TargetIsAlias {
    /// The name, escaped.
    pub name: String,
    /// The type.
    pub kind: String,
    /// What it names, escaped.
    pub target: String,
    /// Whether it is none yet, and a plan would make it one.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub becomes: bool,
}

impl Evidence for TargetIsAlias {
    const RULE: Rule = Rule {
        code: "dns.target-is-alias",
        severity: Severity::Warning,
        title: "A record names an alias where a host belongs",
        why: "MX, SRV and NS records name hosts by the names that they really have. Some mail servers do not follow a CNAME there, and resolvers take an alias for no server of a zone.",
        fix: "Name the host itself.",
        sources: &["RFC 2181, section 10.3", "RFC 2782, Target"],
    };

    fn message(&self) -> String {
        let end = if self.becomes {
            "would become an alias"
        } else {
            "has a CNAME"
        };
        format!(
            "The {} record of {} names {}, which {end}.",
            self.kind, self.name, self.target
        )
    }

    fn fix(&self) -> String {
        if self.becomes {
            return "Name another host there first, or use another name for the service."
                .to_owned();
        }
        Self::RULE.fix.to_owned()
    }
}
