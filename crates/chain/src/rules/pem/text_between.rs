//! `pem.text-between`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::rules::{Aspect, Evidence};

/// Text outside the blocks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TextBetween {
    /// Its length in bytes.
    pub length: usize,
}

impl Evidence for TextBetween {
    const RULE: Rule = Rule {
        code: "pem.text-between",
        severity: Severity::Notice,
        title: "There is text between the blocks",
        why: "Readers pass over text outside the blocks, so it does no harm; `openssl` prints \
              such text itself. It is listed so that nothing is skipped in silence.",
        fix: "Nothing has to be done. `keyway fix` writes the blocks alone.",
        sources: &["RFC 7468, section 2"],
    };
    const ASPECT: Aspect = Aspect::Reads;

    fn message(&self) -> String {
        format!(
            "{} bytes of text stand outside the blocks and were passed over.",
            self.length
        )
    }
}
