//! `dns.alias-leads-nowhere`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use super::words::bare;

/// A name would be an alias that leads to no address.
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
    /// Whether it is one already, and a name that comes hides the wildcard that gives its target an address.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub stays: bool,
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
        let Self { name, target, .. } = self;
        let at = bare(&self.at);
        match (self.stays, self.is_loop) {
            (false, true) => format!(
                "{name} would become an alias of {target}, and the way from there comes back to {at}."
            ),
            (false, false) => {
                format!(
                    "{name} would become an alias of {target}, and {} has no address.",
                    self.at
                )
            }
            (true, true) => format!(
                "{name} is an alias of {target}, and the way from there would come back to {at}."
            ),
            (true, false) => format!(
                "{name} is an alias of {target}, and a name that comes would hide the wildcard that gives {} its \
                 addresses.",
                self.at
            ),
        }
    }
}
