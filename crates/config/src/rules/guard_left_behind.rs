//! `config.guard-left-behind`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

/// What keeps somebody out in another tool's form has no place in a service file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GuardLeftBehind {
    /// As it is written there, escaped.
    pub what: String,
    /// The line there, from 1.
    pub line: usize,
}

impl Evidence for GuardLeftBehind {
    const RULE: Rule = Rule {
        code: "config.guard-left-behind",
        severity: Severity::Error,
        title: "An import leaves a rule behind that keeps somebody out",
        why: "The other tool looks at addresses, passwords, certificates or requests, and turns people away. A service file has no word for it: whoever was turned away there gets in here.",
        fix: "Have it done elsewhere before the service is reached: by a firewall, by the upstream itself, or by `listen` on an address that others do not reach. Where clients have to show certificates, set `tls.client` to required.",
        sources: &[
            "nginx.org: ngx_http_access_module, ngx_http_auth_basic_module, ngx_http_ssl_module",
            "docs.haproxy.org: Configuration Manual, \"http-request deny\", \"tcp-request connection\"",
            "Kubernetes: ingress-nginx, \"Annotations\"",
        ],
    };

    fn message(&self) -> String {
        let Self { what, line } = self;
        format!(
            "`{what}` in line {line} keeps somebody out, and has no place in a service file: everybody gets in."
        )
    }
}
