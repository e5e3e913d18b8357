//! `dns.several-of-one`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

/// Several CNAME or DNAME records at one name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SeveralOfOne {
    /// The name, escaped.
    pub name: String,
    /// The type.
    pub kind: String,
    /// How many there are.
    pub count: usize,
}

impl Evidence for SeveralOfOne {
    const RULE: Rule = Rule {
        code: "dns.several-of-one",
        severity: Severity::Error,
        title: "A name has several records of a type that stands alone",
        why: "CNAME, DNAME and SOA say one thing about a name. With two of them servers refuse the zone.",
        fix: "Keep one of them.",
        sources: &["RFC 2181, section 10.1", "RFC 6672, section 2.4"],
    };

    fn message(&self) -> String {
        format!(
            "{} has {} {} records; there is one at most.",
            self.name, self.count, self.kind
        )
    }
}
