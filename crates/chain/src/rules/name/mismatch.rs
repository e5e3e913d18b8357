//! `name.mismatch`

use std::net::IpAddr;

use keyway_report::{Rule, Severity, escape};
use serde::Serialize;

use crate::check::{Context, carries};
use crate::name::{self, Host, Presented};
use crate::rules::{Aspect, Evidence, Kind};
use crate::x509::Certificate;

/// A name that was asked for is not in the certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NameMismatch {
    /// The name asked for.
    pub host: String,
    /// The nearest names in the certificate, with why each does not cover it.
    pub nearest: Vec<String>,
    /// How many names the certificate carries.
    pub names: usize,
}

impl Evidence for NameMismatch {
    const RULE: Rule = Rule {
        code: "name.mismatch",
        severity: Severity::Error,
        title: "The certificate is not for this name",
        why: "Clients compare the name they asked for with subjectAltName and refuse a \
              certificate that does not carry it.",
        fix: "Have the certificate issued with this name in subjectAltName.",
        sources: &["RFC 9525, section 6.3", "RFC 5280, section 4.2.1.6"],
    };
    const ASPECT: Aspect = Aspect::Named;

    fn message(&self) -> String {
        if self.nearest.is_empty() {
            format!(
                "The certificate carries no name that could cover {}.",
                self.host
            )
        } else {
            format!(
                "The certificate does not cover {}: {}.",
                self.host,
                self.nearest.join("; ")
            )
        }
    }

    fn fix(&self) -> String {
        if self.host.parse::<IpAddr>().is_ok() {
            "Have the certificate issued with this address as an IP entry in subjectAltName."
                .to_owned()
        } else {
            Self::RULE.fix.to_owned()
        }
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions.subjectAltName")
    }
}

pub(crate) fn check(cx: &Context<'_>, out: &mut Vec<(Option<usize>, Kind)>) {
    let Some(leaf) = cx.leaf_certificate() else {
        return;
    };
    for host in cx.options.hosts.iter().filter(|host| !carries(leaf, host)) {
        let evidence = NameMismatch {
            host: escape::text(&host.to_string()),
            nearest: nearest(leaf, host),
            names: leaf.alt_names().len(),
        };
        out.push((cx.leaf, evidence.into()));
    }
}

/// The entries that come closest, each with why it does not cover the host.
fn nearest(leaf: &Certificate, host: &Host) -> Vec<String> {
    let entries = leaf.presented();
    name::nearest(entries, host)
        .into_iter()
        .map(|(index, why)| format!("{}: {why}", shown(&entries[index])))
        .collect()
}

fn shown(entry: &Presented) -> String {
    match entry {
        Presented::Dns { raw, .. } => escape::bytes(raw),
        Presented::Ip {
            address: Ok(address),
            ..
        } => address.to_string(),
        Presented::Ip {
            address: Err(_), ..
        } => "(an IP entry)".to_owned(),
    }
}
