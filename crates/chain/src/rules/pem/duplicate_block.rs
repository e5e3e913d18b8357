//! `pem.duplicate-block`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::rules::{Aspect, Evidence};

/// The same block stands twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DuplicateBlock {
    /// What it holds.
    pub what: &'static str,
    /// Where it stood first.
    pub first: String,
}

impl Evidence for DuplicateBlock {
    const RULE: Rule = Rule {
        code: "pem.duplicate-block",
        severity: Severity::Warning,
        title: "The same block stands twice",
        why: "It does no harm to most readers, but it is a sign that files were joined twice, \
              and a second key invites confusion about which one counts.",
        fix: "Remove one of them, or run `keyway fix`.",
        sources: &["RFC 7468, section 2"],
    };
    const ASPECT: Aspect = Aspect::Reads;

    fn message(&self) -> String {
        format!("The same {} stood before, at {}.", self.what, self.first)
    }
}
