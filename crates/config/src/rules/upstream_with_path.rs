//! `config.upstream-with-path`

use keyway_report::{Evidence, Rule, Severity, escape};
use serde::Serialize;

use crate::check::Examination;
use crate::hostname;

/// An upstream is a host, without a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UpstreamWithPath {
    /// The upstream, escaped, without a user
    pub upstream: String,
}

impl Evidence for UpstreamWithPath {
    const RULE: Rule = Rule {
        code: "config.upstream-with-path",
        severity: Severity::Error,
        title: "An upstream is a host, without a path",
        why: "Requests are passed on with the path that the client asked for. What stands behind the host of an upstream would be put in front of it by some servers, in its place by others, and by this one not at all.",
        fix: "Leave the path out, and let the service behind answer at the paths that clients ask for.",
        sources: &["RFC 3986, section 3.3", "RFC 9110, section 7.1"],
    };

    fn message(&self) -> String {
        format!("\"{}\" has more than a host and a port.", self.upstream)
    }
}

pub(super) fn check(on: &mut Examination<'_>) {
    let service = &on.draft.service;
    if !service.is_http() {
        return;
    }
    let has_path = |text: &&str| {
        let rest = text.split_once("://").map(|(_, rest)| rest);
        let end = rest.and_then(|rest| rest.find(['/', '?', '#']).and_then(|at| rest.get(at..)));
        end.is_some_and(|end| end != "/")
    };
    let found: Vec<String> = service
        .upstream
        .iter()
        .filter(has_path)
        .map(|text| escape::text(&hostname::without_user(text)))
        .collect();
    for upstream in found {
        on.found("upstream", UpstreamWithPath { upstream });
    }
}
