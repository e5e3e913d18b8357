//! `pem.missing-end`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::rules::{Aspect, Evidence};

/// A PEM block starts and its END line never comes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MissingEnd {
    /// Label of the block, escaped.
    pub label: String,
}

impl Evidence for MissingEnd {
    const RULE: Rule = Rule {
        code: "pem.missing-end",
        severity: Severity::Error,
        title: "A block has no END line",
        why: "Strict readers (OpenSSL, nginx, rustls) drop the block or refuse the file, and the \
              next block may be swallowed with it. It is usually what is left of a copy that was \
              cut short.",
        fix: "Add the missing END line, or fetch the file again from where it came.",
        sources: &["RFC 7468, section 2", "RFC 7468, section 3"],
    };
    const ASPECT: Aspect = Aspect::Serves;

    fn message(&self) -> String {
        format!("The {} block that starts here has no END line.", self.label)
    }

    fn fix(&self) -> String {
        format!(
            "Add the line `-----END {}-----` after the block's last line. If the file was cut short \
             there, fetch it again.",
            self.label
        )
    }
}
