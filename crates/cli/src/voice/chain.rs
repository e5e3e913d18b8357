//! The chain as a picture: leaf to root, what is missing in its place, strangers apart.

use keyway_chain::{CertificateFacts, MissingCertificate, Purpose, Report, RoleFact};
use keyway_report::Verdict;

use super::bar::{BAR_WIDTH, Life};
use super::numbers::{counted, some};
use super::page::{Page, Piece, Tone, column};
use super::report::Asked;
use super::{key, subject};

/// Columns right of the bar: two spaces, and `100% left, to 2026-11-23`.
const WORDS_WIDTH: usize = 26;

/// Least width with room for bars, in columns; on a narrower page each has a line of its own.
const ROOMY: usize = 60;

/// Most names of the leaf that are drawn.
const MOST_NAMES: usize = 8;

/// Most certificates outside the chain that are drawn.
const MOST_STRANGERS: usize = 12;

/// The line that joins the certificates of the chain.
struct Trunk {
    first: &'static str,
    middle: &'static str,
    last: &'static str,
    between: &'static str,
}

const LINES: Trunk = Trunk {
    first: "┌ ",
    middle: "├ ",
    last: "└ ",
    between: "│   ",
};
const ASCII: Trunk = Trunk {
    first: "+ ",
    middle: "+ ",
    last: "+ ",
    between: "|   ",
};

/// Below the last certificate there is no line.
const BELOW: &str = "    ";

/// Draws the chain.
pub(super) fn draw(page: &mut Page, report: &Report, asked: Asked<'_>) {
    let path: Vec<&CertificateFacts> = certificates(report, &report.chain.path);
    if path.is_empty() {
        return;
    }
    let look = page.look();
    if look.width < ROOMY {
        page.heading("Chain");
    } else {
        page.blank();
        let title = column("Chain", look.width - BAR_WIDTH - WORDS_WIDTH, look);
        page.row(&[(&title, Tone::Strong), ("life left", Tone::Dim)]);
    }
    let trunk = if page.look().glyphs { &LINES } else { &ASCII };
    let beyond = beyond(report, &path);
    for (index, certificate) in path.iter().enumerate() {
        let ends = index + 1 == path.len() && matches!(beyond, Beyond::Nothing);
        let (glyph, hang) = match (index, ends) {
            (0, true) => ("", "  "),
            (0, false) => (trunk.first, trunk.between),
            (_, true) => (trunk.last, BELOW),
            (_, false) => (trunk.middle, trunk.between),
        };
        row(page, report, certificate, (glyph, hang));
        facts(page, report, (certificate, asked), hang);
    }
    match beyond {
        Beyond::Nothing => {}
        Beyond::Anchor(anchor) => {
            page.paragraph(
                &[(trunk.last, Tone::Dim)],
                BELOW,
                subject::short(anchor),
                Tone::Strong,
            );
            detail(
                page,
                BELOW,
                if asked.is_served() {
                    "trusted root, not sent, and no need to send it"
                } else {
                    "trusted root, not among the files, and no need to send it"
                },
            );
        }
        Beyond::Missing(missing, may_be_root) => absent(page, trunk, missing, may_be_root),
        Beyond::NotGiven(missing) => {
            let words =
                "not given: a root, or another intermediate; with nobody to trust, nobody can tell";
            end(page, trunk, missing, (words, Tone::Caution));
        }
        Beyond::UnknownRoot(missing) => {
            let words = "root, not trusted, and not among the files";
            end(page, trunk, missing, (words, Tone::Bad));
        }
        Beyond::Untrusted => {
            let lead = [(trunk.last, Tone::Dim), ("no trusted root", Tone::Bad)];
            page.row(&lead);
        }
    }
}

/// Draws what was given and is no part of the chain.
pub(super) fn strangers(page: &mut Page, report: &Report, asked: Asked<'_>) {
    let apart: Vec<&CertificateFacts> = report
        .certificates
        .iter()
        .filter(|certificate| certificate.role == RoleFact::Stranger)
        .collect();
    if apart.is_empty() {
        return;
    }
    page.heading(if asked.is_served() {
        "Sent, but no part of the chain"
    } else {
        "Given, but no part of the chain"
    });
    for certificate in apart.iter().take(MOST_STRANGERS) {
        row(page, report, certificate, ("  ", BELOW));
        detail(page, BELOW, &origin(report, certificate, asked));
    }
    if let Some(more @ 1..) = apart.len().checked_sub(MOST_STRANGERS) {
        let more = format!("and {}", counted(more, "more", "more"));
        page.paragraph(&[("  ", Tone::Plain)], "  ", &more, Tone::Dim);
    }
}

