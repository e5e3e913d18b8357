//! `pem.trailing-bytes`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::rules::{Aspect, Evidence};

/// Bytes follow the value inside a block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TrailingBytes {
    /// Label of the block, escaped.
    pub label: String,
    /// How many bytes.
    pub count: usize,
}

impl Evidence for TrailingBytes {
    const RULE: Rule = Rule {
        code: "pem.trailing-bytes",
        severity: Severity::Warning,
        title: "Bytes follow the value inside a block",
        why: "Strict readers refuse a block with anything behind its value; lenient ones drop \
              the rest. Two files may have been joined before they were encoded.",
        fix: "Run `keyway fix`: it writes the value alone.",
        sources: &["X.690, section 8.1", "RFC 5280, section 4.1"],
    };
    const ASPECT: Aspect = Aspect::Reads;

    fn message(&self) -> String {
        let bytes = if self.count == 1 {
            "1 byte follows".to_owned()
        } else {
            format!("{} bytes follow", self.count)
        };
        let place = if self.label.is_empty() {
            String::new()
        } else {
            format!(" in the {} block", self.label)
        };
        format!("{bytes} the value{place}.")
    }
}
