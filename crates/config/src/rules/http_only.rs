//! `config.http-only`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use crate::check::Examination;

/// A setting of HTTP in TCP mode.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HttpOnly {
    /// The field
    pub field: &'static str,
}

impl Evidence for HttpOnly {
    const RULE: Rule = Rule {
        code: "config.http-only",
        severity: Severity::Warning,
        title: "A setting of HTTP in TCP mode",
        why: "Redirects, headers, bodies and paths are parts of HTTP. In TCP mode bytes are passed on as they come, and nobody hears of any.",
        fix: "Leave it out, or set `mode` to http.",
        sources: &["RFC 6797, section 6.1", "RFC 9110, section 15.4"],
    };

    fn message(&self) -> String {
        format!("`{}` is set, and `mode` is tcp.", self.field)
    }
}

pub(super) fn check(on: &mut Examination<'_>) {
    let service = &on.draft.service;
    if service.is_http() {
        return;
    }
    let health = service.health.as_ref();
    let fields = [
        ("tls.hsts", service.tls.hsts.is_some()),
        ("tls.redirect", service.tls.redirect),
        (
            "health.path",
            health.is_some_and(|health| health.path.is_some()),
        ),
        ("timeouts.header", service.timeouts.header.is_some()),
        ("timeouts.body", service.timeouts.body.is_some()),
        ("limits.header_bytes", service.limits.header_bytes.is_some()),
        ("limits.body_bytes", service.limits.body_bytes.is_some()),
        ("limits.body_rate", service.limits.body_rate.is_some()),
    ];
    for (field, is_set) in fields {
        if is_set {
            on.found(field, HttpOnly { field });
        }
    }
}
