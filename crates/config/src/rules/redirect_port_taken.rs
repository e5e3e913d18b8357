//! `config.redirect-port-taken`

use keyway_report::{Evidence, Rule, Severity, escape};
use serde::Serialize;

use crate::check::Examination;
use crate::model::Status;

/// The redirect and TLS want the same port.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RedirectPortTaken {
    /// The address, escaped
    pub listen: String,
}

impl Evidence for RedirectPortTaken {
    const RULE: Rule = Rule {
        code: "config.redirect-port-taken",
        severity: Severity::Error,
        title: "The redirect and TLS want the same port",
        why: "The redirect answers at port 80 in plain text, and one port speaks either plain text or TLS. The server would not start, or clients be led back to where they came from.",
        fix: "Listen on port 443, or leave `tls.redirect` out.",
        sources: &["RFC 9110, sections 4.2.1 and 4.2.2"],
    };

    fn message(&self) -> String {
        format!("`tls.redirect` is set, and TLS listens on {}.", self.listen)
    }
}

pub(super) fn check(on: &mut Examination<'_>) {
    let service = &on.draft.service;
    if !service.tls.redirect || service.status() == Status::Disabled {
        return;
    }
    if let Some(listen) = service.on_plain_port() {
        let listen = escape::text(listen);
        on.found("listen", RedirectPortTaken { listen });
    }
}
