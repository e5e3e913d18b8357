//! `dns.dnssec-bogus`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

/// An answer that does not hold against its signatures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DnssecBogus {
    /// The name that was asked about, escaped.
    pub name: String,
    /// The name whose answer does not hold, escaped.
    pub at: String,
}

impl Evidence for DnssecBogus {
    const RULE: Rule = Rule {
        code: "dns.dnssec-bogus",
        severity: Severity::Error,
        title: "DNSSEC signatures do not hold",
        why: "Resolvers that validate answer SERVFAIL, so that for their users the name is not there. Since 2026-03-15 CAs must validate, for CAA and for control of the domain, so they refuse to issue and to renew.",
        fix: "Sign the zone anew, and compare the DS record at the parent with the zone's DNSKEY records. Where the zone shall not be signed any more, take the DS record away first, and wait for its TTL.",
        sources: &[
            "CA/B Forum BR 3.2.2.8.1 and 3.2.2.4 (ballot SC-085)",
            "RFC 4035, section 4.3 and 5.5",
        ],
    };

    fn message(&self) -> String {
        format!(
            "The answer about {} does not hold against its signatures: a resolver that validates refuses it, and gives it out when told not to look. CAs must validate since 2026-03-15 and so will refuse.",
            self.at
        )
    }
}
