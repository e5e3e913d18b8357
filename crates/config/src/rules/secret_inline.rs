//! `config.secret-inline`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use crate::check::Examination;

/// A secret stands in the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SecretInline {
    /// The field.
    pub field: String,
}

impl Evidence for SecretInline {
    const RULE: Rule = Rule {
        code: "config.secret-inline",
        severity: Severity::Warning,
        title: "A secret stands in the file",
        why: "Service files are copied, committed and shown; a secret in one is soon everybody's.",
        fix: "Keep it elsewhere and say where: { file = \"PATH\" }, { env = \"NAME\" } or { command = [\"PROGRAM\"] }; a key as the path of its file. A URL is written without a user and a password.",
        sources: &["OWASP Secrets Management Cheat Sheet"],
    };

    fn message(&self) -> String {
        format!("`{}` holds the secret itself.", self.field)
    }
}

pub(super) fn check(on: &mut Examination<'_>) {
    let fields = on.draft.service.open_secrets();
    for field in fields {
        let place = field.clone();
        on.found(&place, SecretInline { field });
    }
}
