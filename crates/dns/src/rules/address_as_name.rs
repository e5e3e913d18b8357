//! `dns.address-as-name`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

/// An address where a record names a host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AddressAsName {
    /// The name, escaped.
    pub name: String,
    /// The type.
    pub kind: String,
    /// The host, as it is read, escaped.
    pub target: String,
}

impl Evidence for AddressAsName {
    const RULE: Rule = Rule {
        code: "dns.address-as-name",
        severity: Severity::Warning,
        title: "An address stands where a host's name belongs",
        why: "The record names a host, so the address is read as a name, in the zone where no dot ends it. There is no such host: nobody comes there.",
        fix: "Give the address a name with an A or AAAA record, and name that here.",
        sources: &[
            "RFC 1035, sections 3.3.1, 3.3.9 and 3.3.11",
            "RFC 1912, section 2.4",
        ],
    };

    fn message(&self) -> String {
        format!(
            "The {} record of {} names the host {}, which looks like an address.",
            self.kind, self.name, self.target
        )
    }
}
