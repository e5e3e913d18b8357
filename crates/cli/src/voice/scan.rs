//! `keyway scan`: a line a file, and the sum.

use keyway_chain::rules::find;
use keyway_chain::{Finding, Report};
use keyway_report::Severity;
use unicode_width::UnicodeWidthStr as _;

use super::findings::tone;
use super::numbers::counted;
use super::page::{Page, Piece, Tone, column, shortened};
use super::verdict::{Standing, first_end, leaf, word};
use crate::commands::scan::{BlockWord, Held, Outcome, Scanned, Tally};
use crate::terminal::Look;

/// Columns of the verdict.
const WORD_WIDTH: usize = 14;

/// Columns of the end of validity.
const END_WIDTH: usize = 12;

/// Below the word of a file that could not be read.
const HANG: &str = "              ";

/// A screen with fewer columns has no room for dates.
const NARROW: usize = 60;

/// Columns that a path is left, before anything else is said on its line.
const LEAST_PATH: usize = 16;

/// Columns that names are worth showing in.
const LEAST_NAMES: usize = 12;

/// Codes of findings that have others as their causes, as a rule: what rustls loads is said behind other
/// errors, that nothing is left behind warnings as well.
const CONSEQUENCES: [&str; 2] = ["pem.strict-reader-differs", "pem.no-certificate"];

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
            let end = column("", end_width(look), look);
            let room = room(look).map(|room| room.saturating_sub(what.width()));
            let name = fit(&scanned.name, room, look);
            page.row(&[
                (&word, Tone::Dim),
                (&end, Tone::Plain),
                (&name, Tone::Plain),
                (&what, Tone::Dim),
            ]);
        }
        Outcome::Failed { failure } => {
            let word = column("NOT READ", WORD_WIDTH, look);
            let why = super::failure(failure);
            if look.screen.is_some() {
                page.paragraph(&[(&word, Tone::Bad)], HANG, &why, Tone::Plain);
            } else {
                page.row(&[(&word, Tone::Bad), (&why, Tone::Plain)]);
            }
        }
    }
    page.finish()
}

fn judged(page: &mut Page, name: &str, report: &Report) {
    let look = page.look();
    let (verdict, verdict_tone) = word(report);
    let verdict = column(verdict, WORD_WIDTH, look);
    let end = first_end(report).filter(|_| end_width(look) == END_WIDTH);
    let end = end.map_or_else(String::new, keyway_report::Timestamp::date);
    let end = column(&end, end_width(look), look);
    let worst = report
        .findings
        .iter()
        .min_by_key(|finding| weight(finding))
        .filter(|worst| worst.severity() != Severity::Notice);
    let worst = worst.filter(|worst| {
        let rest = room(look).map(|room| room.saturating_sub(worst.code().len() + 2));
        rest.is_none_or(|rest| rest >= LEAST_PATH)
    });
    // The finding is what somebody looks for; then the path, then the names.
    let finding = worst.map_or(0, |worst| worst.code().len() + 2);
    let room = room(look).map(|room| room.saturating_sub(finding));
    let mut names = names(report, look);
    if let Some(room) = room
        && name.width() + names.width() > room
    {
        names = match room / 3 {
            0..LEAST_NAMES => String::new(),
            third => shortened(&names, third, look),
        };
    }
    let name = fit(
        name,
        room.map(|room| room.saturating_sub(names.width())),
        look,
    );
    let mut pieces: Vec<Piece<'_>> = vec![
        (&verdict, verdict_tone),
        (&end, Tone::Plain),
        (&name, Tone::Strong),
        (&names, Tone::Plain),
    ];
    if let Some(worst) = worst {
        pieces.extend([("  ", Tone::Plain), (worst.code(), tone(worst.severity()))]);
    }
    page.row(&pieces);
}

/// The order in which findings are worth a line: severities are ordered from the gravest.
fn weight(finding: &Finding) -> (Severity, bool) {
    let [differs, nothing] = CONSEQUENCES.map(|code| finding.code() == code);
    let severity = match finding.severity() {
        Severity::Error if nothing => Severity::Warning,
        severity => severity,
    };
    (severity, differs || nothing)
}

/// Columns behind verdict and end of validity, on a terminal.
fn room(look: Look) -> Option<usize> {
    let screen = look.screen?;
    Some(screen.saturating_sub(WORD_WIDTH + end_width(look)))
}

/// Columns of the end of validity; on a narrow screen only the gap before a path is left of them.
fn end_width(look: Look) -> usize {
    let is_narrow = look.screen.is_some_and(|screen| screen < NARROW);
    if is_narrow { 1 } else { END_WIDTH }
}

/// A path in this room; whole where a program reads it.
fn fit(name: &str, room: Option<usize>, look: Look) -> String {
    room.map_or_else(
        || name.to_owned(),
        |room| shortened(name, room.max(1), look),
    )
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
        tally.with_certificates()
    );
    page.paragraph(&[], "", &total, Tone::Strong);
    let mut say = |text: &str, tone| page.paragraph(&[("  ", Tone::Plain)], "    ", text, tone);
    if !tally.standings.is_empty() {
        say(&standings(tally), Tone::Plain);
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
            .map(|(held, count)| format!("{} {count}", words(held)))
            .collect();
        say(
            &format!(
                "something else in {}: {}",
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

/// How many files there are behind each word of the lines, and what was found in them.
fn standings(tally: &Tally) -> String {
    const WORDS: [(Standing, &str); 5] = [
        (Standing::Ready, "ready"),
        (Standing::Accepted, "accepted"),
        (Standing::NotReady, "not ready"),
        (Standing::Refused, "refused"),
        (Standing::Undecided, "undecided"),
    ];
    let mut parts: Vec<String> = WORDS
        .iter()
        .map(|&(standing, word)| (tally.standing(standing), word))
        .filter(|&(count, _)| count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    if tally.lacking() > 0 {
        parts.push(format!(
            "{} from which no certificate could be read",
            tally.lacking()
        ));
    }
    format!(
        "{}; {} with errors, {} with warnings",
        parts.join(", "),
        tally.with_errors,
        tally.with_warnings
    )
}

/// What stands beside the bar: files judged, files found, and whether more may be found.
pub(crate) fn scan_progress(tally: &Tally, found: u64, is_counted: bool) -> String {
    let more = if is_counted { "" } else { "+" };
    format!(
        "{}/{found}{more} files, {} with errors",
        tally.files(),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn aside(name: &str, screen: Option<usize>) -> String {
        let scanned = Scanned {
            name: name.to_owned(),
            named: false,
            outcome: Outcome::Aside(Held::Kind(BlockWord::PrivateKey)),
        };
        let look = Look {
            colour: false,
            glyphs: true,
            width: 80,
            screen,
        };
        scan_line(&scanned, look)
    }

    #[test]
    fn a_line_fits_the_screen_and_is_whole_where_there_is_none() {
        let name = format!("certs/{}/key.pem", "deep/".repeat(40));
        assert!(aside(&name, None).contains(&name));
        for screen in [40, 80, 200] {
            let line = aside(&name, Some(screen));
            assert!(line.trim_end().width() <= screen, "{line}");
            assert!(line.contains("/key.pem  private key"), "{line}");
        }
        assert!(aside("key.pem", Some(80)).contains(" key.pem"));
    }
}
