//! `pem.escaped`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::rules::{Aspect, Evidence};

/// The text of the file is escaped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Escaped {
    /// Label of the block, escaped.
    pub label: String,
    /// The kind of escape.
    pub how: String,
}

impl Evidence for Escaped {
    const RULE: Rule = Rule {
        code: "pem.escaped",
        severity: Severity::Error,
        title: "The text is escaped",
        why: "Line breaks or characters are written as escapes (`\\n`, `&#10;`, `%0A`), as they \
              are in JSON, HTML, URLs or environment variables. Servers read the file as one \
              long line and find nothing.",
        fix: "Run `keyway fix`, or unescape the text where it is written out.",
        sources: &["RFC 7468, section 2"],
    };
    const ASPECT: Aspect = Aspect::Serves;

    fn message(&self) -> String {
        format!(
            "The {} block is written with escapes: {}.",
            self.label, self.how
        )
    }
}
