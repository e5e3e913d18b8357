//! JSON: the report's contract `keyway.report/1`, and what is read out of it.

use keyway_chain::rules::RuleFacts;
use keyway_chain::{Facts, Profile, Report};

/// The report, indented, with a newline at the end.
pub(crate) fn report(report: &Report) -> String {
    report.to_json(true) + "\n"
}

/// Rules, as an array.
pub(crate) fn rules(rules: &[RuleFacts]) -> String {
    ended(serde_json::to_string_pretty(rules))
}

/// A text of JSON with a newline at the end.
pub(crate) fn ended(text: serde_json::Result<String>) -> String {
    // Structs of texts and numbers: they always serialise.
    text.unwrap_or_default() + "\n"
}

/// The word of a profile, as it is typed and written.
pub(crate) fn profile(profile: Profile) -> &'static str {
    match profile {
        Profile::Webpki => "webpki",
        Profile::Rfc5280 => "rfc5280",
        Profile::Private => "private",
    }
}

/// The facts of a report without its judgement: inputs, certificates, requests, lists, keys.
pub(crate) fn facts(report: Report) -> String {
    ended(serde_json::to_string_pretty(&Facts::from(report)))
}
