//! `dns.server-without-address`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

/// An NS record that leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ServerWithoutAddress {
    /// Whose server it is, escaped.
    pub name: String,
    /// The server, escaped.
    pub server: String,
    /// Whether it has a CNAME instead.
    pub is_alias: bool,
}

impl Evidence for ServerWithoutAddress {
    const RULE: Rule = Rule {
        code: "dns.server-without-address",
        severity: Severity::Error,
        title: "A server of the zone has no address in it",
        why: "Whoever follows the NS record to a name inside of this zone has to find an address there; there is nowhere else to look. The server is never reached.",
        fix: "Give the server's name an A or AAAA record, or name another server.",
        sources: &["RFC 1034, section 4.2.1", "RFC 2181, section 10.3"],
    };

    fn message(&self) -> String {
        let what = if self.is_alias {
            "a CNAME, and no address"
        } else {
            "no address"
        };
        format!(
            "{} names the server {}, which has {what}.",
            self.name, self.server
        )
    }
}
