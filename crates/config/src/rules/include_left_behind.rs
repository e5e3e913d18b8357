//! `config.include-left-behind`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

/// A file that another tool's form includes could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IncludeLeftBehind {
    /// As it is written there, escaped.
    pub what: String,
    /// The line there, from 1.
    pub line: usize,
}

impl Evidence for IncludeLeftBehind {
    const RULE: Rule = Rule {
        code: "config.include-left-behind",
        severity: Severity::Error,
        title: "An import does not know what a file holds that is included",
        why: "What is included counts as if it stood there, and it may be what keeps somebody out, a certificate, or where a host is led. It could not be read, or there is more of it than is read, so nobody knows what is lost.",
        fix: "Import where the files are, from nginx's own folder, or import what `nginx -T` prints: it holds all of them. Otherwise look into the file, and put what it says in its place.",
        sources: &["nginx.org: ngx_core_module, \"include\""],
    };

    fn message(&self) -> String {
        let Self { what, line } = self;
        format!(
            "`{what}` in line {line} could not be read: what it says is missing here, and may keep somebody out."
        )
    }
}
