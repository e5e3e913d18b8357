//! `config.duplicate-host`

use std::collections::BTreeSet;

use keyway_report::{Evidence, Rule, Severity, escape};
use serde::Serialize;

use crate::check::Examination;
use crate::hostname::plain;

/// Two certificates are for one host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DuplicateHost {
    /// The host, escaped.
    pub host: String,
}

impl Evidence for DuplicateHost {
    const RULE: Rule = Rule {
        code: "config.duplicate-host",
        severity: Severity::Error,
        title: "Two certificates are for one host",
        why: "Which of them a client sees would be left to the order of lines, and a renewed one may never be served.",
        fix: "Keep one certificate for each host.",
        sources: &["RFC 6066, section 3"],
    };

    fn message(&self) -> String {
        format!("{} is named twice.", self.host)
    }
}

pub(super) fn check(on: &mut Examination<'_>) {
    let service = &on.draft.service;
    let mut seen = BTreeSet::new();
    let own = service.tls.certificates.iter().enumerate();
    let own = own.map(|(index, own)| (format!("tls.certificates[{index}].host"), &own.host));
    let all = std::iter::once(("host".to_owned(), &service.host)).chain(own);
    // Without a certificate for them, the hosts of the service are those of the others.
    let tls = &service.tls;
    let has_first = tls.certificate.is_some() || tls.key.is_some() || tls.certificates.is_empty();
    let mut doubled = Vec::new();
    for (field, hosts) in all {
        for host in hosts.iter() {
            if !seen.insert(plain(host)) {
                doubled.push((field.clone(), escape::text(host)));
            }
        }
        if field == "host" && !has_first {
            seen.clear();
        }
    }
    for (field, host) in doubled {
        on.found(&field, DuplicateHost { host });
    }
}
