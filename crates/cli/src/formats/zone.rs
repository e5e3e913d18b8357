//! Zones for programs, as `keyway dns check-zone --format json` writes them.

use keyway_dns::zone::ZoneAnswer;
use schemars::JsonSchema;
use serde::Serialize;

/// The contract's name: fields may be added within it.
pub(crate) const SCHEMA: &str = "keyway.zone/1";

/// What is said of all of them.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Answers<'a> {
    /// `keyway.zone/1`.
    schema: &'static str,
    /// Zone by zone, in the order of the files.
    zones: &'a [ZoneAnswer],
}

impl<'a> Answers<'a> {
    pub(crate) fn of(zones: &'a [ZoneAnswer]) -> Self {
        Self {
            schema: SCHEMA,
            zones,
        }
    }
}
