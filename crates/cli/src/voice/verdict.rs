//! The verdict: one word and one sentence, before anything else.

mod served;

use keyway_chain::rules::chain::path_length::LimitOf;
use keyway_chain::rules::{Aspect, Kind};
use keyway_chain::{CertificateFacts, Purpose, Report, RoleFact};
use keyway_report::{Kind as _, Severity, Timestamp, Verdict};

use super::numbers::{counted, distance, some};
use super::page::{Page, Piece, Tone};
use super::report::Asked;

/// Names of the certificate that the sentence spells out.
const MOST_NAMES: usize = 3;

/// Reasons that the sentence spells out; the findings hold them all.
const MOST_REASONS: usize = 3;

/// Draws the verdict and the count of findings.
pub(super) fn draw(page: &mut Page, report: &Report, asked: &Asked<'_>) {
    if asked.is_served() {
        draw_words(
            page,
            report,
            served::word(report),
            &served::sentence(report),
        );
    } else {
        draw_without_key(page, report, asked.purpose, NO_KEY);
    }
}

/// What there is to say of the key where the report has none.
const NO_KEY: &str = "no private key could be read";

/// Why the key that was given is not among the files that a repair wrote, as part of a sentence.
pub(super) fn key_left_out(given: &Report) -> &'static str {
    match (given.keys.len(), given.verdicts.pairs) {
        (0, _) => NO_KEY,
        (1, Verdict::No) => {
            "the private key that was given belongs to another certificate and was left out"
        }
        (_, Verdict::No) => {
            "the private keys that were given belong to other certificates and were left out"
        }
        _ => "no private key that was given is known to belong to the certificate",
    }
}

/// Draws the verdict and the count of findings; where the report has no key, this is why.
pub(super) fn draw_without_key(page: &mut Page, report: &Report, purpose: Purpose, why: &str) {
    draw_words(page, report, word(report), &sentence(report, purpose, why));
}

fn draw_words(page: &mut Page, report: &Report, (word, tone): Piece<'_>, sentence: &str) {
    page.paragraph(
        &[(word, tone), ("  ", Tone::Plain)],
        "",
        sentence,
        Tone::Plain,
    );
    let counts = format!("{}, judged at {}.", counts(report), report.at);
    page.paragraph(&[], "", &counts, Tone::Dim);
}

/// How a report stands: what its first words say, and what `keyway scan` counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Standing {
    /// A server can use the files, and clients will accept them.
    Ready,
    /// Clients will accept the chain; whether a server can use it is open.
    Accepted,
    /// A server cannot use the files as they are.
    NotReady,
    /// Clients will refuse it.
    Refused,
    /// Whether clients will accept it is open.
    Undecided,
    /// The server's certificate is there, and cannot be read.
    Unreadable,
    /// There is no certificate to judge.
    NoCertificate,
}

impl Standing {
    /// How this report stands.
    pub(crate) fn of(report: &Report) -> Self {
        let verdicts = &report.verdicts;
        if leaf(report).is_none() {
            let is_unread = unread_certificates(report) > 0;
            return if is_unread {
                Self::Unreadable
            } else {
                Self::NoCertificate
            };
        }
        match (verdicts.servable, verdicts.accepted) {
            (Verdict::Yes, _) => Self::Ready,
            (_, Verdict::No) => Self::Refused,
            (Verdict::No, _) => Self::NotReady,
            (Verdict::Unknown, Verdict::Yes) => Self::Accepted,
            (Verdict::Unknown, Verdict::Unknown) if holds(report) == Verdict::Yes => Self::Accepted,
            (Verdict::Unknown, Verdict::Unknown) => Self::Undecided,
        }
    }
}

/// The verdict in a word or two.
pub(super) fn word(report: &Report) -> (&'static str, Tone) {
    match Standing::of(report) {
        Standing::Ready => ("READY", Tone::Good),
        Standing::Accepted => ("ACCEPTED", Tone::Good),
        Standing::NotReady => ("NOT READY", Tone::Bad),
        Standing::Refused => ("REFUSED", Tone::Bad),
        Standing::Undecided => ("UNDECIDED", Tone::Caution),
        Standing::Unreadable => ("UNREADABLE", Tone::Bad),
        Standing::NoCertificate => ("NO CERTIFICATE", Tone::Bad),
    }
}

/// The leaf of the chain.
pub(crate) fn leaf(report: &Report) -> Option<&CertificateFacts> {
    report
        .certificates
        .iter()
        .find(|c| c.role == RoleFact::Leaf)
}

