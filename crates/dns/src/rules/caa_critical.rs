//! `dns.caa-critical`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

/// A critical property that a CA need not know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaaCritical {
    /// The name, escaped.
    pub name: String,
    /// The record's data as it stands there.
    pub record: String,
    /// The same without the flag.
    pub plain: String,
}

impl Evidence for CaaCritical {
    const RULE: Rule = Rule {
        code: "dns.caa-critical",
        severity: Severity::Warning,
        title: "A critical CAA property is one that a CA need not know",
        why: "The flag 128 forbids every CA to issue that does not know the tag. CAs have to know issue, issuewild and iodef; of every other tag each decides for itself whether it does.",
        fix: "Write 0 in the place of 128: who knows the tag goes by it all the same.",
        sources: &["RFC 8659, section 4.1", "CA/B Forum BR 3.2.2.8"],
    };

    fn message(&self) -> String {
        format!(
            "The CAA record {} of {} is critical, and a CA that does not know its tag has to refuse.",
            self.record, self.name
        )
    }

    fn fix(&self) -> String {
        format!(
            "Write {} in its place: who knows the tag goes by it all the same.",
            self.plain
        )
    }
}
