//! `pem.glued-boundary`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::rules::{Aspect, Evidence};

/// A boundary shares its line with something else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GluedBoundary {
    /// Label of the block, escaped.
    pub label: String,
}

impl Evidence for GluedBoundary {
    const RULE: Rule = Rule {
        code: "pem.glued-boundary",
        severity: Severity::Error,
        title: "A boundary does not stand on a line of its own",
        why: "Files that were joined without a line break between them end like `-----END \
              CERTIFICATE----------BEGIN CERTIFICATE-----`. OpenSSL and nginx refuse such a file \
              (\"bad end line\"), others lose the second block.",
        fix: "Put every boundary on a line of its own. `cat` needs files that end with a line \
              break.",
        sources: &["RFC 7468, section 3", "OpenSSL: PEM_R_BAD_END_LINE"],
    };
    const ASPECT: Aspect = Aspect::Serves;

    fn message(&self) -> String {
        format!(
            "A boundary of the {} block shares its line with something else.",
            self.label
        )
    }
}
