//! `dns.answer-cut-off`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

/// An answer does not fit into a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AnswerCutOff {
    /// The server.
    pub server: String,
    /// The name that it was asked for, escaped.
    pub name: String,
    /// The type.
    #[serde(rename = "type")]
    pub kind: String,
}

impl Evidence for AnswerCutOff {
    const RULE: Rule = Rule {
        code: "dns.answer-cut-off",
        severity: Severity::Error,
        title: "An answer does not fit into a message",
        why: "A message holds 65,535 bytes. What is cut off over TCP, too, nobody sees: resolvers that are asked for it fail, as do CAs.",
        fix: "Have fewer records of this type at the name, or spread them over several names.",
        sources: &["RFC 1035, section 4.2.2", "RFC 2181, section 9"],
    };

    fn message(&self) -> String {
        format!(
            "{} cuts off its answer about {} {} over TCP, too.",
            self.server, self.name, self.kind
        )
    }
}
