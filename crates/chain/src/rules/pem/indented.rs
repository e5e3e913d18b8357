//! `pem.indented`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use super::named::block;
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
        why: "It was pasted out of YAML, source code or an e-mail. Neither OpenSSL nor rustls sees a \
              BEGIN line with anything before it; white space before the base64 alone does no harm to \
              them.",
        fix: "Remove what stands before the lines, or run `keyway fix`.",
        sources: &[
            "RFC 7468, section 2",
            "OpenSSL: PEM_read_bio(3)",
            "rustls-pki-types: pem::from_buf",
        ],
    };
    const ASPECT: Aspect = Aspect::Serves;

    fn message(&self) -> String {
        let what = if self.mark == "quoted" {
            "has a mark before its lines (`> `, `# ` or a quotation mark)"
        } else {
            "is indented"
        };
        format!("{} {what}.", block(&self.label))
    }
}
