//! `pem.wrong-label`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::rules::{Aspect, Evidence};

/// A block holds something else than its label says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WrongLabel {
    /// Label of the block, escaped.
    pub label: String,
    /// What it holds.
    pub holds: &'static str,
}

impl Evidence for WrongLabel {
    const RULE: Rule = Rule {
        code: "pem.wrong-label",
        severity: Severity::Error,
        title: "A block holds something else than its label says",
        why: "Readers go by the label: a certificate that is called something else is not \
              loaded, a key called CERTIFICATE breaks the file.",
        fix: "Name the block by what it holds, or run `keyway fix`.",
        sources: &["RFC 7468, section 4"],
    };
    const ASPECT: Aspect = Aspect::Serves;

    fn message(&self) -> String {
        format!(
            "The block is called {} and holds {}.",
            self.label, self.holds
        )
    }
}
