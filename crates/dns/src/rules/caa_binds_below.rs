//! `dns.caa-binds-below`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use super::words::listed;

/// CAA records say less than before about the names below theirs, too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaaBindsBelow {
    /// The name, escaped.
    pub name: String,
    /// What may issue by the records that the plan leaves, escaped.
    pub records: Vec<String>,
}

impl Evidence for CaaBindsBelow {
    const RULE: Rule = Rule {
        code: "dns.caa-binds-below",
        severity: Severity::Warning,
        title: "CAA records bind the names below, too",
        why: "A CA that finds no CAA records at a name looks at the name above, and so on. What is allowed at the name of a zone is therefore all that is allowed at every name in it that has no records of its own: other hosts, with other CAs or accounts, get no certificate any more, and see that at their next renewal.",
        fix: "Look for names below that have certificates of other CAs or accounts, and give them records of their own, or allow those here, too.",
        sources: &["RFC 8659, section 3", "RFC 8657, section 3"],
    };

    fn message(&self) -> String {
        format!(
            "{} will have CAA records that bind all names below it without any of their own, too: {}.",
            self.name,
            listed(&self.records)
        )
    }
}
