//! `dns.others-stay`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use super::words::listed;

/// Records that may be somebody else's stay beside those of the service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OthersStay {
    /// The name, escaped.
    pub name: String,
    /// The type.
    pub kind: String,
    /// The data of the records that stay.
    pub records: Vec<String>,
}

impl Evidence for OthersStay {
    const RULE: Rule = Rule {
        code: "dns.others-stay",
        severity: Severity::Warning,
        title: "Records that somebody else may have made stay",
        why: "A pin that is not of a server's key (TLSA other than 3 1 1), as of a CA, and what another account may do at a CA (CAA, _validation-persist) cannot be told to be the service's, and are not taken away. They hold beside the others: one pin that matches is enough for clients, and a client that holds to such a pin alone goes by that; the other account may have certificates issued as before.",
        fix: "Ask whoever made them, and see that the pins hold for the new certificate, too. What nobody needs goes with `keyway dns plan --replace-others`.",
        sources: &["RFC 7671, section 8", "RFC 8657, section 3"],
    };

    fn message(&self) -> String {
        format!(
            "{} records of {} that somebody else may have made stay: {}.",
            self.kind,
            self.name,
            listed(&self.records)
        )
    }
}
