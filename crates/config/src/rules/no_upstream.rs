//! `config.no-upstream`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use crate::check::Examination;

/// Nothing is behind the service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoUpstream {
    /// What is said of how it is served.
    pub field: &'static str,
}

impl Evidence for NoUpstream {
    const RULE: Rule = Rule {
        code: "config.no-upstream",
        severity: Severity::Warning,
        title: "Nothing is behind the service",
        why: "`keyway serve` passes on what clients ask for, and refuses to start where nothing is named to pass it on to.",
        fix: "Set `upstream`: `http://127.0.0.1:5001`, or `127.0.0.1:5432` in TCP mode.",
        sources: &["RFC 9110, section 3.7"],
    };

    fn message(&self) -> String {
        format!(
            "`{}` is set, and `upstream` is not: `keyway serve` would not start.",
            self.field
        )
    }
}

pub(super) fn check(on: &mut Examination<'_>) {
    let service = &on.draft.service;
    // Where it is said how it is served: other files are for the DNS, or for tools that know what is behind.
    let said = [
        ("listen", !service.listen.is_empty()),
        ("mode", !service.is_http()),
        ("proxy_protocol", !is_default(&service.proxy_protocol)),
        ("timeouts", !is_default(&service.timeouts)),
        ("limits", !is_default(&service.limits)),
    ];
    let said = said.into_iter().find(|(_, is_said)| *is_said);
    if let Some((field, _)) = said.filter(|_| service.upstream.is_empty()) {
        on.found(field, NoUpstream { field });
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
