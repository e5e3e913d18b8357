//! `dns.cname-at-apex`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use super::words::bare;

/// The name of a zone cannot be an alias.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CnameAtApex {
    /// The zone, escaped.
    pub zone: String,
    /// Where it should lead, escaped.
    pub target: String,
}

impl Evidence for CnameAtApex {
    const RULE: Rule = Rule {
        code: "dns.cname-at-apex",
        severity: Severity::Error,
        title: "The name of a zone cannot be an alias",
        why: "The name of a zone has SOA and NS records, and a CNAME stands alone: servers refuse it, or ignore it without a word.",
        fix: "Point the name at addresses. Many providers have a record of their own for this (ALIAS, ANAME, flattened CNAME), which keeps up with where the other name leads. HTTPS and TLSA records of the name are planned where the endpoint is an address.",
        sources: &["RFC 1034, section 3.6.2", "RFC 2181, section 10.1"],
    };

    fn message(&self) -> String {
        format!(
            "{} is the name of the zone; it cannot be a CNAME to {}.",
            self.zone,
            bare(&self.target)
        )
    }
}
