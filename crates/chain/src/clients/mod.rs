//! Who will accept it: what each family of clients says, with the reason where it differs.

use keyway_report::Verdict;
use serde::Serialize;

use crate::check::Context;

/// One family of clients, and its answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Client {
    /// Name, for example `curl and OpenSSL`.
    pub name: String,
    /// Its answer.
    pub accepts: Verdict,
    /// Why, in plain words.
    pub reason: String,
    /// Where the claim comes from.
    pub source: String,
}

/// Every family's answer.
pub(crate) fn judge(_context: &Context<'_>) -> Vec<Client> {
    Vec::new()
}