/// Whether a careful client would accept the chain, whatever name it asks for; with names asked for,
/// for these.
pub(crate) fn holds(report: &Report) -> Verdict {
    let verdicts = &report.verdicts;
    match verdicts.accepted {
        Verdict::Unknown => verdicts.chains.and(verdicts.timely).and(verdicts.fit),
        known => known,
    }
}

/// Blocks that should have been certificates, and cannot be read as such.
fn unread_certificates(report: &Report) -> usize {
    let blocks = report.inputs.iter().flat_map(|input| &input.blocks);
    blocks.filter(|block| block.is_unread_certificate()).count()
}

/// The sentence where nothing could be judged: what is the matter, and what to do.
fn without_leaf(report: &Report, user: &str) -> String {
    const AGAIN: &str = "Fetch it again from where it came.";
    let files = counted(report.inputs.len(), "file", "files");
    match (unread_certificates(report), report.certificates.len()) {
        (0, 0) => format!("There is no certificate to judge in {files}."),
        (1, 0) => format!("The certificate that was given cannot be read. {AGAIN}"),
        (_, 0) => "None of the certificates that were given can be read. Fetch them again from where they \
                   came."
            .to_owned(),
        _ => format!("The {user}'s own certificate cannot be read, only those of CAs. {AGAIN}"),
    }
}

fn sentence(report: &Report, purpose: Purpose, no_key: &str) -> String {
    let (user, peers) = match purpose {
        Purpose::Server => ("server", "clients"),
        Purpose::Client => ("client", "servers"),
    };
    let Some(leaf) = leaf(report) else {
        return without_leaf(report, user);
    };
    let verdicts = &report.verdicts;
    let accepted = |object| accepted(report, leaf, peers, object);
    match (verdicts.servable, verdicts.accepted) {
        (Verdict::Yes, _) => format!("A {user} can use these files, and {}.", accepted("them")),
        (_, Verdict::No) => format!("{}: {}.", refusers(report, peers), refusals(report)),
        (Verdict::No, _) if holds(report) == Verdict::Yes => format!(
            "A {user} cannot use these files as they are: {}. Apart from that, {}.",
            hindrances(report),
            accepted("the certificate")
        ),
        (Verdict::No, _) => format!(
            "A {user} cannot use these files as they are: {}. Whether {peers} will accept the \
             certificate is open: {}.",
            hindrances(report),
            open(report, no_key)
        ),
        (Verdict::Unknown, _) if holds(report) == Verdict::Yes => {
            format!(
                "{}. Whether a {user} can use it is open: {}.",
                capital(&accepted("this certificate")),
                open(report, no_key)
            )
        }
        (Verdict::Unknown, _) => {
            format!(
                "Whether {peers} will accept this is open: {}.",
                open(report, no_key)
            )
        }
    }
}

/// Who refuses, as far as the families of clients are known to differ.
fn refusers(report: &Report, peers: &str) -> String {
    let any = |verdict| report.clients.iter().any(|c| c.accepts == verdict);
    match (any(Verdict::Yes), any(Verdict::No), any(Verdict::Unknown)) {
        (true, true, _) => "Some clients will refuse this".to_owned(),
        (true, false, _) if passes_asked_limit(report) => {
            "Refused by the limit that was asked for; clients let it pass".to_owned()
        }
        (true, false, false) => {
            "A careful client refuses this, though those known here let it pass".to_owned()
        }
        (true, false, true) => {
            "A careful client refuses this; some of those known here let it pass, of others it is \
             open"
                .to_owned()
        }
        (false, false, true) => {
            "A careful client refuses this; of those known here it is open".to_owned()
        }
        (false, _, _) => format!("{} will refuse this", capital(peers)),
    }
}

/// Whether the chain is longer than `--max-intermediates` has it.
fn passes_asked_limit(report: &Report) -> bool {
    let mut findings = report.findings.iter();
    findings.any(|finding| {
        matches!(&finding.kind, Kind::PathLength(limit) if limit.limit_of == LimitOf::Asked)
    })
}

