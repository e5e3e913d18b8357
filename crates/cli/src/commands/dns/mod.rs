//! `keyway dns`

mod apply;
mod around;
mod beside;
mod caa;
mod connect;
mod cuts;
mod deadline;
mod earlier;
mod everywhere;
mod issuance;
mod leads;
mod plan;
mod targets;
mod unmet;
mod verify;
mod wait;
mod zone_files;

use crate::arguments::DnsCommand;
use crate::failure::Failure;
use crate::terminal::{Exit, Look};

/// Does what was asked about DNS.
pub(crate) fn run(command: &DnsCommand, look: Look) -> Result<Exit, Failure> {
    match command {
        DnsCommand::Plan(arguments) => plan::run(arguments, look),
        DnsCommand::Apply(arguments) => apply::run(arguments, look),
        DnsCommand::Verify(arguments) => verify::run(arguments, look),
        DnsCommand::Wait(arguments) => wait::run(arguments, look),
        DnsCommand::CheckZone {
            files,
            zone,
            format,
        } => zone_files::check(files, zone, *format, look),
        DnsCommand::FormatZone { file, zone } => zone_files::format(file, zone),
        DnsCommand::Caa(arguments) => caa::run(arguments, look),
    }
}
