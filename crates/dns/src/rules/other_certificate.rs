//! `dns.other-certificate`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use super::words::bare;

/// Another certificate is served at an address than the one on disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OtherCertificate {
    /// The name, escaped.
    pub name: String,
    /// The address, with its port.
    pub address: String,
    /// SHA-256 of the certificate that is served.
    pub served: String,
    /// SHA-256 of the one on disk.
    pub on_disk: String,
}

impl Evidence for OtherCertificate {
    const RULE: Rule = Rule {
        code: "dns.other-certificate",
        severity: Severity::Error,
        title: "Another certificate is served than the one on disk",
        why: "The name leads to a place that serves another certificate: an old process, another machine, or something in front of the service.",
        fix: "Reload the server there. If it is another machine, point the name at the right one, for IPv4 and for IPv6.",
        sources: &["RFC 6724, section 2.1"],
    };

    fn message(&self) -> String {
        let short = |hash: &str| hash.get(..16).unwrap_or(hash).to_owned();
        format!(
            "{} at {} serves the certificate {}, not {}.",
            bare(&self.name),
            self.address,
            short(&self.served),
            short(&self.on_disk)
        )
    }
}
