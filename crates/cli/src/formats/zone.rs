//! Zones for programs, as `keyway dns check-zone --format json` writes them.

use keyway_dns::zone::{Checked, Finding};
use serde::Serialize;

use crate::intent::ZoneFile;

/// The contract's name: fields may be added within it.
const SCHEMA: &str = "keyway.zone/1";

/// What is said of one zone.
#[derive(Debug, Serialize)]
pub(crate) struct Answer {
    /// The file.
    pub(crate) file: String,
    /// The zone, escaped, with a dot at its end.
    pub(crate) zone: String,
    /// Records that were read.
    pub(crate) records: usize,
    /// Names that they are about.
    pub(crate) names: usize,
    /// What is wrong, in the order of the lines.
    pub(crate) findings: Vec<Finding>,
    /// Number of findings that are not listed.
    pub(crate) more: usize,
}

impl Answer {
    pub(crate) fn new(file: &ZoneFile, checked: Checked) -> Self {
        Self {
            file: file.name.clone(),
            zone: file.read.zone.origin_text(),
            records: file.read.zone.len(),
            names: file.read.zone.owners(),
            findings: checked.findings,
            more: checked.more,
        }
    }
}

/// What is said of all of them.
#[derive(Debug, Serialize)]
pub(crate) struct Answers<'a> {
    schema: &'static str,
    zones: &'a [Answer],
}

impl<'a> Answers<'a> {
    pub(crate) fn of(zones: &'a [Answer]) -> Self {
        Self {
            schema: SCHEMA,
            zones,
        }
    }
}
