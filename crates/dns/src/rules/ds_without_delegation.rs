//! `dns.ds-without-delegation`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

/// DS without NS.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DsWithoutDelegation {
    /// The name, escaped.
    pub name: String,
    /// Whether it is the zone's own name, whose DS records are in the zone above.
    pub is_top: bool,
}

impl Evidence for DsWithoutDelegation {
    const RULE: Rule = Rule {
        code: "dns.ds-without-delegation",
        severity: Severity::Error,
        title: "A DS record stands where nothing is delegated",
        why: "It says that the zone below is signed, and there is no zone below: validating resolvers take what the name has for forged. At the zone's own name nobody looks for one, and BIND refuses the zone.",
        fix: "Remove it, or add the NS records of the delegation; that of the zone itself is given to the zone above.",
        sources: &["RFC 4035, section 2.4"],
    };

    fn message(&self) -> String {
        if self.is_top {
            return format!(
                "{} is the zone itself, and has DS records; those belong into the zone above.",
                self.name
            );
        }
        format!("{} has DS records and no NS records.", self.name)
    }
}
