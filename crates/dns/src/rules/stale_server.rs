//! `dns.stale-server`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use super::words::versions;

/// A server of the zone is behind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StaleServer {
    /// The server.
    pub server: String,
    /// The name, escaped.
    pub name: String,
    /// The type.
    pub kind: String,
    /// The version of the zone that it has.
    pub serial: Option<u32>,
    /// The newest version that any server has.
    pub newest: Option<u32>,
}

impl Evidence for StaleServer {
    const RULE: Rule = Rule {
        code: "dns.stale-server",
        severity: Severity::Error,
        title: "A server of the zone is behind",
        why: "The servers of a zone are asked in turn. While one has the records of before, some clients are led to the old place, and their resolvers keep that for another TTL.",
        fix: "Wait until the server has fetched the zone. If it does not, look at its log: does it get NOTIFY, and may it transfer the zone?",
        sources: &["RFC 1034, section 4.3.5", "RFC 1996"],
    };

    fn fix(&self) -> String {
        match self.same() {
            Some(_) => "Find out who changed what it has, or in which of the servers somebody changed the zone without a \
                        new serial. Give the zone a higher one, so that the others fetch it."
                .to_owned(),
            None => Self::RULE.fix.to_owned(),
        }
    }

    fn message(&self) -> String {
        if let Some(serial) = self.same() {
            return format!(
                "{} has other records for {} {} in the same version of the zone, {serial}: it will not fetch any.",
                self.server, self.name, self.kind
            );
        }
        format!(
            "{} still has the records of before for {} {}{}.",
            self.server,
            self.name,
            self.kind,
            versions(self.serial, self.newest)
        )
    }
}

impl StaleServer {
    /// The version that it has, where no server has a newer one.
    fn same(&self) -> Option<u32> {
        self.serial.filter(|_| self.serial == self.newest)
    }
}
