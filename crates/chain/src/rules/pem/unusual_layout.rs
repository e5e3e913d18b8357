//! `pem.unusual-layout`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use super::named::block;
use crate::rules::{Aspect, Evidence};

/// The layout of a block departs from RFC 7468, harmlessly for most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnusualLayout {
    /// Label of the block, escaped.
    pub label: String,
    /// What is unusual, in words.
    pub what: String,
}

impl Evidence for UnusualLayout {
    const RULE: Rule = Rule {
        code: "pem.unusual-layout",
        severity: Severity::Notice,
        title: "The layout of a block is unusual",
        why: "RFC 7468 asks for lines of 64 characters, nothing else on them, and canonical \
              base64. Most readers are lenient; some embedded ones are not.",
        fix: "Nothing has to be done for common servers. `keyway fix` writes the usual layout.",
        sources: &["RFC 7468, section 2", "RFC 7468, section 3"],
    };
    const ASPECT: Aspect = Aspect::Reads;

    fn message(&self) -> String {
        format!("{} has {}.", block(&self.label), self.what)
    }
}
