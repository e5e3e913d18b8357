//! `config.target-cannot-express`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

/// A form has no place for a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TargetCannotExpress {
    /// The field.
    pub field: String,
    /// The form.
    pub target: &'static str,
}

impl Evidence for TargetCannotExpress {
    const RULE: Rule = Rule {
        code: "config.target-cannot-express",
        severity: Severity::Warning,
        title: "A form has no place for a field",
        why: "What is exported does less than the service file says. What is not said there has to be \
              set there by hand, or is left out.",
        fix: "Set it in the other tool by its own means, or keep to the service file.",
        sources: &["Keyway: docs/rules/README.md"],
    };

    fn message(&self) -> String {
        format!("`{}` has no place in {}.", self.field, self.target)
    }
}
