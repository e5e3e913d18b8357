use keyway_report::Severity;
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
    /// The verdict that an error of this rule decides.
    pub decides: &'static str,
    /// The profiles in which it is looked for.
    pub profiles: &'static [Profile],
}

impl From<&Entry> for RuleFacts {
    fn from(entry: &Entry) -> Self {
        let rule = entry.rule;
        Self {
            code: rule.code,
            severity: rule.severity,
            title: rule.title,
            why: rule.why,
            fix: rule.fix,
            sources: rule.sources,
            decides: entry.aspect.word(),
            profiles: entry.profiles,
        }
    }
}
