//! `config.tls-on-port-80`

use keyway_report::{Evidence, Rule, Severity, escape};
use serde::Serialize;

use crate::check::Examination;
use crate::model::Status;

/// TLS on the port of plain http.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TlsOnPort80 {
    /// The address, escaped
    pub listen: String,
}

impl Evidence for TlsOnPort80 {
    const RULE: Rule = Rule {
        code: "config.tls-on-port-80",
        severity: Severity::Warning,
        title: "TLS on the port of plain http",
        why: "Clients that come to port 80 speak plain http, and see an error that nobody understands; those of https come to port 443.",
        fix: "Listen on port 443, or set `tls.status` to disabled.",
        sources: &["RFC 9110, sections 4.2.1 and 4.2.2"],
    };

    fn message(&self) -> String {
        format!("TLS listens on {}.", self.listen)
    }
}

pub(super) fn check(on: &mut Examination<'_>) {
    let service = &on.draft.service;
    // With a redirect it is an error: `config.redirect-port-taken`.
    let is_other = service.tls.redirect || service.status() == Status::Disabled;
    if is_other || !service.is_http() {
        return;
    }
    if let Some(listen) = service.on_plain_port() {
        let listen = escape::text(listen);
        on.found("listen", TlsOnPort80 { listen });
    }
}
