//! `pem.unknown-label`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::rules::{Aspect, Evidence};

/// A label that stands for nothing known here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnknownLabel {
    /// Label of the block, escaped.
    pub label: String,
}

impl Evidence for UnknownLabel {
    const RULE: Rule = Rule {
        code: "pem.unknown-label",
        severity: Severity::Warning,
        title: "A block has a label that is not known",
        why: "Readers go by the label and pass over blocks whose label they do not know. If it \
              holds a certificate, a server will not see it.",
        fix: "Name the block by what it holds, for example `CERTIFICATE`, or remove it.",
        sources: &["RFC 7468, section 4"],
    };
    const ASPECT: Aspect = Aspect::Reads;

    fn message(&self) -> String {
        format!(
            "No reader knows the label \"{}\"; the block was passed over.",
            self.label
        )
    }
}