/// `clients will accept OBJECT for a, b and c until DATE (in N days)`.
fn accepted(report: &Report, leaf: &CertificateFacts, peers: &str, object: &str) -> String {
    let names = if report.hosts.is_empty() {
        let own: Vec<String> = leaf
            .dns_names
            .iter()
            .chain(&leaf.ip_addresses)
            .cloned()
            .collect();
        some(&own, MOST_NAMES)
    } else {
        some(&report.hosts, MOST_NAMES)
    };
    let names = if names.is_empty() {
        String::new()
    } else {
        format!(" for {names}")
    };
    let until = first_end(report).map_or_else(String::new, |end| {
        format!(" until {} ({})", end.date(), distance(end, report.at))
    });
    let refusing: Vec<&str> = report
        .clients
        .iter()
        .filter(|client| client.accepts == Verdict::No)
        .map(|client| client.name)
        .collect();
    let (careful, save) = if refusing.is_empty() {
        ("", String::new())
    } else {
        (
            "careful ",
            format!("; some refuse it: {}", refusing.join(", ")),
        )
    };
    format!("{careful}{peers} will accept {object}{names}{until}{save}")
}

/// The first end of validity on the path.
pub(crate) fn first_end(report: &Report) -> Option<Timestamp> {
    let on_path = report
        .chain
        .path
        .iter()
        .filter_map(|&index| report.certificates.get(index));
    on_path.map(|certificate| certificate.not_after).min()
}

/// Why clients refuse it, in the words of the rules that decide: a rule that is added tomorrow is
/// told as well. The order is that of the report, aspect by aspect.
fn refusals(report: &Report) -> String {
    let verdicts = &report.verdicts;
    let decided = [
        (Aspect::Chains, verdicts.chains),
        (Aspect::Timely, verdicts.timely),
        (Aspect::Named, verdicts.named),
        (Aspect::Fit, verdicts.fit),
    ];
    let mut reasons = Vec::new();
    for (aspect, verdict) in decided {
        if verdict == Verdict::No {
            let names = if aspect == Aspect::Named && !report.hosts.is_empty() {
                format!(" ({})", some(&report.hosts, MOST_NAMES))
            } else {
                String::new()
            };
            let titles = titles(report, Severity::Error, &[aspect]);
            reasons.extend(titles.into_iter().map(|title| title + &names));
        }
    }
    if reasons.is_empty() {
        return "the verifier found no acceptable path".to_owned();
    }
    some(&reasons, MOST_REASONS)
}

/// Why a server cannot use the files, though clients would not mind.
fn hindrances(report: &Report) -> String {
    let aspects = [Aspect::Pairs, Aspect::Reads, Aspect::Serves];
    some(&titles(report, Severity::Error, &aspects), MOST_REASONS)
}

/// The titles of the findings of one severity about these aspects, each once, as parts of a sentence.
fn titles(report: &Report, severity: Severity, aspects: &[Aspect]) -> Vec<String> {
    let mut out = Vec::new();
    for aspect in aspects {
        let findings = report.findings.iter();
        for finding in findings.filter(|finding| finding.severity() == severity) {
            let title = small(finding.kind.rule().title);
            if finding.kind.aspect() == *aspect && !out.contains(&title) {
                out.push(title);
            }
        }
    }
    out
}

/// What was not given or not done, as far as the verdict hangs on it.
fn open(report: &Report, no_key: &str) -> String {
    if holds(report) == Verdict::Yes {
        let pairs = report.verdicts.pairs == Verdict::Unknown;
        return if pairs {
            no_key
        } else {
            "see what was not checked"
        }
        .to_owned();
    }
    // A search that was given up leaves a warning.
    let given_up = titles(report, Severity::Warning, &[Aspect::Chains]);
    match given_up.as_slice() {
        [] => "there was nobody to trust".to_owned(),
        reasons => some(reasons, MOST_REASONS),
    }
}

fn counts(report: &Report) -> String {
    let of = |severity| {
        report
            .findings
            .iter()
            .filter(|f| f.severity() == severity)
            .count()
    };
    format!(
        "{}, {}, {}",
        counted(of(Severity::Error), "error", "errors"),
        counted(of(Severity::Warning), "warning", "warnings"),
        counted(of(Severity::Notice), "notice", "notices")
    )
}

/// A title within a sentence: its first letter small, unless it begins an abbreviation.
fn small(title: &str) -> String {
    let mut chars = title.chars();
    let (first, second) = (chars.next(), chars.next());
    let is_abbreviation = second.is_some_and(char::is_uppercase);
    match first {
        Some(first) if !is_abbreviation => {
            first.to_lowercase().collect::<String>() + &title[first.len_utf8()..]
        }
        _ => title.to_owned(),
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + chars.as_str()
    })
}
