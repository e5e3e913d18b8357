//! `config.tcp-only`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use crate::check::Examination;

/// A setting of TCP mode in HTTP mode.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TcpOnly {
    /// The field.
    pub field: &'static str,
}

impl Evidence for TcpOnly {
    const RULE: Rule = Rule {
        code: "config.tcp-only",
        severity: Severity::Warning,
        title: "A setting of TCP mode in HTTP mode",
        why: "The PROXY protocol says of a connection for whom it is made. In HTTP mode many clients share a connection to the upstream, and it is told of each by `Forwarded` and `X-Forwarded-For`.",
        fix: "Leave it out and let the upstream read those fields, or set `mode` to tcp.",
        sources: &[
            "haproxy.org: proxy-protocol.txt, section 2",
            "RFC 7239, section 4",
        ],
    };

    fn message(&self) -> String {
        format!("`{}` is set, and `mode` is http.", self.field)
    }
}

pub(super) fn check(on: &mut Examination<'_>) {
    let service = &on.draft.service;
    if service.is_http() && service.proxy_protocol.send.is_some() {
        let field = "proxy_protocol.send";
        on.found(field, TcpOnly { field });
    }
}
