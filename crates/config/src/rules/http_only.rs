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
        why: "A redirect and a header are parts of HTTP. In TCP mode bytes are passed on as they come, and nobody hears of either.",
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
    let (has_hsts, has_redirect) = (service.tls.hsts.is_some(), service.tls.redirect);
    for (field, is_set) in [("tls.hsts", has_hsts), ("tls.redirect", has_redirect)] {
        if is_set {
            on.found(field, HttpOnly { field });
        }
    }
}
