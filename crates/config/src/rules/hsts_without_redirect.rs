//! `config.hsts-without-redirect`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use crate::check::Examination;

/// HSTS reaches nobody who comes by http.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HstsWithoutRedirect {}

impl Evidence for HstsWithoutRedirect {
    const RULE: Rule = Rule {
        code: "config.hsts-without-redirect",
        severity: Severity::Warning,
        title: "HSTS reaches nobody who comes by http",
        why: "Browsers take the header over https only. Without a redirect, those who type the name come to port 80, find nothing, and never hear of https.",
        fix: "Set `tls.redirect = true`, or say in front of which redirect this service stands.",
        sources: &["RFC 6797, section 7.2"],
    };

    fn message(&self) -> String {
        "`tls.hsts` is set without `tls.redirect`.".to_owned()
    }
}

pub(super) fn check(on: &mut Examination<'_>) {
    let tls = &on.draft.service.tls;
    if tls.hsts.is_some() && !tls.redirect {
        on.found("tls.hsts", HstsWithoutRedirect {});
    }
}
