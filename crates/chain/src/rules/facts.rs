use keyway_report::{Rule, Severity};
use serde::Serialize;

use super::Entry;
use crate::check::Profile;

/// Everything there is to say about a rule, as `keyway explain --format json` writes it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RuleFacts {
    /// Stable identifier, `area.kebab-case`.
    pub code: &'static str,
    /// Weight of every occurrence.
    pub severity: Severity,
    /// One line, without a full stop.
    pub title: &'static str,
    /// Why it matters, in plain words.
    pub why: &'static str,
    /// How to mend it, in plain words.
    pub fix: &'static str,
    /// What it rests on.
    pub sources: &'static [&'static str],
    /// The verdict that an error of this rule decides; none for rules about other files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decides: Option<&'static str>,
    /// The profiles in which it is looked for; none for rules about other files.
    #[serde(skip_serializing_if = "<[Profile]>::is_empty")]
    pub profiles: &'static [Profile],
}

/// A rule of another crate.
impl From<&Rule> for RuleFacts {
    fn from(rule: &Rule) -> Self {
        Self {
            code: rule.code,
            severity: rule.severity,
            title: rule.title,
            why: rule.why,
            fix: rule.fix,
            sources: rule.sources,
            decides: None,
            profiles: &[],
        }
    }
}

impl From<&Entry> for RuleFacts {
    fn from(entry: &Entry) -> Self {
        Self {
            decides: Some(entry.aspect.word()),
            profiles: entry.profiles,
            ..Self::from(entry.rule)
        }
    }
}
