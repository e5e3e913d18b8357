//! `config.target-cannot-express`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

/// A form does not say a field as the service file does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TargetCannotExpress {
    /// The field.
    pub field: String,
    /// The form.
    pub target: &'static str,
    /// What becomes of it.
    pub fate: Fate,
    /// Which part of it, where it stands, or what to do; escaped, and empty where there is nothing to say.
    pub about: String,
}

/// What becomes of a field that a form does not say as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// The form has no place for it.
    NoPlace,
    /// A part of it is said.
    Partly,
    /// Its file could not be read, or holds nothing of the kind.
    Unread,
    /// It is said at another place than in the form's text.
    Elsewhere,
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
        let Self {
            field,
            target,
            about,
            ..
        } = self;
        let said = match self.fate {
            Fate::NoPlace => format!("`{field}` has no place in {target}"),
            Fate::Partly => format!("`{field}` is only partly said in {target}"),
            Fate::Unread => format!("`{field}` could not be read, and is not in {target}"),
            Fate::Elsewhere => format!("`{field}` is said elsewhere than in {target}"),
        };
        if about.is_empty() {
            said + "."
        } else {
            format!("{said}: {about}.")
        }
    }
}
