//! `config.hsts-not-preloadable`

use keyway_report::{Evidence, Rule, Severity};
use serde::Serialize;

use crate::check::Examination;

/// The list of preloaded hosts does not take it up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HstsNotPreloadable {
    /// What is missing
    pub fault: &'static str,
}

impl Evidence for HstsNotPreloadable {
    const RULE: Rule = Rule {
        code: "config.hsts-not-preloadable",
        severity: Severity::Warning,
        title: "The list of preloaded hosts does not take it up",
        why: "Browsers carry a list of hosts that are reached by https alone. It takes up a host whose header says preload, includeSubDomains and a max-age of a year or more, and whose port 80 redirects; a host that says preload without them is refused, or taken out again.",
        fix: "Set `include_subdomains = true` and `max_age = 31536000` or more, or leave `preload` out.",
        sources: &[
            "https://hstspreload.org, submission requirements",
            "RFC 6797, section 6.1",
        ],
    };

    fn message(&self) -> String {
        format!("`tls.hsts.preload` is set, and {}.", self.fault)
    }
}

/// A year, in seconds: the least that the list takes.
const YEAR: u64 = 31_536_000;

pub(super) fn check(on: &mut Examination<'_>) {
    let Some(hsts) = &on.draft.service.tls.hsts else {
        return;
    };
    let fault = match (hsts.include_subdomains, hsts.max_age >= YEAR) {
        _ if !hsts.preload => return,
        (true, true) => return,
        (false, true) => "`include_subdomains` is not",
        (true, false) => "`max_age` is less than a year",
        (false, false) => "`include_subdomains` is not, and `max_age` is less than a year",
    };
    on.found("tls.hsts.preload", HstsNotPreloadable { fault });
}
