//! `dns.alias-of-nothing`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use super::words::bare;

/// An alias in a zone that leads to nothing there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AliasOfNothing {
    /// The name, escaped.
    pub name: String,
    /// What it is an alias of, escaped.
    pub target: String,
    /// Where the way ends, escaped.
    pub at: String,
    /// Whether it comes back to where it was.
    pub is_loop: bool,
}

impl Evidence for AliasOfNothing {
    const RULE: Rule = Rule {
        code: "dns.alias-of-nothing",
        // Servers load such a zone, so this is no error.
        severity: Severity::Warning,
        title: "An alias leads to nothing",
        why: "Whoever asks for the name is sent on to one of the zone that is not there, or that leads back, so there is no answer: no such name, or a failure.",
        fix: "Make the name that it leads to, or lead it to another one.",
        sources: &["RFC 1034, sections 3.6.2 and 5.2.2"],
    };

    fn message(&self) -> String {
        let end = if self.is_loop {
            format!("the way from there comes back to {}", bare(&self.at))
        } else {
            format!("{} is not there", self.at)
        };
        format!("{} is an alias of {}, and {end}.", self.name, self.target)
    }
}
