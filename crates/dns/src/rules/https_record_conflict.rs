//! `dns.https-record-conflict`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use super::words::listed;

/// The HTTPS record leads elsewhere than the addresses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HttpsRecordConflict {
    /// The name, escaped.
    pub name: String,
    /// Addresses in the HTTPS record.
    pub hints: Vec<String>,
    /// Addresses of the name.
    pub addresses: Vec<String>,
}

impl Evidence for HttpsRecordConflict {
    const RULE: Rule = Rule {
        code: "dns.https-record-conflict",
        severity: Severity::Error,
        title: "The HTTPS record leads elsewhere than the addresses",
        why: "Browsers connect to the addresses in the HTTPS record before they have asked for the others. They reach the place that is written there.",
        fix: "Write the same addresses into both, or leave the hints out of the HTTPS record.",
        sources: &["RFC 9460, section 7.3"],
    };

    fn message(&self) -> String {
        format!(
            "The HTTPS record of {} leads to {}, its address records to {}.",
            self.name,
            listed(&self.hints),
            listed(&self.addresses)
        )
    }
}
