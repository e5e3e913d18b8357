//! `name.ip-as-dns`

use keyway_report::{Rule, Severity, escape};
use serde::Serialize;

use crate::check::{Role, Subject};
use crate::name::{PatternFault, Presented};
use crate::rules::entries::Entries;
use crate::rules::{Aspect, Evidence, Kind};

/// An IP address is written as a DNS name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IpAsDns {
    /// The entries.
    #[serde(flatten)]
    pub entries: Entries,
}

impl Evidence for IpAsDns {
    const RULE: Rule = Rule {
        code: "name.ip-as-dns",
        severity: Severity::Warning,
        title: "An IP address is written as a DNS name",
        why: "Clients that connect to an address look for it among the iPAddress entries, as \
              bytes. One that is written as a dNSName is never found.",
        fix: "Have it issued again with the address as an IP entry (openssl: \
              subjectAltName=IP:192.0.2.1).",
        sources: &["RFC 5280, section 4.2.1.6", "RFC 9525, section 6.4"],
    };
    const ASPECT: Aspect = Aspect::Named;

    fn message(&self) -> String {
        format!("Addresses among the DNS names: {}.", self.entries.text())
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions.subjectAltName")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    if subject.role != Role::Leaf {
        return;
    }
    let names: Vec<String> = certificate
        .presented()
        .iter()
        .filter_map(|entry| match entry {
            Presented::Dns {
                raw,
                pattern: Err(PatternFault::IpAddress),
            } => Some(escape::bytes(raw)),
            _ => None,
        })
        .collect();
    let entries = Entries::of(certificate, names);
    out.extend(entries.map(|entries| Kind::from(IpAsDns { entries })));
}
