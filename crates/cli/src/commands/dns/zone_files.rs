//! `keyway dns check-zone` and `keyway dns format-zone`

use std::path::{Path, PathBuf};

use keyway_dns::zone::ZoneAnswer;
use keyway_report::Severity;

use crate::arguments::{ListFormat, ZoneArguments};
use crate::failure::Failure;
use crate::formats::{json, zone as form};
use crate::intent::ZoneFile;
use crate::terminal::{self, Exit, Look};
use crate::voice;

pub(super) fn check(
    files: &[PathBuf],
    arguments: &ZoneArguments,
    format: ListFormat,
    look: Look,
) -> Result<Exit, Failure> {
    if files.iter().filter(|file| *file == Path::new("-")).count() > 1 {
        return Err(Failure::StdinTwice);
    }
    let mut zones = Vec::with_capacity(files.len());
    for path in files {
        let file = ZoneFile::open(path, arguments)?;
        zones.push(ZoneAnswer::of(&file.read, &file.name));
    }
    terminal::print(&match format {
        ListFormat::Text => voice::zone::checked(&zones, look),
        ListFormat::Json => json::ended(serde_json::to_string_pretty(&form::Answers::of(&zones))),
    })?;
    let mut findings = zones.iter().flat_map(|zone| &zone.findings);
    let has_errors = findings.any(|finding| finding.severity() == Severity::Error);
    Ok(if has_errors {
        Exit::Findings
    } else {
        Exit::Clean
    })
}

/// A zone of which a line was not read is not printed: the record would be gone without a word.
pub(super) fn format(path: &Path, arguments: &ZoneArguments) -> Result<Exit, Failure> {
    let file = ZoneFile::open(path, arguments)?;
    if file.read.faults.is_empty() {
        terminal::print(&file.read.zone.to_string())?;
        return Ok(Exit::Clean);
    }
    for text in voice::zone::not_formatted(&file) {
        terminal::note(&text);
    }
    Ok(Exit::Findings)
}
