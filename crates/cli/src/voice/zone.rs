//! Zone files: what is wrong with them.

use keyway_dns::zone::ZoneAnswer;
use keyway_report::Severity;

use super::findings;
use super::numbers::counted;
use super::page::{Page, Tone};
use crate::intent::ZoneFile;
use crate::terminal::Look;

/// Most lines that are named where a zone is not printed.
const MOST_FAULTS: usize = 20;

/// What is wrong with zones, one after the other.
pub(crate) fn checked(zones: &[ZoneAnswer], look: Look) -> String {
    let mut page = Page::new(look);
    for (number, zone) in zones.iter().enumerate() {
        if number > 0 {
            page.blank();
        }
        one(&mut page, zone);
    }
    page.finish()
}

fn one(page: &mut Page, zone: &ZoneAnswer) {
    let count = |wanted: Severity| {
        let severities = zone.findings.iter().map(keyway_report::Finding::severity);
        severities.filter(|severity| *severity == wanted).count()
    };
    let errors = count(Severity::Error);
    let (word, tone) = if errors == 0 {
        ("GOOD", Tone::Good)
    } else {
        ("FAULTY", Tone::Bad)
    };
    let held = format!(
        "{}: the zone {}, {}, {}.",
        zone.file,
        zone.zone,
        counted(zone.records, "record", "records"),
        counted(zone.names, "name", "names"),
    );
    page.paragraph(&[(word, tone), ("  ", Tone::Plain)], "", &held, Tone::Plain);
    let text = format!(
        "{}, {}, {}.",
        counted(errors, "error", "errors"),
        counted(count(Severity::Warning), "warning", "warnings"),
        counted(count(Severity::Notice), "notice", "notices"),
    );
    page.row(&[(&text, Tone::Dim)]);
    findings::list(page, &zone.findings);
    if zone.more > 0 {
        page.blank();
        let text = format!(
            "{} not listed: there are too many of a kind",
            counted(zone.more, "finding is", "findings are")
        );
        page.paragraph(&[], "", &text, Tone::Dim);
    }
}

/// Why a zone is not printed: the lines that are no record.
pub(crate) fn not_formatted(file: &ZoneFile) -> Vec<String> {
    let faults = &file.read.faults;
    let named = faults.iter().take(MOST_FAULTS);
    let mut notes: Vec<String> = named
        .map(|fault| format!("{}:{}: {}", file.name, fault.line, fault.kind))
        .collect();
    let left = faults.len() + file.read.more_faults - notes.len();
    let more = match left {
        0 => String::new(),
        left => format!(", and {left} more"),
    };
    notes.push(format!(
        "nothing is printed, as these lines{more} are no records; `keyway dns check-zone` explains them"
    ));
    notes
}
