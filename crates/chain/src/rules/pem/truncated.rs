//! `pem.truncated`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::rules::{Aspect, Evidence};

/// The data ends before it should.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Truncated {
    /// Bytes that its own length calls for.
    pub declared: usize,
    /// Bytes that are there.
    pub present: usize,
}

impl Evidence for Truncated {
    const RULE: Rule = Rule {
        code: "pem.truncated",
        severity: Severity::Error,
        title: "The data is cut short",
        why: "The outermost length says that more should follow. A disk was full, a copy was \
              interrupted, or lines were lost.",
        fix: "Fetch the file again from where it came.",
        sources: &["X.690, section 8.1.3"],
    };
    const ASPECT: Aspect = Aspect::Reads;

    fn message(&self) -> String {
        format!(
            "{} bytes should be here, and {} are.",
            self.declared, self.present
        )
    }
}
