//! The verdict on what a server sends.

use keyway_chain::Report;
use keyway_report::Verdict;

use super::{Standing, Tone};
use super::{accepted, capital, hindrances, holds, leaf, open, refusals, refusers, without_leaf};

/// The verdict in a word or two: a server that serves is past being ready.
pub(super) fn word(report: &Report) -> (&'static str, Tone) {
    match Standing::of(report) {
        Standing::Ready => ("ACCEPTED", Tone::Good),
        Standing::NotReady => ("FAULTY", Tone::Bad),
        _ => super::word(report),
    }
}

/// The verdict in a sentence.
pub(super) fn sentence(report: &Report) -> String {
    const USER: &str = "server";
    const PEERS: &str = "clients";
    let Some(leaf) = leaf(report) else {
        return if report.certificates.is_empty() {
            "The certificate that is served cannot be read.".to_owned()
        } else {
            without_leaf(report, USER)
        };
    };
    let verdicts = &report.verdicts;
    let accepted = accepted(report, leaf, PEERS, "what is served");
    let key = match verdicts.pairs {
        Verdict::Yes => "The server has the key",
        _ => "The server has not shown that it has the key",
    };
    match (verdicts.servable, verdicts.accepted) {
        (_, Verdict::No) => format!("{}: {}.", refusers(report, PEERS), refusals(report)),
        (Verdict::Yes, _) => format!("{key}, and {accepted}."),
        (Verdict::No, _) if holds(report) == Verdict::Yes => {
            format!("{}, and yet: {}.", capital(&accepted), hindrances(report))
        }
        (_, _) if holds(report) == Verdict::Yes => format!("{key}. {}.", capital(&accepted)),
        (_, _) => format!(
            "{key}. Whether clients will accept what is served is open: {}.",
            open(report, "the server has not shown that it has the key")
        ),
    }
}
