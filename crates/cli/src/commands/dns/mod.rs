//! `keyway dns`

mod zone_files;

use crate::arguments::DnsCommand;
use crate::failure::Failure;
use crate::terminal::{Exit, Look};

/// Does what was asked about DNS.
pub(crate) fn run(command: &DnsCommand, look: Look) -> Result<Exit, Failure> {
    match command {
        DnsCommand::CheckZone {
            files,
            zone,
            format,
        } => zone_files::check(files, zone, *format, look),
        DnsCommand::FormatZone { file, zone } => zone_files::format(file, zone),
    }
}
