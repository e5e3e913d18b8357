//! The verdict: one word and one sentence, before anything else.

use keyway_chain::{CertificateFacts, Purpose, Report, RoleFact};
use keyway_report::{Severity, Timestamp, Verdict};

use super::numbers::{counted, distance, joined, some};
use super::page::{Page, Tone};

/// Names of the certificate that the sentence spells out.
const MOST_NAMES: usize = 3;

/// Draws the verdict and the count of findings.
pub(super) fn draw(page: &mut Page, report: &Report, purpose: Purpose) {
    let (word, tone) = word(report);
    let sentence = sentence(report, purpose);
    page.paragraph(
        &[(word, tone), ("  ", Tone::Plain)],
        "",
        &sentence,
        Tone::Plain,
    );
    let counts = format!("{}, judged at {}.", counts(report), report.at);
    page.paragraph(&[], "", &counts, Tone::Dim);
}

/// The verdict in a word or two.
pub(super) fn word(report: &Report) -> (&'static str, Tone) {
    let verdicts = &report.verdicts;
    if leaf(report).is_none() {
        return ("NO CERTIFICATE", Tone::Bad);
    }
    match (verdicts.servable, verdicts.accepted) {
        (Verdict::Yes, _) => ("READY", Tone::Good),
        (_, Verdict::No) => ("REFUSED", Tone::Bad),
        (Verdict::No, _) => ("NOT READY", Tone::Bad),
        (Verdict::Unknown, Verdict::Yes) => ("ACCEPTED", Tone::Good),
        (Verdict::Unknown, Verdict::Unknown) if holds(report) == Verdict::Yes => {
            ("ACCEPTED", Tone::Good)
        }
        (Verdict::Unknown, Verdict::Unknown) => ("UNDECIDED", Tone::Caution),
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

fn sentence(report: &Report, purpose: Purpose) -> String {
    let Some(leaf) = leaf(report) else {
        let files = counted(report.inputs.len(), "file", "files");
        return format!("There is no certificate to judge in {files}.");
    };
    let (user, peers) = match purpose {
        Purpose::Server => ("server", "clients"),
        Purpose::Client => ("client", "servers"),
    };
    let verdicts = &report.verdicts;
    let accepted = |object| accepted(report, leaf, peers, object);
    match (verdicts.servable, verdicts.accepted) {
        (Verdict::Yes, _) => format!("A {user} can use these files, and {}.", accepted("them")),
        (_, Verdict::No) => format!("{} will refuse this: {}.", capital(peers), refusals(report)),
        (Verdict::No, _) => format!(
            "A {user} cannot use these files as they are: {}. Apart from that, {}.",
            hindrances(report),
            accepted("the certificate")
        ),
        (Verdict::Unknown, _) if holds(report) == Verdict::Yes => {
            format!(
                "{}. Whether a {user} can use it is open: {}.",
                capital(&accepted("this certificate")),
                open(report)
            )
        }
        (Verdict::Unknown, _) => {
            format!(
                "Whether {peers} will accept this is open: {}.",
                open(report)
            )
        }
    }
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
    format!("{peers} will accept {object}{names}{until}")
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

fn refusals(report: &Report) -> String {
    let verdicts = &report.verdicts;
    let mut reasons = Vec::new();
    let mut add = |verdict: Verdict, reason: String| {
        if verdict == Verdict::No {
            reasons.push(reason);
        }
    };
    let broken = if report.chain.missing.is_some() {
        "the chain to a trusted root is incomplete"
    } else {
        "it leads to no trusted root"
    };
    add(verdicts.chains, broken.to_owned());
    add(verdicts.timely, "it is outside its validity".to_owned());
    let names = some(&report.hosts, MOST_NAMES);
    let unnamed = if report.hosts.is_empty() {
        "it carries no name that clients look at".to_owned()
    } else if report.hosts.len() > 1 {
        format!("it does not carry all of the names {names}")
    } else {
        format!("it does not carry the name {names}")
    };
    add(verdicts.named, unnamed);
    add(verdicts.fit, "it breaks rules that they enforce".to_owned());
    if reasons.is_empty() {
        return "the verifier found no acceptable path".to_owned();
    }
    joined(&reasons)
}

fn hindrances(report: &Report) -> String {
    let mut reasons = Vec::new();
    if report.verdicts.pairs == Verdict::No {
        reasons.push("the private key does not go with the certificate".to_owned());
    }
    if report.verdicts.reads == Verdict::No {
        reasons.push("not everything in them can be read".to_owned());
    }
    if reasons.is_empty() {
        reasons.push("their form or order is wrong".to_owned());
    }
    joined(&reasons)
}

/// What was not given, as far as the verdict hangs on it.
fn open(report: &Report) -> String {
    let verdicts = &report.verdicts;
    if verdicts.pairs == Verdict::Unknown && holds(report) == Verdict::Yes {
        return "no private key could be read".to_owned();
    }
    if verdicts.chains == Verdict::Unknown {
        return "there was nothing to trust".to_owned();
    }
    "see what was not checked".to_owned()
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

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + chars.as_str()
    })
}
