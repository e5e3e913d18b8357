//! `config.upstream-schemes-mixed`

use keyway_report::{Evidence, Rule, Severity, escape};
use serde::Serialize;

use crate::check::Examination;
use crate::hostname;

/// Upstreams of one service are spoken to with TLS and without.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UpstreamSchemesMixed {
    /// The first with TLS, escaped, without a user and a password in front.
    pub with: String,
    /// The first without, likewise.
    pub without: String,
}

impl Evidence for UpstreamSchemesMixed {
    const RULE: Rule = Rule {
        code: "config.upstream-schemes-mixed",
        severity: Severity::Warning,
        title: "Upstreams of one service are spoken to with TLS and without",
        why: "Upstreams share the load: what a client sends goes on encrypted or in plain text, by chance. Most servers have one way to speak to all of them, and a form of theirs cannot say both.",
        fix: "Write `https://` for all of them, or `http://` where all are on this machine.",
        sources: &["RFC 9110, sections 4.2.1 and 4.2.2"],
    };

    fn message(&self) -> String {
        format!(
            "The upstream {} is spoken to with TLS, and {} without.",
            self.with, self.without
        )
    }
}

pub(super) fn check(on: &mut Examination<'_>) {
    let service = &on.draft.service;
    if !service.is_http() {
        return;
    }
    let has = |schemes: &[&str]| {
        let first = service.upstream.iter().find(|upstream| {
            let scheme = upstream.split_once("://").map(|(scheme, _)| scheme);
            scheme.is_some_and(|given| {
                schemes
                    .iter()
                    .any(|known| known.eq_ignore_ascii_case(given))
            })
        });
        first.map(|upstream| escape::text(&hostname::without_user(upstream)))
    };
    if let (Some(with), Some(without)) = (has(&["https"]), has(&["http", "h2c"])) {
        on.found("upstream", UpstreamSchemesMixed { with, without });
    }
}
