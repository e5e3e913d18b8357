//! `dns.child-key-unknown`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

/// A wish for a DS record that fits no key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChildKeyUnknown {
    /// The type.
    pub kind: String,
    /// Its data, as text.
    pub data: String,
}

impl Evidence for ChildKeyUnknown {
    const RULE: Rule = Rule {
        code: "dns.child-key-unknown",
        severity: Severity::Error,
        title: "A CDS or CDNSKEY record is about no key of the zone",
        why: "They tell the parent which keys to vouch for. A parent that took this one over would vouch for a key that the zone has not, and the whole zone would be bogus.",
        fix: "Make CDS and CDNSKEY records from the DNSKEY records that are there.",
        sources: &["RFC 7344, section 4.1", "BIND's named-checkzone"],
    };

    fn message(&self) -> String {
        format!(
            "No DNSKEY of the zone is that of {} {}.",
            self.kind, self.data
        )
    }
}
