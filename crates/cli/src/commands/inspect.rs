//! `keyway inspect`

use keyway_chain::{Anchors, CheckOptions, check};
use keyway_report::Timestamp;

use crate::arguments::{InspectArguments, ListFormat};
use crate::failure::Failure;
use crate::formats::json;
use crate::intent::Heap;
use crate::terminal::{self, Exit, Look};
use crate::voice;

/// Reads, and shows what was read.
pub(crate) fn run(arguments: &InspectArguments, look: Look) -> Result<Exit, Failure> {
    let bundle = Heap::gather(&arguments.input)?.bundle()?;
    // Facts are those of a report that trusts nobody, verifies nothing and is of no moment.
    let anchors = Anchors::none();
    let options = CheckOptions::new(Timestamp::from_seconds(0), &anchors, &[]);
    let report = check(&bundle, &options);
    terminal::print(&match arguments.format {
        ListFormat::Text => voice::facts(&report, look),
        ListFormat::Json => json::facts(&report),
    })?;
    Ok(Exit::Clean)
}
