//! `config.no-upstream`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use crate::check::Examination;
use crate::model::Status;

/// Nothing is behind the service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoUpstream {}

impl Evidence for NoUpstream {
    const RULE: Rule = Rule {
        code: "config.no-upstream",
        severity: Severity::Notice,
        title: "Nothing is behind the service",
        why: "`keyway serve` passes on what clients ask for, and refuses to start where nothing is named to pass it on to. For its DNS, and for forms of other tools that know what is behind, the file is whole.",
        fix: "Where it is to be served from this file, set `upstream`.",
        sources: &["RFC 9110, section 3.7"],
    };

    fn message(&self) -> String {
        "`upstream` is not set, and `keyway serve` would not start.".to_owned()
    }
}

pub(super) fn check(on: &mut Examination<'_>) {
    let service = &on.draft.service;
    // Where it is said that it is served, and how.
    let said = [
        ("listen", !service.listen.is_empty()),
        ("mode", !service.is_http()),
        ("tls", service.status() != Status::Disabled),
    ];
    let said = said.into_iter().find(|(_, is_said)| *is_said);
    if let Some((field, _)) = said.filter(|_| service.upstream.is_empty()) {
        on.found(field, NoUpstream {});
    }
}
