//! What is answered to whoever has a zone checked, as JSON: the same from every shell.

use serde::Serialize;

use super::{Finding, Read, check};

/// What is said of one zone.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ZoneAnswer {
    /// What its file is called.
    pub file: String,
    /// The zone, escaped, with a dot at its end.
    pub zone: String,
    /// Records that were read.
    pub records: usize,
    /// Names that they are about.
    pub names: usize,
    /// What is wrong, in the order of the lines.
    pub findings: Vec<Finding>,
    /// Number of findings that are not listed.
    pub more: usize,
}

impl ZoneAnswer {
    /// Checks what was read of a file with that name, which is safe to show.
    pub fn of(read: &Read, file: &str) -> Self {
        let checked = check(read, file);
        Self {
            file: file.to_owned(),
            zone: read.zone.origin_text(),
            records: read.zone.len(),
            names: read.zone.owners(),
            findings: checked.findings,
            more: checked.more,
        }
    }
}
