//! `pem.indented`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::rules::{Aspect, Evidence};

/// Lines of a block are indented or quoted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Indented {
    /// Label of the block, escaped.
    pub label: String,
    /// How: `indented` or `quoted`.
    pub mark: &'static str,
}

impl Evidence for Indented {
    const RULE: Rule = Rule {
        code: "pem.indented",
        severity: Severity::Warning,
        title: "A block is indented or quoted",
        why: "It was pasted out of YAML or an e-mail. OpenSSL skips white space, rustls and \
              others do not see an indented BEGIN line at all.",
        fix: "Remove what stands before the lines, or run `keyway fix`.",
        sources: &["RFC 7468, section 2", "rustls-pki-types: pem::from_buf"],
    };
    const ASPECT: Aspect = Aspect::Serves;

    fn message(&self) -> String {
        format!("The {} block is {}.", self.label, self.mark)
    }
}
