//! `pem.malformed-boundary`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use super::named::block;
use crate::rules::{Aspect, Evidence};

/// A boundary line is misspelled: dashes, case or spaces.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MalformedBoundary {
    /// Label of the block, escaped.
    pub label: String,
}

impl Evidence for MalformedBoundary {
    const RULE: Rule = Rule {
        code: "pem.malformed-boundary",
        severity: Severity::Error,
        title: "A BEGIN or END line is misspelled",
        why: "A boundary has exactly five hyphens on each side and a label in capitals. Word \
              processors turn hyphens into dashes; strict readers then see no block at all.",
        fix: "Write the boundary lines with five hyphens on each side, as in `-----BEGIN \
              CERTIFICATE-----`.",
        sources: &["RFC 7468, section 3"],
    };
    const ASPECT: Aspect = Aspect::Serves;

    fn message(&self) -> String {
        format!(
            "{} has a boundary line with wrong dashes, case or spaces.",
            block(&self.label)
        )
    }
}
