//! `config.redirect-left-behind`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

/// What sends hosts elsewhere in another tool's form has no place in a service file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RedirectLeftBehind {
    /// As it is written there, escaped.
    pub what: String,
    /// The line there, from 1.
    pub line: usize,
    /// Whether the service answers for these hosts.
    pub is_served: bool,
}

impl Evidence for RedirectLeftBehind {
    const RULE: Rule = Rule {
        code: "config.redirect-left-behind",
        severity: Severity::Error,
        title: "An import leaves a redirect of hosts behind",
        why: "The other tool sends whoever asks for some hosts to another address, as for names without www. A service redirects from http to https, and from no host to another: these hosts would get what the upstream says, or no answer.",
        fix: "Let the upstream redirect them, and write the hosts in `host`; or give them a file of their own, with an upstream that redirects.",
        sources: &[
            "nginx.org: ngx_http_rewrite_module, \"return\"",
            "docs.haproxy.org: Configuration Manual, \"http-request redirect\"",
        ],
    };

    fn message(&self) -> String {
        let Self {
            what,
            line,
            is_served,
        } = self;
        let instead = if *is_served {
            "here they are led to the upstream"
        } else {
            "they are left out, and get no answer here"
        };
        format!(
            "`{what}` in line {line} sends hosts elsewhere, and has no place in a service file: {instead}."
        )
    }
}
