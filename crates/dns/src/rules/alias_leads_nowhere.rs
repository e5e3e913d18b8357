//! `dns.alias-leads-nowhere`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use super::words::bare;

/// A name would become an alias that leads to no address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AliasLeadsNowhere {
    /// The name, escaped.
    pub name: String,
    /// What it would be an alias of, escaped.
    pub target: String,
    /// Where the way ends, escaped.
    pub at: String,
    /// Whether it comes back to where it was.
    pub is_loop: bool,
}

impl Evidence for AliasLeadsNowhere {
    const RULE: Rule = Rule {
        code: "dns.alias-leads-nowhere",
        severity: Severity::Error,
        title: "The alias would lead to no address",
        why: "Whoever asks for the name is sent on to one that is not there, has no address, or leads back. The name, which may have had an address until then, would be gone.",
        fix: "Give the target its addresses first, or point the name at another one.",
        sources: &["RFC 1034, section 3.6.2 and 5.2.2"],
    };

    fn message(&self) -> String {
        let end = if self.is_loop {
            format!("the way from there comes back to {}", bare(&self.at))
        } else {
            format!("{} has no address", self.at)
        };
        format!(
            "{} would become an alias of {}, and {end}.",
            self.name, self.target
        )
    }
}
