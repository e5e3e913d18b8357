//! `dns.other-port`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use super::words::listed;

/// Records are made for one port, and the service is known to be at another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OtherPort {
    /// What kinds of records.
    pub kinds: Vec<String>,
    /// The port that they are for.
    pub port: u16,
    /// Where the service is said to be, escaped.
    pub said: Vec<String>,
}

impl Evidence for OtherPort {
    const RULE: Rule = Rule {
        code: "dns.other-port",
        severity: Severity::Warning,
        title: "Records are made for another port than the service's",
        why: "TLSA records stand at `_PORT._tcp` of a name, and HTTPS records at the name itself for port 443 alone. Who comes by another port finds none; and an HTTPS record without a service at its port leads browsers to where nobody answers, as they come by TLS at once.",
        fix: "Where something hands port 443 on to the service, leave it. Else say the port that clients use as that of the endpoint: `--endpoint https://ADDRESS:PORT`; for TLSA alone with `--tlsa-port`.",
        sources: &["RFC 6698, section 3", "RFC 9460, sections 2.3 and 9.1"],
    };

    fn message(&self) -> String {
        format!(
            "{} records are made for port {}, and the service is said to be at {}.",
            listed(&self.kinds),
            self.port,
            listed(&self.said)
        )
    }
}
