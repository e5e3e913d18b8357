//! JSON lines of `keyway scan`: one object a file, and one for the sum.

use keyway_chain::Report;
use serde_json::{Value, json};

use crate::commands::scan::{Outcome, Scanned, Tally};
use crate::voice::{self, Standing};

/// Version of the lines: fields may be added within it.
const SCHEMA: &str = "keyway.scan/1";

/// The line of one file.
pub(crate) fn file(scanned: &Scanned) -> String {
    let mut line = match &scanned.outcome {
        Outcome::Judged(report) => judged(report),
        Outcome::Aside(held) => json!({ "holds": voice::held(held) }),
        Outcome::Failed { failure } => {
            json!({ "failure": voice::failure(failure), "named": scanned.named })
        }
    };
    line["schema"] = SCHEMA.into();
    line["file"] = scanned.name.as_str().into();
    format!("{line}\n")
}

/// Most names that a line spells out; a line is a summary, and some certificates have thousands.
const MOST_NAMES: usize = 100;

fn judged(report: &Report) -> Value {
    let leaf = voice::leaf(report);
    let names: Vec<&String> = leaf
        .into_iter()
        .flat_map(|leaf| leaf.dns_names.iter().chain(&leaf.ip_addresses))
        .take(MOST_NAMES)
        .collect();
    let findings: Vec<Value> = report
        .findings
        .iter()
        .map(|f| json!({ "code": f.code(), "severity": f.severity(), "line": f.at.line }))
        .collect();
    json!({
        "holds": if leaf.is_some() { "certificates" } else { "no certificate" },
        "verdicts": report.verdicts,
        "subject": leaf.map(|leaf| &leaf.subject),
        "sha256": leaf.map(|leaf| &leaf.sha256),
        "names": names,
        "names_total": leaf.map_or(0, |leaf| leaf.dns_names.len() + leaf.ip_addresses.len()),
        "not_after": voice::first_end(report),
        "findings": findings,
    })
}

/// The last line: the sum.
pub(crate) fn summary(tally: &Tally) -> String {
    let aside: Vec<Value> = tally
        .aside
        .iter()
        .map(|(held, count)| json!({ "holds": voice::held(held), "files": count }))
        .collect();
    let first_end = tally.first_end.as_ref();
    let line = json!({
        "schema": SCHEMA,
        "summary": {
            "files": tally.files(),
            "with_certificates": tally.with_certificates(),
            "lacking": tally.lacking(),
            "ready": tally.standing(Standing::Ready),
            "not_ready": tally.standing(Standing::NotReady),
            "accepted": tally.accepted,
            "refused": tally.refused,
            "undecided": tally.undecided,
            "with_errors": tally.with_errors,
            "with_warnings": tally.with_warnings,
            "aside": aside,
            "failed": tally.failed,
            "not_run": tally.not_run,
            "exit": tally.exit().code(),
            "codes": tally.codes,
            "first_to_end": first_end.map(|(end, file)| json!({ "file": file, "not_after": end })),
        },
    });
    format!("{line}\n")
}
