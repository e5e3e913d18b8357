//! `dns.protocol-below-minimum`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use super::words::bare;

/// An older version of TLS is spoken at an address than the oldest that the service allows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProtocolBelowMinimum {
    /// The name, escaped.
    pub name: String,
    /// The address, with its port.
    pub address: String,
    /// The version that came of the handshake.
    pub spoken: String,
    /// The oldest that the service allows.
    pub oldest: String,
}

impl Evidence for ProtocolBelowMinimum {
    const RULE: Rule = Rule {
        code: "dns.protocol-below-minimum",
        severity: Severity::Error,
        title: "An older version of TLS is spoken than the service allows",
        why: "A newer version was offered, and not taken: the server runs with other settings than the service file, and clients that insist on the newer version cannot connect.",
        fix: "Reload the server there with the settings of the file, or lower `tls.min_version` to what is meant to be spoken.",
        sources: &["RFC 8446, section 4.2.1"],
    };

    fn message(&self) -> String {
        format!(
            "{} at {} speaks {}, and the oldest that the service allows is {}.",
            bare(&self.name),
            self.address,
            self.spoken,
            self.oldest
        )
    }
}
