//! `pem.wrong-password`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::rules::{Aspect, Evidence};

/// None of the passwords opens it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WrongPassword {
    /// What is locked.
    pub what: &'static str,
}

impl Evidence for WrongPassword {
    const RULE: Rule = Rule {
        code: "pem.wrong-password",
        severity: Severity::Error,
        title: "The password does not open what is encrypted",
        why: "What is inside could not be looked at: whether the key belongs to the certificate \
              stays unknown.",
        fix: "Give the right password. Of a password file the first line counts, white space at its \
              ends included, its line break not. PFX files from Windows may have been exported with \
              another password than the one of the key.",
        sources: &["RFC 7292, section 4", "RFC 8018, section 6"],
    };
    const ASPECT: Aspect = Aspect::Reads;

    fn message(&self) -> String {
        format!("None of the passwords given opens {}.", self.what)
    }
}
