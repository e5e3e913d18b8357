//! The findings: what, where, why, and what to do.

use std::collections::{HashMap, HashSet};

use keyway_chain::fix::repairs;
use keyway_chain::{Finding, Report};
use keyway_report::{Kind, Locus, Severity};

use super::command;
use super::numbers::some;
use super::page::{Page, Tone};
use super::report::Asked;
use super::service::COMMAND_LINE;

/// Most findings that are drawn: a hundred is more than anybody reads; JSON has them all.
const MOST_FINDINGS: usize = 100;

/// Most places of one finding that are named.
const MOST_PLACES: usize = 6;

/// Where the text of a finding stands.
const HANG: &str = "       ";

/// Draws every finding, the gravest first.
pub(super) fn draw(page: &mut Page, report: &Report, asked: &Asked<'_>) {
    let mut findings: Vec<&Finding> = report.findings.iter().collect();
    // Stable: among equals the report's order stays.
    findings.sort_by_key(|finding| finding.severity());
    let findings = folded(&findings);
    let mut explained = HashSet::new();
    let mut commands = Vec::new();
    for (finding, places) in findings.iter().take(MOST_FINDINGS) {
        page.blank();
        one(page, finding, places, explained.insert(finding.code()));
        if let Some(words) = command(report, finding, asked) {
            run(page, finding.code(), words, &mut commands);
        }
    }
    beyond(page, findings.len());
}

/// Findings that say the same of several places, once: each with its places, in their order.
fn folded<'a>(findings: &[&'a Finding]) -> Vec<(&'a Finding, Vec<&'a Locus>)> {
    let mut known: HashMap<(&str, String, String), usize> = HashMap::new();
    let mut out: Vec<(&Finding, Vec<&Locus>)> = Vec::new();
    for &finding in findings {
        let said = (finding.code(), finding.kind.message(), finding.kind.fix());
        let at = *known.entry(said).or_insert(out.len());
        match out.get_mut(at) {
            Some((_, places)) => places.push(&finding.at),
            None => out.push((finding, vec![&finding.at])),
        }
    }
    out
}

/// The command that mends it, where one does.
fn command(report: &Report, finding: &Finding, asked: &Asked<'_>) -> Option<Vec<String>> {
    // Without a certificate there is nothing to write, and nowhere for what a server sends.
    let retold = asked.retold?;
    if report.chain.path.is_empty() {
        return None;
    }
    if finding.code() == "chain.missing-intermediate" {
        let mut addresses = report
            .chain
            .missing
            .iter()
            .flat_map(|missing| &missing.fetch);
        return addresses.find_map(|address| command::fetch_and_fix(address, retold));
    }
    repairs(finding.code()).then(|| command::fix(retold))
}

/// Draws why something is refused: whatever a rule says of the same elsewhere, here nothing is done.
pub(super) fn refusals<K: Kind>(page: &mut Page, findings: &[keyway_report::Finding<K>]) {
    for finding in findings.iter().take(MOST_FINDINGS) {
        page.blank();
        told(page, ("refused", Tone::Bad), finding, &[&finding.at], true);
    }
    beyond(page, findings.len());
}

/// Draws findings that no command mends, the gravest first, each code explained where it is first met.
pub(super) fn list<K: Kind>(page: &mut Page, findings: &[keyway_report::Finding<K>]) {
    let mut sorted: Vec<_> = findings.iter().collect();
    sorted.sort_by_key(|finding| finding.severity());
    let mut explained = HashSet::new();
    for finding in sorted.iter().take(MOST_FINDINGS) {
        page.blank();
        one(
            page,
            finding,
            &[&finding.at],
            explained.insert(finding.code()),
        );
    }
    beyond(page, findings.len());
}

/// Says how many are not drawn.
fn beyond(page: &mut Page, count: usize) {
    if let Some(more @ 1..) = count.checked_sub(MOST_FINDINGS) {
        page.blank();
        let text = format!("{more} more findings; --format json lists them all");
        page.paragraph(&[], "", &text, Tone::Dim);
    }
}

/// One finding. `explains`: whether it is the first of its code, and says why it matters.
fn one<K: Kind>(
    page: &mut Page,
    finding: &keyway_report::Finding<K>,
    places: &[&Locus],
    explains: bool,
) {
    let word = (finding.severity().word(), tone(finding.severity()));
    told(page, word, finding, places, explains);
}

/// The same, led by a word.
fn told<K: Kind>(
    page: &mut Page,
    word: (&str, Tone),
    finding: &keyway_report::Finding<K>,
    places: &[&Locus],
    explains: bool,
) {
    let rule = finding.kind.rule();
    let lead = [word, ("  ", Tone::Plain), (rule.code, Tone::Strong)];
    page.row(&lead);
    let mut names: Vec<String> = Vec::new();
    for name in places.iter().filter_map(|at| place(at)) {
        // One after the other, so a place that is told twice follows itself.
        if names.last() != Some(&name) {
            names.push(name);
        }
    }
    if !names.is_empty() {
        let times = match places.len() {
            1 => String::new(),
            count => format!("{count} times: "),
        };
        field(page, "at", &(times + &some(&names, MOST_PLACES)));
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
        // Its lines are nobody's.
        (Some(input), Some(_)) if input == COMMAND_LINE => Some(input.clone()),
        (Some(input), Some(line)) => Some(format!("{input}:{line}")),
        (Some(input), None) => Some(input.clone()),
        (None, _) => None,
    }
}
