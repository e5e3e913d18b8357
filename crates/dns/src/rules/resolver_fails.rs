//! `dns.resolver-fails`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use super::words::unended;

/// A resolver gives no answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ResolverFails {
    /// The resolver.
    pub server: String,
    /// The name that it was asked for, escaped.
    pub name: String,
    /// What came of it.
    pub why: String,
}

impl Evidence for ResolverFails {
    const RULE: Rule = Rule {
        code: "dns.resolver-fails",
        severity: Severity::Warning,
        title: "A resolver gives no answer",
        why: "Whoever asks this resolver does not reach the name. Nobody can say what it will give them.",
        fix: "SERVFAIL comes of servers of the zone that do not answer, of an alias that leads nowhere, and of signatures: look at the servers first. Where nothing comes at all, look whether the resolver is up, and whether it answers you.",
        sources: &["RFC 1035, section 4.1.1", "RFC 8914, section 1"],
    };

    fn message(&self) -> String {
        format!(
            "{} was asked for {} and gave no answer: {}.",
            self.server,
            self.name,
            unended(&self.why)
        )
    }
}
