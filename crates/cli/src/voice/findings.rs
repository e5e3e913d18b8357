//! The findings: what, where, why, and what to do.

use std::collections::HashSet;

use keyway_chain::fix::repairs;
use keyway_chain::{Finding, Report};
use keyway_report::{Kind as _, Locus, Severity};

use super::command;
use super::page::{Page, Tone};
use super::report::Asked;

/// Most findings that are drawn: a hundred is more than anybody reads; JSON has them all.
const MOST_FINDINGS: usize = 100;

/// Where the text of a finding stands.
const HANG: &str = "       ";

/// Draws every finding, the gravest first.
pub(super) fn draw(page: &mut Page, report: &Report, asked: &Asked<'_>) {
    let mut findings: Vec<&Finding> = report.findings.iter().collect();
    // Stable: among equals the report's order stays.
    findings.sort_by_key(|finding| finding.severity());
    let mut explained = HashSet::new();
    let mut commands = Vec::new();
    for finding in findings.iter().take(MOST_FINDINGS) {
        page.blank();
        one(page, finding, explained.insert(finding.code()));
        if let Some(words) = command(report, finding, asked) {
            run(page, finding.code(), words, &mut commands);
        }
    }
    if let Some(more @ 1..) = findings.len().checked_sub(MOST_FINDINGS) {
        page.blank();
        let text = format!("{more} more findings; --format json lists them all");
        page.paragraph(&[], "", &text, Tone::Dim);
    }
}

/// The command that mends it, where one does.
fn command(report: &Report, finding: &Finding, asked: &Asked<'_>) -> Option<Vec<String>> {
    // Without a certificate there is nothing to write.
    if report.chain.path.is_empty() {
        return None;
    }
    if finding.code() == "chain.missing-intermediate" {
        let mut addresses = report
            .chain
            .missing
            .iter()
            .flat_map(|missing| &missing.fetch);
        return addresses.find_map(|address| command::fetch_and_fix(address, asked.retold));
    }
    repairs(finding.code()).then(|| command::fix(asked.retold))
}

/// One finding. `explains`: whether it is the first of its code, and says why it matters.
fn one(page: &mut Page, finding: &Finding, explains: bool) {
    let rule = finding.kind.rule();
    let lead = [
        (finding.severity().word(), tone(finding.severity())),
        ("  ", Tone::Plain),
        (rule.code, Tone::Strong),
    ];
    page.row(&lead);
    if let Some(place) = place(&finding.at) {
        field(page, "at", &place);
    }
    page.paragraph(
        &[("  ", Tone::Plain)],
        "  ",
        &finding.kind.message(),
        Tone::Plain,
    );
    if explains {
        field(page, "why", rule.why);
    }
    field(page, "fix", &finding.kind.fix());
}

/// The command, in full where it is the first of its kind.
fn run(
    page: &mut Page,
    code: &'static str,
    words: Vec<String>,
    known: &mut Vec<(Vec<String>, &'static str)>,
) {
    if let Some((_, first)) = known.iter().find(|(command, _)| *command == words) {
        field(page, "run", &format!("the command under {first}"));
        return;
    }
    page.command(&[("  run  ", Tone::Dim)], HANG, &words);
    known.push((words, code));
}

fn field(page: &mut Page, name: &str, text: &str) {
    let lead = format!("  {name:<5}");
    page.paragraph(&[(&lead, Tone::Dim)], HANG, text, Tone::Plain);
}

/// The colour of a severity.
pub(super) fn tone(severity: Severity) -> Tone {
    match severity {
        Severity::Error => Tone::Bad,
        Severity::Warning => Tone::Caution,
        Severity::Notice => Tone::Aside,
    }
}

/// `file:line`, as editors and terminals make it a link.
pub(super) fn place(at: &Locus) -> Option<String> {
    match (&at.input, at.line) {
        (Some(input), Some(line)) => Some(format!("{input}:{line}")),
        (Some(input), None) => Some(input.clone()),
        (None, _) => None,
    }
}
