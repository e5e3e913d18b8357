//! `dns.lame-server`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use super::words::unended;

/// A server of the zone does not answer for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LameServer {
    /// The server.
    pub server: String,
    /// What it did instead.
    pub why: String,
}

impl Evidence for LameServer {
    const RULE: Rule = Rule {
        code: "dns.lame-server",
        severity: Severity::Error,
        title: "A server of the zone does not answer for it",
        why: "Resolvers ask each server that the zone names. One that does not answer costs everybody time, and a CA may give up.",
        fix: "Take the server out of the NS records, here and at the parent zone, or make it serve the zone.",
        sources: &["RFC 1912, section 2.8"],
    };

    fn message(&self) -> String {
        format!(
            "{} does not answer for the zone: {}.",
            self.server,
            unended(&self.why)
        )
    }
}
