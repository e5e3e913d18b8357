//! `config.alias`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use crate::check::Examination;

/// A field is written under a name that it has elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Alias {
    /// As it is written.
    pub written: String,
    /// The name of the field.
    pub means: String,
}

impl Evidence for Alias {
    const RULE: Rule = Rule {
        code: "config.alias",
        severity: Severity::Notice,
        title: "A field is written under a name that it has elsewhere",
        why: "It is read all the same. Examples, messages and the schema speak of the name it has here.",
        fix: "Nothing has to change; the field has a name of its own.",
        sources: &["Azure Machine Learning SDK v1: azureml.core.compute.aks.SslConfiguration"],
    };

    fn message(&self) -> String {
        format!("`{}` is read as `{}`.", self.written, self.means)
    }
}

pub(super) fn check(on: &mut Examination<'_>) {
    for used in on.draft.aliases.iter().filter(|used| !used.again) {
        let evidence = Alias {
            written: used.written.clone(),
            means: used.means.clone(),
        };
        on.found_at(&used.bytes, &used.means, evidence);
    }
}
