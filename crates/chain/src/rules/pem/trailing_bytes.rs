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
        format!(
            "{} bytes follow the value in the {} block.",
            self.count, self.label
        )
    }
}
