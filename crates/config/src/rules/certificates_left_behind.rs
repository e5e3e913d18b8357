//! `config.certificates-left-behind`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

/// Certificates in another tool's form cannot be named in a service file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CertificatesLeftBehind {
    /// As they are written there, escaped.
    pub what: String,
    /// The line there, from 1.
    pub line: usize,
}

impl Evidence for CertificatesLeftBehind {
    const RULE: Rule = Rule {
        code: "config.certificates-left-behind",
        severity: Severity::Error,
        title: "An import leaves certificates behind",
        why: "The other tool takes certificates out of a list, out of a folder, or by the name that a client asks for. A service file names each of them: whoever got one of these gets another one here, or is turned away.",
        fix: "Name each of them in a table `[[tls.certificates]]`, with `host`, `certificate` and `key`; what a list says of single certificates, such as who is let in by `verify`, holds for the whole service in `tls`.",
        sources: &[
            "docs.haproxy.org: Configuration Manual, \"crt-list\", \"crt\"",
            "nginx.org: ngx_http_ssl_module, \"ssl_certificate\"",
        ],
    };

    fn message(&self) -> String {
        let Self { what, line } = self;
        format!(
            "The certificates of `{what}` in line {line} are left behind: whoever got one of these gets another one, or is turned away."
        )
    }
}
