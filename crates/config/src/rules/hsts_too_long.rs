//! `config.hsts-too-long`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use crate::check::Examination;

/// HSTS holds longer than anybody can wait.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HstsTooLong {
    /// What is set, in seconds.
    pub max_age: u64,
}

impl Evidence for HstsTooLong {
    const RULE: Rule = Rule {
        code: "config.hsts-too-long",
        severity: Severity::Warning,
        title: "HSTS holds longer than anybody can wait",
        why: "Browsers that have seen the header refuse plain http until it runs out, and nothing takes it back. Two years are what lists of preloaded hosts and Mozilla ask for; more only makes a mistake last longer.",
        fix: "At most 63072000 seconds (two years); 300 while trying it out.",
        sources: &[
            "RFC 6797, section 11.2",
            "Mozilla server-side TLS guidelines 6.0, hsts_min_age",
        ],
    };

    fn message(&self) -> String {
        let years = self.max_age / (365 * 24 * 3600);
        format!(
            "`tls.hsts.max_age` is {} seconds, {years} years.",
            self.max_age
        )
    }
}

/// Two years, in seconds.
const LONGEST: u64 = 63_072_000;

pub(super) fn check(on: &mut Examination<'_>) {
    let Some(hsts) = &on.draft.service.tls.hsts else {
        return;
    };
    if hsts.max_age > LONGEST {
        let max_age = hsts.max_age;
        on.found("tls.hsts.max_age", HstsTooLong { max_age });
    }
}
