//! `keyway scan`: a line a file, and the sum.

use keyway_chain::Report;
use keyway_chain::rules::find;
use keyway_report::Severity;

use super::findings::tone;
use super::numbers::counted;
use super::page::{Page, Piece, Tone, column};
use super::verdict::{first_end, leaf, word};
use crate::commands::scan::{BlockWord, Held, Outcome, Scanned, Tally};
use crate::terminal::Look;

/// Columns of the verdict.
const WORD_WIDTH: usize = 14;

/// Columns of a name at most: whoever scans thousands of files looks for paths.
const NAME_WIDTH: usize = 40;

/// The line of one file: verdict, end of validity, path, names, and the worst finding.
pub(crate) fn scan_line(scanned: &Scanned, look: Look) -> String {
    let mut page = Page::new(look);
    match &scanned.outcome {
        Outcome::Judged(report) => judged(&mut page, &scanned.name, report),
        Outcome::Aside(held) => {
            let word = column("-", WORD_WIDTH, look);
            let what = format!("  {}", words(held));
            let end = column("", 12, look);
            page.row(&[
                (&word, Tone::Dim),
                (&end, Tone::Plain),
                (&scanned.name, Tone::Plain),
                (&what, Tone::Dim),
            ]);
        }
        Outcome::Failed { failure, .. } => {
            let word = column("NOT READ", WORD_WIDTH, look);
            let why = super::failure(failure);
            page.row(&[(&word, Tone::Bad), (&why, Tone::Plain)]);
        }
    }
    page.finish()
}

fn judged(page: &mut Page, name: &str, report: &Report) {
    let look = page.look();
    let (verdict, verdict_tone) = word(report);
    let verdict = column(verdict, WORD_WIDTH, look);
    let end = first_end(report).map_or_else(String::new, keyway_report::Timestamp::date);
    let end = column(&end, 12, look);
    let names = names(report, look);
    // Severities are ordered from the gravest.
    let worst = report
        .findings
        .iter()
        .min_by_key(|finding| finding.severity());
    let mut pieces: Vec<Piece<'_>> = vec![
        (&verdict, verdict_tone),
        (&end, Tone::Plain),
        (name, Tone::Strong),
        (&names, Tone::Plain),
    ];
    if let Some(worst) = worst.filter(|worst| worst.severity() != Severity::Notice) {
        pieces.extend([("  ", Tone::Plain), (worst.code(), tone(worst.severity()))]);
    }
    page.row(&pieces);
}

/// The first name, and how many more there are.
fn names(report: &Report, look: Look) -> String {
    let Some(leaf) = leaf(report) else {
        return String::new();
    };
    let first = super::subject::name(leaf);
    let first = column(first, NAME_WIDTH, look);
    match (leaf.dns_names.len() + leaf.ip_addresses.len()).saturating_sub(1) {
        0 => format!("  {}", first.trim_end()),
        more => format!("  {} +{more}", first.trim_end()),
    }
}

/// The sum over all files.
pub(crate) fn scan_summary(tally: &Tally, look: Look) -> String {
    let mut page = Page::new(look);
    if tally.files() > 0 {
        page.blank();
    }
    let total = format!(
        "{}: {} with certificates",
        files(tally.files()),
        tally.judged()
    );
    page.paragraph(&[], "", &total, Tone::Strong);
    let mut say = |text: &str, tone| page.paragraph(&[("  ", Tone::Plain)], "    ", text, tone);
    if tally.judged() > 0 {
        let text = format!(
            "{} accepted, {} refused, {} undecided; {} with errors, {} with warnings",
            tally.accepted, tally.refused, tally.undecided, tally.with_errors, tally.with_warnings
        );
        say(&text, Tone::Plain);
    }
    if let Some((end, name)) = &tally.first_end {
        say(
            &format!("first to end: {name}, on {}", end.date()),
            Tone::Plain,
        );
    }
    // Notices are in JSON: that a file holds no key, say, is true of most.
    let weighs = |code: &str| find(code).is_some_and(|e| e.rule.severity != Severity::Notice);
    let codes: Vec<String> = tally
        .codes
        .iter()
        .filter(|(code, _)| weighs(code))
        .map(|(code, count)| format!("{code} {count}"))
        .collect();
    if !codes.is_empty() {
        say(&format!("found: {}", codes.join(", ")), Tone::Plain);
    }
    if tally.set_aside() > 0 {
        let kinds: Vec<String> = tally
            .aside
            .iter()
            .map(|(held, count)| format!("{count} {}", words(held)))
            .collect();
        say(
            &format!(
                "no certificate in {}: {}",
                files(tally.set_aside()),
                kinds.join(", ")
            ),
            Tone::Plain,
        );
    }
    if tally.failed > 0 {
        let named = match tally.not_run {
            0 => String::new(),
            count => format!(" ({count} of them named on the command line)"),
        };
        say(
            &format!("not read: {}{named}", files(tally.failed)),
            Tone::Bad,
        );
    }
    page.finish()
}

/// What stands beside the spinner.
pub(crate) fn scan_progress(tally: &Tally) -> String {
    format!(
        "{}, {} with errors",
        files(tally.files()),
        tally.with_errors
    )
}

fn files(count: u64) -> String {
    counted(
        usize::try_from(count).unwrap_or(usize::MAX),
        "file",
        "files",
    )
}

/// What a file without certificates holds.
pub(crate) fn words(held: &Held) -> &str {
    match held {
        Held::Kind(BlockWord::PrivateKey) => "private key",
        Held::Kind(BlockWord::PublicKey) => "public key",
        Held::Kind(BlockWord::Request) => "signing request",
        Held::Kind(BlockWord::Crl) => "revocation list",
        Held::Kind(BlockWord::Parameters) => "parameters",
        Held::Other(what) if what.is_empty() => "something else",
        Held::Other(what) => what,
        Held::LinkedFolder => "link to a folder (not followed)",
        Held::Special => "socket, pipe or device",
        Held::Large => "larger than certificates are (not read)",
    }
}
