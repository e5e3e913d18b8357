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
    /// Types that names below it had of the wildcard, and will not have.
    pub below: Vec<String>,
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
        fix: "Give the name its own records of these types too, if they are needed, and a wildcard of its own to the names below it.",
        sources: &["RFC 4592, section 2.2.1, 2.2.2 and 3.3.1"],
    };

    fn message(&self) -> String {
        let wildcard = bare(&self.wildcard);
        let (by, other) = match &self.by {
            Some(by) => (format!(", above {by}"), "all other names"),
            None => (String::new(), "all names"),
        };
        let head = format!("{} will be a name of its own{by}: ", self.name);
        let (kinds, below) = (listed(&self.kinds), listed(&self.below));
        match (self.kinds.is_empty(), self.below.is_empty()) {
            (true, _) => format!("{head}{other} below it lose {below} of {wildcard}."),
            (_, true) => format!("{head}it loses {kinds} of {wildcard}."),
            _ if kinds == below => {
                format!("{head}it and {other} below it lose {kinds} of {wildcard}.")
            }
            _ => {
                format!("{head}it loses {kinds} of {wildcard}, and {other} below it lose {below}.")
            }
        }
    }
}
