//! `dns.wildcard-shadows`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use super::words::{bare, listed};

/// A name of its own hides what the wildcard gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WildcardShadows {
    /// The name, escaped.
    pub name: String,
    /// The wildcard, escaped.
    pub wildcard: String,
    /// Types that the wildcard has and the name will not.
    pub kinds: Vec<String>,
    /// Where the name owns nothing itself: the new name below it, by which it is there, escaped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

impl Evidence for WildcardShadows {
    const RULE: Rule = Rule {
        code: "dns.wildcard-shadows",
        severity: Severity::Warning,
        title: "A name of its own hides what the wildcard gives it",
        why: "A wildcard answers only for names that do not exist. As soon as a name has one record of its own, or a name below it has, the wildcard gives nothing at all to it, nor to other names below it.",
        fix: "Give the name its own records of these types too, if they are needed.",
        sources: &["RFC 4592, section 2.2.1, 2.2.2 and 3.3.1"],
    };

    fn message(&self) -> String {
        if let Some(by) = &self.by {
            return format!(
                "{} will be a name of its own, above {by}: it and all other names below it lose {} of {}.",
                self.name,
                listed(&self.kinds),
                bare(&self.wildcard)
            );
        }
        format!(
            "{} will be a name of its own: it loses {} of {}.",
            self.name,
            listed(&self.kinds),
            bare(&self.wildcard)
        )
    }
}
