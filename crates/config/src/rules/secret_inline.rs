//! `config.secret-inline`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use crate::check::Examination;
use crate::model::{Material, Secret};

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
        fix: "Keep it elsewhere and say where: { file = \"PATH\" }, { env = \"NAME\" } or { command = [\"PROGRAM\"] }; a key as the path of its file.",
        sources: &["OWASP Secrets Management Cheat Sheet"],
    };

    fn message(&self) -> String {
        format!("`{}` holds the secret itself.", self.field)
    }
}

pub(super) fn check(on: &mut Examination<'_>) {
    let service = &on.draft.service;
    let tls = &service.tls;
    let mut fields = Vec::new();
    let mut look = |field: &str, key: Option<&Material>, password: Option<&Secret>| {
        if key.is_some_and(Material::holds_key) {
            fields.push(format!("{field}key"));
        }
        if matches!(password, Some(Secret::Inline(_))) {
            fields.push(format!("{field}password"));
        }
    };
    look("tls.", tls.key.as_ref(), tls.password.as_ref());
    for (index, own) in tls.certificates.iter().enumerate() {
        let field = format!("tls.certificates[{index}].");
        look(&field, Some(&own.key), own.password.as_ref());
    }
    if let Some(tsig) = &service.dns.tsig
        && matches!(tsig.secret, Secret::Inline(_))
    {
        fields.push("dns.tsig.secret".to_owned());
    }
    for field in fields {
        let place = field.clone();
        on.found(&place, SecretInline { field });
    }
}
