//! `keyway inspect`

use crate::arguments::{InspectArguments, ListFormat};
use crate::failure::Failure;
use crate::formats::json;
use crate::intent::Heap;
use crate::terminal::{self, Exit, Look};
use crate::voice;

/// Reads, and shows what was read.
pub(crate) fn run(arguments: &InspectArguments, look: Look) -> Result<Exit, Failure> {
    let bundle = Heap::gather(&arguments.input)?.bundle()?;
    let report = keyway_chain::unjudged(&bundle);
    terminal::print(&match arguments.format {
        ListFormat::Text => voice::facts(&report, look),
        ListFormat::Json => json::facts(report),
    })?;
    Ok(Exit::Clean)
}
