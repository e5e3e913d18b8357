//! `config.host-without-certificate`

use keyway_report::{Evidence, Rule, Severity, escape};
use serde::Serialize;

use crate::check::Examination;
use crate::hostname::plain;
use crate::model::{Listed, Status};

/// A host gets no certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HostWithoutCertificate {
    /// The host, escaped.
    pub host: String,
}

impl Evidence for HostWithoutCertificate {
    const RULE: Rule = Rule {
        code: "config.host-without-certificate",
        severity: Severity::Error,
        title: "A host gets no certificate",
        why: "Each of `tls.certificates` is for its own hosts, and `tls.certificate`, which is for all others, is not set: whoever comes to this host sees the connection fail.",
        fix: "Set `tls.certificate` and `tls.key` for the hosts in `host`, or write the host beside one of `tls.certificates`.",
        sources: &["RFC 6066, section 3", "RFC 8446, section 4.4.2"],
    };

    fn message(&self) -> String {
        format!("No certificate is named for {}.", self.host)
    }
}

/// Whether one of these hosts stands for a name: a wildcard does for one label (RFC 9525, section 6.3).
fn covers(hosts: &Listed, name: &str) -> bool {
    let name = plain(name);
    let rest = name.split_once('.').map(|(_, rest)| rest);
    hosts.iter().any(|host| {
        let host = plain(host);
        host == name
            || host
                .strip_prefix("*.")
                .is_some_and(|base| rest == Some(base))
    })
}

pub(super) fn check(on: &mut Examination<'_>) {
    let service = &on.draft.service;
    let (tls, own) = (&service.tls, &service.tls.certificates);
    let is_all = tls.certificate.is_some() || tls.key.is_some() || own.is_empty();
    // One without hosts is for the names in it.
    if service.status() != Status::Enabled || is_all || own.iter().any(|own| own.host.is_empty()) {
        return;
    }
    let is_bare = |host: &&str| !own.iter().any(|own| covers(&own.host, host));
    let bare: Vec<String> = service
        .host
        .iter()
        .filter(is_bare)
        .map(escape::text)
        .collect();
    for host in bare {
        on.found("host", HostWithoutCertificate { host });
    }
}
