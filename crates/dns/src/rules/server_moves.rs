//! `dns.server-moves`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use super::words::{bare, listed};

/// The address of a zone's server would be that of a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ServerMoves {
    /// The server, escaped.
    pub name: String,
    /// The zone whose NS records name it, escaped.
    pub zone: String,
    /// The addresses that it would lose.
    pub removed: Vec<String>,
    /// Those that it would get.
    pub added: Vec<String>,
}

impl Evidence for ServerMoves {
    const RULE: Rule = Rule {
        code: "dns.server-moves",
        severity: Severity::Warning,
        title: "A server of the zone would move to the service",
        why: "NS records name the host, so resolvers ask for all names of the zone at its addresses. Where no name server answers at the new ones, the zone is gone for whoever comes there; the zone above may have the old ones as glue, and lead others to these still.",
        fix: "Use another name for the service. Where the server itself moves: start it at the new address, have the glue in the zone above changed, and say --yes-really.",
        sources: &[
            "RFC 1034, sections 4.2.1 and 4.2.2",
            "RFC 1912, section 2.3",
        ],
    };

    fn message(&self) -> String {
        let head = format!(
            "{} is a server of {}, which its NS records name, and would ",
            self.name,
            bare(&self.zone)
        );
        let lost = format!("lose {}", listed(&self.removed));
        let got = format!("get {}", listed(&self.added));
        match (self.removed.is_empty(), self.added.is_empty()) {
            (true, _) => format!("{head}{got}."),
            (_, true) => format!("{head}{lost}."),
            _ => format!("{head}{lost} and {got}."),
        }
    }
}