/// What stands behind the last certificate at hand.
enum Beyond<'a> {
    /// It is the anchor itself.
    Nothing,
    /// An anchor of which only name and key are known.
    Anchor(&'a str),
    /// An intermediate that nobody gave, or a root that nobody trusts: which, cannot always be told.
    Missing(&'a MissingCertificate, bool),
    /// What may be a root as well: it was not given, and neither was anybody to trust.
    NotGiven(&'a MissingCertificate),
    /// A root that is neither trusted nor among the files.
    UnknownRoot(&'a MissingCertificate),
    /// Nothing that is trusted.
    Untrusted,
}

fn beyond<'a>(report: &'a Report, path: &[&CertificateFacts]) -> Beyond<'a> {
    let ends_at_anchor = path.last().is_some_and(|last| last.role == RoleFact::Root);
    match (&report.chain.anchor, &report.chain.missing) {
        (Some(_), _) if ends_at_anchor => Beyond::Nothing,
        (Some(anchor), _) => Beyond::Anchor(anchor),
        (None, Some(missing)) => {
            let found = |code| report.findings.iter().any(|finding| finding.code() == code);
            let is_trust = |what: &String| what.starts_with("trust:");
            if found("chain.missing-intermediate") || found("chain.no-path") {
                Beyond::Missing(missing, found("chain.no-path"))
            } else if report.not_checked.iter().any(is_trust) {
                Beyond::NotGiven(missing)
            } else if found("chain.unknown-root") {
                Beyond::UnknownRoot(missing)
            } else {
                // It has a trusted name, and another key: the finding is about the signature.
                Beyond::Untrusted
            }
        }
        (None, None) => Beyond::Untrusted,
    }
}

fn certificates<'a>(report: &'a Report, indices: &[usize]) -> Vec<&'a CertificateFacts> {
    indices
        .iter()
        .filter_map(|&index| report.certificates.get(index))
        .collect()
}

/// Name, bar, and the words beside it: after `glyph`, and what goes on, below `hang`.
fn row(
    page: &mut Page,
    report: &Report,
    certificate: &CertificateFacts,
    (glyph, hang): (&str, &str),
) {
    let look = page.look();
    let life = Life::of(certificate, report.at);
    if look.width < ROOMY {
        let name = subject::name(certificate);
        page.paragraph(&[(glyph, Tone::Dim)], hang, name, Tone::Strong);
        let words = life.words(certificate);
        page.paragraph(&[(hang, Tone::Dim)], hang, words.trim(), life.tone());
        return;
    }
    let room = look.width - BAR_WIDTH - WORDS_WIDTH - 1 - glyph.chars().count();
    let name = column(subject::name(certificate), room, look);
    let pieces: [Piece<'_>; 5] = [
        (glyph, Tone::Dim),
        (&name, Tone::Strong),
        (" ", Tone::Plain),
        (&life.bar(look), life.tone()),
        (&format!("  {}", life.words(certificate)), Tone::Plain),
    ];
    page.row(&pieces);
}

