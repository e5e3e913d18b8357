//! `pem.unreadable`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::rules::{Aspect, Evidence};

/// Something that was recognised and could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unreadable {
    /// What it is.
    pub what: &'static str,
    /// Why, in words.
    pub reason: String,
    /// What to do where more is known than that.
    #[serde(skip)]
    pub advice: Option<&'static str>,
}

impl Evidence for Unreadable {
    const RULE: Rule = Rule {
        code: "pem.unreadable",
        severity: Severity::Error,
        title: "Something that was recognised could not be read",
        why: "It is there, and nothing in it could be used; what it holds is missing from the \
              judgement.",
        fix: "Fetch or export it again; if it should be good, open it with another tool and \
              compare.",
        sources: &["RFC 7468, section 4"],
    };
    const ASPECT: Aspect = Aspect::Reads;

    fn message(&self) -> String {
        format!(
            "This is {}, and it could not be read: {}.",
            self.what, self.reason
        )
    }

    fn fix(&self) -> String {
        self.advice.unwrap_or(Self::RULE.fix).to_owned()
    }
}
