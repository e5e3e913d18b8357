//! Zones for programs, as `keyway dns check-zone --format json` writes them.

use keyway_dns::zone::ZoneAnswer;
use serde::Serialize;

/// The contract's name: fields may be added within it.
const SCHEMA: &str = "keyway.zone/1";

/// What is said of all of them.
#[derive(Debug, Serialize)]
pub(crate) struct Answers<'a> {
    schema: &'static str,
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
