//! `pem.escaped`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use super::named::block;
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
              are in JSON, HTML, URLs, e-mails or environment variables, or the file is encoded in \
              base64 once more. Servers find nothing in it.",
        fix: "Run `keyway fix`, or unescape the text where it is written out.",
        sources: &["RFC 7468, section 2"],
    };
    const ASPECT: Aspect = Aspect::Serves;

    fn message(&self) -> String {
        let what = if self.label.is_empty() {
            "What stands here".to_owned()
        } else {
            block(&self.label)
        };
        format!("{what} is written with escapes: {}.", self.how)
    }

    fn fix(&self) -> String {
        if self.how.starts_with("base64") {
            "Run `keyway fix`, or decode it: `base64 -d` makes the PEM file of it.".to_owned()
        } else {
            Self::RULE.fix.to_owned()
        }
    }
}
