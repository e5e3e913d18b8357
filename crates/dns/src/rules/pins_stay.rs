//! `dns.pins-stay`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use super::words::listed;

/// A name moves, and its pins stay as they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PinsStay {
    /// The name that moves, escaped.
    pub name: String,
    /// The names of the TLSA records, escaped.
    pub pins: Vec<String>,
}

impl Evidence for PinsStay {
    const RULE: Rule = Rule {
        code: "dns.pins-stay",
        severity: Severity::Warning,
        title: "A name moves, and its pins stay as they are",
        why: "Clients that check DANE go to the new place and hold its key against the TLSA records of the name. Where none of them is of that key, they refuse it.",
        fix: "Say with which keys the new place serves: `--tlsa CERTIFICATE`, with `--tlsa-port` for another port than 443. Or see that it serves with a key that is pinned already.",
        sources: &["RFC 7671, sections 5.1 and 8.4"],
    };

    fn message(&self) -> String {
        format!(
            "{} comes to lead elsewhere, and the pins at {} stay.",
            self.name,
            listed(&self.pins)
        )
    }
}
