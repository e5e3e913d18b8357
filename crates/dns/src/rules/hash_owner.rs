//! `dns.hash-owner`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

/// NSEC3 at a name that is no hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HashOwner {
    /// The name, escaped.
    pub name: String,
}

impl Evidence for HashOwner {
    const RULE: Rule = Rule {
        code: "dns.hash-owner",
        severity: Severity::Error,
        title: "An NSEC3 record does not stand at a hash",
        why: "The first label of its name is a hash in base32 without padding. At another name the record proves nothing, and servers refuse the zone.",
        fix: "Sign the zone anew.",
        sources: &["RFC 5155, section 3"],
    };

    fn message(&self) -> String {
        format!("The first label of {} is no hash.", self.name)
    }
}
