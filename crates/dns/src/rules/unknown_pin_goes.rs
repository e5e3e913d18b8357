//! `dns.unknown-pin-goes`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use super::words::listed;

/// A pin of a key that nobody named goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnknownPinGoes {
    /// The name, escaped.
    pub name: String,
    /// The data of the records that go.
    pub pins: Vec<String>,
}

impl Evidence for UnknownPinGoes {
    const RULE: Rule = Rule {
        code: "dns.unknown-pin-goes",
        severity: Severity::Notice,
        title: "The pin of a key that nobody named goes",
        why: "A pin of a server's key (3 1 1) counts as one of the service's, be it of the key before. Nobody sees in it whether some place of the service still serves with that key: clients that check DANE refuse that place when the pin is gone.",
        fix: "Where the key is in use, name its certificate, too, with another `--tlsa`: its pin stays then. `keyway dns apply` takes pins away only with `--key-switched`.",
        sources: &["RFC 7671, section 8.1"],
    };

    fn message(&self) -> String {
        format!(
            "TLSA records of {} are of keys that nobody named, and go: {}.",
            self.name,
            listed(&self.pins)
        )
    }
}
