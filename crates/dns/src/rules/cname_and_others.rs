//! `dns.cname-and-others`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

/// A CNAME beside other data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CnameAndOthers {
    /// The name, escaped.
    pub name: String,
    /// Types of its other records.
    pub others: Vec<String>,
}

impl Evidence for CnameAndOthers {
    const RULE: Rule = Rule {
        code: "dns.cname-and-others",
        severity: Severity::Error,
        title: "A name with a CNAME has other records",
        why: "A CNAME says that the name is another one, with all that one has. Servers refuse a zone, or an update, in which a name has a CNAME and anything else; what DNSSEC adds is excepted.",
        fix: "Remove the CNAME, or everything else at this name. At the name of a zone, which has SOA and NS, use addresses, or an alias of the provider.",
        sources: &[
            "RFC 1034, section 3.6.2",
            "RFC 2181, section 10.1",
            "RFC 4034, section 3",
        ],
    };

    fn message(&self) -> String {
        format!("{} has a CNAME and {}.", self.name, self.others.join(", "))
    }
}
