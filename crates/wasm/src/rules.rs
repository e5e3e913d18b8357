//! What the rules say of themselves, and which version they are of.

use keyway_chain::rules::RuleFacts;

use crate::problem::Problem;

/// Everything there is to say about one rule.
///
/// # Errors
/// [`Problem::Code`] when there is no such rule.
pub fn explain(code: &str) -> Result<RuleFacts, Problem> {
    all()
        .into_iter()
        .find(|rule| rule.code == code)
        .ok_or_else(|| Problem::Code(keyway_report::escape::text(code)))
}

/// Every rule of what is compiled in.
pub fn all() -> Vec<RuleFacts> {
    let mut all = Vec::new();
    #[cfg(feature = "check")]
    all.extend(keyway_chain::rules::all().iter().map(RuleFacts::from));
    #[cfg(feature = "service")]
    {
        let services = keyway_config::rules::all().iter();
        let zones = keyway_dns::rules::all().iter();
        all.extend(services.chain(zones).copied().map(RuleFacts::from));
    }
    all
}

/// This package's version.
pub fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}
