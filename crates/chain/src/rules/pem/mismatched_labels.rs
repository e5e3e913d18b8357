//! `pem.mismatched-labels`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::rules::{Aspect, Evidence};

/// BEGIN and END of a block name different things.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MismatchedLabels {
    /// Label of the BEGIN line, escaped.
    pub begin: String,
    /// Label of the END line, escaped.
    pub end: String,
}

impl Evidence for MismatchedLabels {
    const RULE: Rule = Rule {
        code: "pem.mismatched-labels",
        severity: Severity::Error,
        title: "BEGIN and END of a block do not match",
        why: "OpenSSL refuses such a block (\"bad end line\") and with it the file; others read \
              on to the next matching END. Often two files were joined and lines between them \
              were lost.",
        fix: "Make both lines name what the block holds; if lines were lost, fetch the file \
              again.",
        sources: &["RFC 7468, section 2", "OpenSSL: PEM_R_BAD_END_LINE"],
    };
    const ASPECT: Aspect = Aspect::Serves;

    fn message(&self) -> String {
        format!(
            "The block starts with `BEGIN {}` and ends with `END {}`.",
            self.begin, self.end
        )
    }
}
