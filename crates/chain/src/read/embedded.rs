//! PEM inside base64, alone or among other text: the data of a Kubernetes Secret, in YAML or JSON.

use keyway_report::Place;

use super::collector::Collector;
use super::options::{Input, ReadError};
use super::pem_input;
use crate::pem;
use crate::rules::pem::escaped::Escaped;
use crate::sniff;

/// Reads every file that stands within a stretch of the input; whether there was any. What was read is
/// placed at its base64: the lines inside are not those of the input.
pub(super) fn read_within(
    collector: &mut Collector<'_>,
    input: &Input<'_>,
    within: &Place,
) -> Result<bool, ReadError> {
    let (mut line, mut counted) = (within.lines.start, within.bytes.start);
    let mut any = false;
    let mut from = within.bytes.start;
    while let Some(run) = sniff::wrapped_pem(&input.bytes[..within.bytes.end], from) {
        from = run.end;
        let Some(inner) = sniff::base64_of_pem(&input.bytes[run.clone()]) else {
            continue;
        };
        let scan = pem::scan(&inner).map_err(|source| ReadError::Scan {
            input: input.name.to_owned(),
            source,
        })?;
        let ends = |range| input.bytes.get(range).map_or(0, line_ends);
        let start = line + ends(counted..run.start);
        (line, counted) = (start + ends(run.clone()), run.end);
        let place = Place {
            lines: start..line + 1,
            bytes: run,
        };
        any = true;
        let (label, how) = (
            String::new(),
            "base64 around PEM, as in a Kubernetes Secret".to_owned(),
        );
        collector.note(&place, Escaped { label, how });
        for mut block in scan.blocks {
            block.place = place.clone();
            for note in &mut block.notes {
                note.place = place.clone();
            }
            pem_input::block(collector, &block)?;
        }
    }
    Ok(any)
}

fn line_ends(bytes: &[u8]) -> u32 {
    let count = bytes.split(|byte| *byte == b'\n').skip(1).count();
    u32::try_from(count).unwrap_or(u32::MAX)
}
