//! `config.wildcard-with-managed-name`

use keyway_report::{Evidence, Rule, Severity, escape};
use serde::Serialize;

use crate::check::Examination;

/// A managed certificate covers one name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WildcardWithManagedName {
    /// The host, escaped.
    pub host: String,
}

impl Evidence for WildcardWithManagedName {
    const RULE: Rule = Rule {
        code: "config.wildcard-with-managed-name",
        severity: Severity::Error,
        title: "A managed certificate covers one name",
        why: "The certificate of a managed name is made for that name and proved by answering there. A wildcard would need control of the zone, which is not this service's.",
        fix: "Take the wildcard out, or bring an own certificate for it.",
        sources: &[
            "RFC 8555, section 7.1.3",
            "CA/B Forum Baseline Requirements, section 3.2.2.4",
        ],
    };

    fn message(&self) -> String {
        format!(
            "{} is a wildcard, and the certificate is managed.",
            self.host
        )
    }
}

pub(super) fn check(on: &mut Examination<'_>) {
    let service = &on.draft.service;
    if service.tls.leaf_domain_label.is_none() {
        return;
    }
    if let Some(host) = service.host.iter().find(|host| host.starts_with("*.")) {
        let host = escape::text(host);
        on.found("host", WildcardWithManagedName { host });
    }
}
