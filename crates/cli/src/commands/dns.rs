//! `keyway dns`

use std::path::{Path, PathBuf};

use keyway_dns::zone::check;
use keyway_report::Severity;

use crate::arguments::{DnsCommand, ListFormat, ZoneArguments};
use crate::failure::Failure;
use crate::formats::{json, zone};
use crate::intent::ZoneFile;
use crate::terminal::{self, Exit, Look};
use crate::voice;

/// Does what was asked of zone files.
pub(crate) fn run(command: &DnsCommand, look: Look) -> Result<Exit, Failure> {
    match command {
        DnsCommand::CheckZone {
            files,
            zone,
            format,
        } => check_zones(files, zone, *format, look),
        DnsCommand::FormatZone { file, zone } => format_zone(file, zone),
    }
}

fn check_zones(
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
        let checked = check(&file.read, &file.name);
        zones.push(zone::Answer::new(&file, checked));
    }
    terminal::print(&match format {
        ListFormat::Text => voice::zone::checked(&zones, look),
        ListFormat::Json => json::ended(serde_json::to_string_pretty(&zone::Answers::of(&zones))),
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
fn format_zone(path: &Path, arguments: &ZoneArguments) -> Result<Exit, Failure> {
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
