//! `pem.bom`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::rules::{Aspect, Evidence};

/// The file starts with a byte order mark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bom;

impl Evidence for Bom {
    const RULE: Rule = Rule {
        code: "pem.bom",
        severity: Severity::Warning,
        title: "The file has a byte order mark",
        why: "Three invisible bytes, written by Windows editors and PowerShell, stand before the \
              first BEGIN line. OpenSSL and GnuTLS pass over them; rustls, Go and Java do not \
              recognise that line and lose the first block.",
        fix: "Save the file without a byte order mark (\"UTF-8\", not \"UTF-8 with BOM\"), or \
              run `keyway fix`.",
        sources: &["RFC 7468, section 2", "RFC 3629, section 6"],
    };
    const ASPECT: Aspect = Aspect::Serves;

    fn message(&self) -> String {
        "A byte order mark (U+FEFF) stands before a block.".to_owned()
    }
}