fn facts(
    page: &mut Page,
    report: &Report,
    (certificate, asked): (&CertificateFacts, Asked<'_>),
    hang: &str,
) {
    detail(page, hang, &origin(report, certificate, asked));
    if certificate.role != RoleFact::Leaf {
        return;
    }
    let mut names: Vec<String> = certificate
        .dns_names
        .iter()
        .chain(&certificate.ip_addresses)
        .cloned()
        .collect();
    // Clients are called by their mail addresses too; no server is.
    let others = certificate.other_names.iter();
    names.extend(others.filter(|_| asked.purpose == Purpose::Client).cloned());
    if names.len() > 1
        || names
            .first()
            .is_some_and(|name| name != subject::name(certificate))
    {
        detail(page, hang, &format!("names: {}", some(&names, MOST_NAMES)));
    }
    let (words, tone) = pairing(report, asked);
    page.paragraph(
        &[(hang, Tone::Dim), ("key: ", Tone::Plain)],
        hang,
        &words,
        tone,
    );
}

fn detail(page: &mut Page, hang: &str, text: &str) {
    page.paragraph(&[(hang, Tone::Dim)], hang, text, Tone::Plain);
}

/// Role, key, and where it was found.
fn origin(report: &Report, certificate: &CertificateFacts, asked: Asked<'_>) -> String {
    let role = match certificate.role {
        RoleFact::Leaf if asked.purpose == Purpose::Client => "client certificate",
        RoleFact::Leaf => "server certificate",
        RoleFact::Intermediate => "intermediate",
        RoleFact::Root if report.chain.anchor.is_some() => "trusted root",
        RoleFact::Root => "root",
        RoleFact::Stranger if certificate.ca => "CA certificate",
        RoleFact::Stranger => "certificate",
    };
    let found = if asked.is_served() {
        number(report, &certificate.sha256)
    } else {
        place(report, &certificate.sha256)
    };
    let place = match found {
        Some(place) => format!(", {place}"),
        None if certificate.given => String::new(),
        None if asked.is_served() => ", not sent, and no need to send it".to_owned(),
        None => ", not among the files, and no need to send it".to_owned(),
    };
    format!("{role}, {}{place}", key::words(&certificate.key))
}

/// Where a certificate stands: `file:line`.
pub(super) fn place(report: &Report, sha256: &str) -> Option<String> {
    report.inputs.iter().find_map(|input| {
        let holds = |hash: &Option<String>| hash.as_deref() == Some(sha256);
        let block = input.blocks.iter().find(|block| holds(&block.sha256))?;
        Some(format!("{}:{}", input.name, block.line))
    })
}

/// Which of those that were sent a certificate is.
fn number(report: &Report, sha256: &str) -> Option<String> {
    let blocks = report.inputs.iter().flat_map(|input| &input.blocks);
    let hashes = blocks.filter_map(|block| block.sha256.as_deref());
    let at = hashes.into_iter().position(|hash| hash == sha256)?;
    Some(format!("number {} of what is sent", at + 1))
}

/// Whether the key belongs to the leaf.
fn pairing(report: &Report, asked: Asked<'_>) -> (String, Tone) {
    if asked.is_served() {
        return match report.verdicts.pairs {
            Verdict::Yes => ("the server has shown that it has it".to_owned(), Tone::Good),
            _ => (
                "the server has not shown that it has it".to_owned(),
                Tone::Bad,
            ),
        };
    }
    let leaf = report.chain.path.first().copied();
    let paired = report.keys.iter().find(|key| key.certificate == leaf);
    match (report.verdicts.pairs, paired) {
        (Verdict::Yes, Some(key)) => (
            format!("{}:{} pairs with it", key.input, key.line),
            Tone::Good,
        ),
        (Verdict::Yes, None) => ("pairs with it".to_owned(), Tone::Good),
        (Verdict::No, _) => ("none of the given keys goes with it".to_owned(), Tone::Bad),
        (Verdict::Unknown, _) => ("not given, or not readable".to_owned(), Tone::Caution),
    }
}

/// The issuer of the last certificate, where it may be the end.
fn end(page: &mut Page, trunk: &Trunk, missing: &MissingCertificate, (words, tone): Piece<'_>) {
    let name = subject::short(&missing.subject);
    page.paragraph(&[(trunk.last, Tone::Dim)], BELOW, name, Tone::Strong);
    page.paragraph(&[(BELOW, Tone::Dim)], BELOW, words, tone);
}

/// The missing certificate, in its place.
fn absent(page: &mut Page, trunk: &Trunk, missing: &MissingCertificate, may_be_root: bool) {
    let lead = [(trunk.middle, Tone::Dim), ("MISSING  ", Tone::Bad)];
    page.paragraph(
        &lead,
        trunk.between,
        subject::short(&missing.subject),
        Tone::Strong,
    );
    if missing.subject != subject::short(&missing.subject) {
        detail(
            page,
            trunk.between,
            &format!("subject: {}", missing.subject),
        );
    }
    if let Some(key_id) = &missing.key_id {
        detail(page, trunk.between, &format!("key id: {key_id}"));
    }
    if missing.fetch.is_empty() {
        let words = if may_be_root {
            "an intermediate, or a root that is not trusted; the certificate does not say"
        } else {
            "the CA has it; its address is not in the certificate"
        };
        detail(page, trunk.between, words);
    }
    for address in &missing.fetch {
        detail(page, trunk.between, &format!("fetch: {address}"));
    }
    page.row(&[
        (trunk.last, Tone::Dim),
        ("root, known once it is there", Tone::Dim),
    ]);
}
