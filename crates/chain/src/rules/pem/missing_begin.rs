//! `pem.missing-begin`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::rules::{Aspect, Evidence};

/// An END line closes a body whose BEGIN line is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MissingBegin {
    /// Label of the block, escaped.
    pub label: String,
}

impl Evidence for MissingBegin {
    const RULE: Rule = Rule {
        code: "pem.missing-begin",
        severity: Severity::Error,
        title: "A block has no BEGIN line",
        why: "Every reader looks for the BEGIN line first; without it the block is passed over \
              as text. It happens when the first line of a file is lost in a copy.",
        fix: "Add the missing BEGIN line, or fetch the file again from where it came.",
        sources: &["RFC 7468, section 2"],
    };
    const ASPECT: Aspect = Aspect::Serves;

    fn message(&self) -> String {
        format!(
            "The body that ends with `END {}` has no BEGIN line.",
            self.label
        )
    }

    fn fix(&self) -> String {
        format!(
            "Add the line `-----BEGIN {}-----` before the block's first line.",
            self.label
        )
    }
}
