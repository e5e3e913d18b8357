//! `dns.address-without-service`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use super::words::bare;

/// No TLS service answers at an address of the name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AddressWithoutService {
    /// The name, escaped.
    pub name: String,
    /// The address, with its port.
    pub address: String,
    /// What happened instead.
    pub why: String,
}

impl Evidence for AddressWithoutService {
    const RULE: Rule = Rule {
        code: "dns.address-without-service",
        severity: Severity::Error,
        title: "Nothing answers at an address of the name",
        why: "Clients take any of a name's addresses. Those who get this one wait, or see an error; a CA that validates may take it, too.",
        fix: "Start the service there, open the port, or take the address out of the name.",
        sources: &["RFC 8305, section 5"],
    };

    fn message(&self) -> String {
        format!(
            "{} at {}: {}.",
            bare(&self.name),
            self.address,
            bare(&self.why)
        )
    }
}
