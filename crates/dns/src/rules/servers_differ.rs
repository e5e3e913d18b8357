//! `dns.servers-differ`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use super::words::{listed, unended};

/// A server of the zone does not give what a plan was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ServersDiffer {
    /// The server.
    pub server: String,
    /// Names and types of which it gives other records; empty where it does not say.
    pub sets: Vec<String>,
    /// The version of the zone that it has.
    pub serial: Option<u32>,
    /// The version that the plan was made from.
    pub planned: Option<u32>,
    /// Why it does not say, where it does not.
    pub why: Option<String>,
}

impl Evidence for ServersDiffer {
    const RULE: Rule = Rule {
        code: "dns.servers-differ",
        severity: Severity::Warning,
        title: "A server of the zone does not give what the plan was made from",
        why: "A plan is made from what the server has that takes updates, and resolvers ask all of them in turn. What another one gives meanwhile is in caches, and may be neither what the plan replaces nor what it leaves.",
        fix: "See that all servers have one version before it is carried out: one that is behind has to be told of new versions (NOTIFY) and to be let fetch them. One that has other records in the same version fetches none: find out who changed what it has. `keyway dns verify` says when all agree.",
        sources: &["RFC 1034, section 4.3.5", "RFC 1996"],
    };

    fn message(&self) -> String {
        let sets = listed(&self.sets);
        if let Some(why) = &self.why {
            return format!("What {} has is not known: {}.", self.server, unended(why));
        }
        if let Some(serial) = self.serial.filter(|_| self.serial == self.planned) {
            return format!(
                "{} gives other records for {sets} in the same version of the zone, {serial}: it will not fetch any.",
                self.server
            );
        }
        let versions = match (self.serial, self.planned) {
            (Some(serial), Some(planned)) => {
                format!(" (its zone is version {serial}, the plan was made from {planned})")
            }
            _ => String::new(),
        };
        format!("{} gives other records for {sets}{versions}.", self.server)
    }
}
