//! `pem.glued-boundary`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use super::named::block;
use crate::pem::Glue;
use crate::rules::{Aspect, Evidence};

/// A boundary shares its line with something else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GluedBoundary {
    /// Label of the block, escaped.
    pub label: String,
    /// What it shares the line with.
    pub to: Glue,
}

impl Evidence for GluedBoundary {
    const RULE: Rule = Rule {
        code: "pem.glued-boundary",
        severity: Severity::Error,
        title: "A boundary does not stand on a line of its own",
        why: "Readers look for a boundary alone on its line. Files that were joined without a line \
              break between them end like `-----END CERTIFICATE----------BEGIN CERTIFICATE-----`; \
              forms and variables make one line of a file; a page or a program has its own text \
              around it. OpenSSL and nginx refuse such a file (\"bad end line\", \"no start line\"), \
              others lose the block.",
        fix: "Put every boundary on a line of its own, or run `keyway fix`.",
        sources: &["RFC 7468, section 3", "OpenSSL: PEM_R_BAD_END_LINE"],
    };
    const ASPECT: Aspect = Aspect::Serves;

    fn message(&self) -> String {
        let what = match self.to {
            Glue::Boundary => "begins on the line on which another block ends",
            Glue::Body => "has a boundary and a part of its base64 on one line",
            Glue::WholeBody => "stands on one line, boundaries and all",
            Glue::Text => "begins in the middle of a line, behind other text",
            Glue::TextBehind => "has other text behind its END, on the same line",
        };
        format!("{} {what}.", block(&self.label))
    }

    fn fix(&self) -> String {
        let what = match self.to {
            Glue::Boundary => {
                "Put a line break between the two. `cat` needs files that end with one."
            }
            Glue::Body => "Put a line break behind BEGIN and before END, or run `keyway fix`.",
            Glue::WholeBody => {
                "Write BEGIN, the base64 in lines of 64 characters, and END on lines of their own; \
                 `keyway fix` does."
            }
            Glue::TextBehind => "Put a line break behind END, or run `keyway fix`.",
            Glue::Text => {
                "Take the block out of the page, program or variable that it stands in, from BEGIN to \
                 END; `keyway fix` does."
            }
        };
        what.to_owned()
    }
}
