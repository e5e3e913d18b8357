//! `config.plain-http-upstream-elsewhere`

use keyway_report::{Evidence, Rule, Severity, escape};
use serde::Serialize;

use crate::check::Examination;
use crate::hostname;
use crate::model::Status;

/// What TLS protects travels on in plain text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlainHttpUpstreamElsewhere {
    /// The upstream, escaped.
    pub upstream: String,
}

impl Evidence for PlainHttpUpstreamElsewhere {
    const RULE: Rule = Rule {
        code: "config.plain-http-upstream-elsewhere",
        severity: Severity::Warning,
        title: "What TLS protects travels on in plain text",
        why: "The connection to an upstream on another machine is not encrypted: whoever is on the way reads and changes it.",
        fix: "Use https:// for the upstream, or run it on this machine or behind a private network that you trust.",
        sources: &["RFC 9110, section 4.2.1"],
    };

    fn message(&self) -> String {
        format!(
            "The upstream {} is on another machine and spoken to without TLS.",
            self.upstream
        )
    }
}

pub(super) fn check(on: &mut Examination<'_>) {
    let service = &on.draft.service;
    if service.status() == Status::Disabled {
        return;
    }
    let elsewhere = service
        .upstream
        .iter()
        .find(|upstream| is_plain_elsewhere(upstream));
    if let Some(upstream) = elsewhere {
        let upstream = escape::text(&hostname::without_user(upstream));
        on.found("upstream", PlainHttpUpstreamElsewhere { upstream });
    }
}

fn is_plain_elsewhere(upstream: &str) -> bool {
    let Some((scheme, _)) = upstream.split_once("://") else {
        return false;
    };
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("h2c") {
        return false;
    }
    !hostname::is_this_machine(hostname::host_and_port(upstream).0)
}
