//! `config.not-a-path`

use keyway_report::{Evidence, Rule, Severity, escape};
use serde::Serialize;

use crate::check::Examination;

/// What is asked for is no path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotAPath {
    /// The field.
    pub field: &'static str,
    /// What is written, escaped.
    pub value: String,
}

impl Evidence for NotAPath {
    const RULE: Rule = Rule {
        code: "config.not-a-path",
        severity: Severity::Error,
        title: "What an upstream is asked for is no path",
        why: "A request names what it is for by a path and perhaps a query, in visible ASCII. With anything else no upstream would ever pass, and clients would get nothing but 503.",
        fix: "Write a path that begins with a slash, such as `/healthz`.",
        sources: &["RFC 9112, section 3.2.1", "RFC 3986, section 3.3"],
    };

    fn message(&self) -> String {
        format!(
            "`{}` holds \"{}\", which is no path.",
            self.field, self.value
        )
    }
}

pub(super) fn check(on: &mut Examination<'_>) {
    let health = on.draft.service.health.as_ref();
    let Some(path) = health.and_then(|health| health.path.as_ref()) else {
        return;
    };
    let is_path = path.starts_with('/')
        && path
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'#');
    if !is_path {
        let (field, value) = ("health.path", escape::text(path));
        on.found(field, NotAPath { field, value });
    }
}
