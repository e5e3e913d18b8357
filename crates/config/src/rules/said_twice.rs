//! `config.said-twice`

use keyway_report::{Evidence, Rule, Severity, escape};
use serde::Serialize;

use crate::check::Examination;

/// A field is said twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SaidTwice {
    /// As the second one is written.
    pub written: String,
    /// The name of the field.
    pub means: String,
}

impl Evidence for SaidTwice {
    const RULE: Rule = Rule {
        code: "config.said-twice",
        severity: Severity::Error,
        title: "A field is said twice",
        why: "Only one of the two counts, and which one is not for the file to guess.",
        fix: "Take one of them out.",
        sources: &["RFC 8259, section 4", "TOML 1.0, Keys"],
    };

    fn message(&self) -> String {
        if self.written == self.means {
            format!("`{}` is said twice.", self.means)
        } else {
            format!(
                "`{}` is `{}`, which is said, too.",
                self.written, self.means
            )
        }
    }
}

pub(super) fn check(on: &mut Examination<'_>) {
    for used in on.draft.aliases.iter().filter(|used| used.again) {
        let evidence = SaidTwice {
            written: escape::text(&used.written),
            means: escape::text(&used.means),
        };
        on.found_at(&used.bytes, &used.means, evidence);
    }
}
