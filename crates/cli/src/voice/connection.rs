//! What is served, how, and whether it is what stands in the files.

pub(crate) mod links;

use keyway_chain::Report;
use keyway_report::{Kind as _, Severity, Verdict};

use super::numbers::{counted, some};
use super::page::{Page, Tone};
use super::report::{Asked, draw, not_checked};
use super::{findings, report, verdict};
use crate::formats::connection::{Answer, At, Facts, Link};
use crate::terminal::Look;

/// Said where nobody was asked what is loaded.
pub(crate) const LOADED: &str =
    "what the running server has loaded: only what it serves was looked at";

/// Most addresses that a sentence spells out.
const MOST_ADDRESSES: usize = 4;

/// Where the words of a fact begin.
const HANG: &str = "            ";

/// Certificates that were sent and could not be judged with the first.
pub(crate) fn left_out(count: usize) -> String {
    format!(
        "{} that is sent beside it: clients hold the first for the server's",
        counted(count, "more certificate", "more certificates")
    )
}

/// An address that was not reached, and need not be.
pub(crate) fn passed_over(at: &At) -> String {
    let why = at.why.as_deref().unwrap_or_default();
    format!("what is served at {}: {why}", at.address)
}

/// Addresses that were not looked at.
pub(crate) fn unseen(count: usize, wants_all: bool) -> Option<String> {
    let more = counted(count, "more address", "more addresses");
    match (count, wants_all) {
        (0, _) => None,
        (_, true) => Some(format!(
            "what is served at {more}: so many are not looked at"
        )),
        (_, false) => Some(format!(
            "what is served at {more} of the name: --all-addresses looks at each"
        )),
    }
}

/// Only the errors, one a line.
pub(crate) fn brief(answer: &Answer) -> String {
    let errors = answer.findings.iter();
    let errors = errors.filter(|finding| finding.severity() == Severity::Error);
    let told = errors.map(|finding| {
        let place = finding.at.input.as_deref().unwrap_or(&answer.target);
        format!(
            "{place}: error[{}]: {}\n",
            finding.code(),
            finding.kind.message()
        )
    });
    let links = answer.links.iter().filter(|link| link.holds == Verdict::No);
    let links =
        links.map(|link| format!("{}: broken[{}]: {}\n", answer.target, link.name, link.why));
    let reports = answer.addresses.iter().filter_map(|at| at.report.as_ref());
    let reports = reports.chain(&answer.files).map(report::brief);
    told.chain(links).chain(reports).collect()
}

/// The whole answer: the verdict on what is served, how it is served, and the links from the files to DNS.
pub(crate) fn answer(answer: &Answer, asked: &Asked<'_>, look: Look) -> String {
    let mut page = Page::new(look);
    first_words(&mut page, answer);
    links(&mut page, answer);
    for (report, addresses) in chains(answer) {
        page.blank();
        let places = some(&addresses, MOST_ADDRESSES);
        page.paragraph(&[("At ", Tone::Strong)], "   ", &places, Tone::Strong);
        draw(&mut page, report, asked);
    }
    findings::list(&mut page, &answer.findings);
    connections(&mut page, answer);
    comparison(&mut page, answer);
    not_checked(&mut page, &open(answer));
    page.finish()
}

/// Where was looked, and as whom.
fn first_words(page: &mut Page, answer: &Answer) {
    let name = answer.sni.as_ref().map_or_else(
        || "asked for no name".to_owned(),
        |name| format!("asked for {name}"),
    );
    let within = answer.starttls;
    let within = within.map_or_else(String::new, |it| format!(", TLS begun within {it}"));
    let count = counted(answer.addresses.len(), "address", "addresses");
    let text = format!("{name}, {count} looked at{within}");
    let lead = [(answer.target.as_str(), Tone::Strong), ("  ", Tone::Plain)];
    page.paragraph(&lead, "  ", &text, Tone::Plain);
}

/// The chains that are served, each once, with the addresses that serve it.
fn chains(answer: &Answer) -> Vec<(&Report, Vec<String>)> {
    let mut chains: Vec<(&At, &Report, Vec<String>)> = Vec::new();
    for at in &answer.addresses {
        let Some(report) = &at.report else { continue };
        let is_same = |known: &At| known.sent == at.sent && known.why.is_some() == at.why.is_some();
        match chains.iter_mut().find(|(known, _, _)| is_same(known)) {
            Some((_, _, addresses)) => addresses.push(at.address.clone()),
            None => chains.push((at, report, vec![at.address.clone()])),
        }
    }
    let chains = chains.into_iter();
    chains.map(|(_, report, at)| (report, at)).collect()
}

/// How it is served: those that speak the same share an entry.
fn connections(page: &mut Page, answer: &Answer) {
    let mut known: Vec<(Told, Vec<String>)> = Vec::new();
    for at in &answer.addresses {
        let Some(facts) = &at.connection else {
            continue;
        };
        let told = told(facts, answer.starttls.is_some());
        match known.iter_mut().find(|(others, _)| *others == told) {
            Some((_, addresses)) => addresses.push(at.address.clone()),
            None => known.push((told, vec![at.address.clone()])),
        }
    }
    for (told, addresses) in known {
        page.heading("What the connection shows");
        page.paragraph(
            &[("  at        ", Tone::Dim)],
            HANG,
            &some(&addresses, MOST_ADDRESSES),
            Tone::Plain,
        );
        for (name, text) in told {
            let lead = format!("  {name:<10}");
            page.paragraph(&[(&lead, Tone::Dim)], HANG, &text, Tone::Plain);
        }
    }
}

