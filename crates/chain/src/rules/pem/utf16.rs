//! `pem.utf16`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::rules::{Aspect, Evidence};

/// The file is UTF-16 text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Utf16;

impl Evidence for Utf16 {
    const RULE: Rule = Rule {
        code: "pem.utf16",
        severity: Severity::Error,
        title: "The file is written in UTF-16",
        why: "Every character takes two bytes, as Windows PowerShell 5 writes with `>`. No \
              server reads PEM in UTF-16.",
        fix: "Save the file as ASCII or UTF-8, or run `keyway fix`.",
        sources: &[
            "RFC 7468, section 2",
            "Microsoft: about_Character_Encoding (PowerShell 5.1)",
        ],
    };
    const ASPECT: Aspect = Aspect::Serves;

    fn message(&self) -> String {
        "The text is UTF-16: no server reads it.".to_owned()
    }
}