/// Facts with their names.
type Told = Vec<(&'static str, String)>;

fn told(facts: &Facts, is_within: bool) -> Told {
    let versions = facts
        .versions
        .iter()
        .map(|it| (it.name.to_owned(), it.spoken));
    let groups = facts.groups.iter().map(|group| {
        let quantum = if group.post_quantum {
            " (post-quantum)"
        } else {
            ""
        };
        (format!("{}{quantum}", group.name), group.spoken)
    });
    let alpn = facts.alpn.iter().map(|it| (it.name.to_owned(), it.spoken));
    let mut told = vec![
        ("versions", spoken(&versions)),
        ("cipher", facts.cipher.unwrap_or("not known").to_owned()),
        ("groups", spoken(&groups)),
    ];
    if !is_within {
        told.push(("ALPN", spoken(&alpn)));
    }
    told.push(("resumes", word(facts.resumes).to_owned()));
    let stapled = if facts.stapled { "yes" } else { "no" };
    told.push(("OCSP", format!("stapled: {stapled}")));
    told
}

/// What is spoken, then what is not, then what is not known.
fn spoken(things: &(impl Iterator<Item = (String, Verdict)> + Clone)) -> String {
    let of = |verdict| -> Vec<String> {
        let such = things.clone().filter(|(_, spoken)| *spoken == verdict);
        such.map(|(name, _)| name).collect()
    };
    let mut parts = vec![match of(Verdict::Yes).as_slice() {
        [] => "none".to_owned(),
        yes => yes.join(", "),
    }];
    for (verdict, word) in [(Verdict::No, "not"), (Verdict::Unknown, "not known:")] {
        let such = of(verdict);
        if !such.is_empty() {
            parts.push(format!("{word} {}", such.join(", ")));
        }
    }
    parts.join("; ")
}

const fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Yes => "yes",
        Verdict::No => "no",
        Verdict::Unknown => "not known",
    }
}

/// Whether all addresses serve the same.
fn comparison(page: &mut Page, answer: &Answer) {
    if answer.addresses.len() < 2 {
        return;
    }
    page.heading("Address by address");
    let (text, tone) = match answer.same {
        Verdict::Yes => ("the same certificate everywhere", Tone::Good),
        Verdict::No => ("not the same certificate everywhere", Tone::Bad),
        Verdict::Unknown => ("not everywhere was a certificate to be seen", Tone::Caution),
    };
    page.row(&[("  ", Tone::Plain), (text, tone)]);
    for at in &answer.addresses {
        let text = match (at.proven(), &at.why) {
            (Some(sha256), _) => format!("SHA-256 {}", sha256.get(..16).unwrap_or(sha256)),
            (None, why) => why.clone().unwrap_or_default(),
        };
        let lead = [
            ("  ", Tone::Plain),
            (at.address.as_str(), Tone::Strong),
            ("  ", Tone::Plain),
        ];
        page.paragraph(&lead, "    ", &text, Tone::Plain);
    }
}

/// From the files to where DNS points.
fn links(page: &mut Page, answer: &Answer) {
    if answer.links.is_empty() {
        return;
    }
    page.heading("From the files to where DNS points");
    for Link { name, holds, why } in &answer.links {
        let (mark, tone) = match holds {
            Verdict::Yes => ("  yes  ", Tone::Good),
            Verdict::No => ("  no   ", Tone::Bad),
            Verdict::Unknown => ("  ?    ", Tone::Caution),
        };
        let name = format!("{name:<11}");
        page.paragraph(
            &[(mark, tone), (&name, Tone::Strong)],
            "       ",
            why,
            Tone::Plain,
        );
    }
    if let Some(broken) = answer.broken {
        page.paragraph(
            &[("  The first broken link: ", Tone::Plain)],
            "  ",
            broken,
            Tone::Bad,
        );
    }
    if let Some(files) = &answer.files {
        let (word, tone) = verdict::word(files);
        let text = match verdict::Standing::of(files) {
            verdict::Standing::Ready | verdict::Standing::Accepted => "",
            _ => &format!("(`{}` says why)", answer.says_more),
        };
        page.paragraph(
            &[
                ("  The files by themselves: ", Tone::Plain),
                (word, tone),
                (" ", Tone::Plain),
            ],
            "  ",
            text,
            Tone::Dim,
        );
    }
}

/// What was not looked at, each thing once.
fn open(answer: &Answer) -> Vec<String> {
    let mut open = answer.not_checked.clone();
    let reports = answer.addresses.iter().filter_map(|at| at.report.as_ref());
    for what in reports.flat_map(|report| &report.not_checked) {
        if !open.contains(what) {
            open.push(what.clone());
        }
    }
    open
}
