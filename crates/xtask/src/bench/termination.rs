//! `keyway serve` against other terminators: CPU time of all their processes for the same work, side by side.
//!
//! Time on the clock is not looked at. The terminator has the first processor, clients and the service behind the
//! second; other programs there make a run longer, and its CPU time hardly.

use std::collections::BTreeMap;
use std::path::Path;

use crate::bench::Arguments;
use crate::bench::chain::keyway;
use crate::bench::statistics::{Ratio, median};
use crate::bench::verdict::Line;
use crate::command::Command;
use crate::failure::Failure;
use crate::{install, voice};

/// Rounds at most: each takes half a minute, and all of them no more than six.
const MOST_ROUNDS: usize = 5;

/// Where nginx's module for TCP is a file of its own.
const MODULES: &str = "/usr/lib/nginx/modules";

/// What the benchmark measures: its row and peer, what that is, and the most it may be.
const ROWS: &[(&str, &str, &str, Option<f64>)] = &[
    (
        "full-ecdsa",
        "nginx",
        "full handshake, ECDSA P-256",
        Some(0.42),
    ),
    ("full-rsa", "nginx", "full handshake, RSA 2048", Some(0.74)),
    ("resumed", "nginx", "resumed handshake", Some(0.45)),
    ("request-h1", "haproxy", "request of HTTP/1.1", Some(0.95)),
    ("request-h2", "nginx", "request of HTTP/2", Some(1.0)),
    ("large", "nginx", "answer of 1 MiB", Some(0.85)),
    ("tcp-full", "nginx", "TCP: full handshake", Some(0.5)),
    (
        "tcp-request",
        "nginx",
        "TCP: request on a connection that stays",
        Some(0.9),
    ),
    ("tcp-full", "hitch", "TCP: full handshake", None),
    (
        "tcp-request",
        "hitch",
        "TCP: request on a connection that stays",
        None,
    ),
    ("tcp-full", "stunnel", "TCP: full handshake", None),
    (
        "tcp-request",
        "stunnel",
        "TCP: request on a connection that stays",
        None,
    ),
    ("idle-http", "nginx", "idle connection, memory", None),
    ("idle-tcp", "nginx", "TCP: idle connection, memory", None),
];

/// Rows that have a figure of their own: what it is, of ours alone or of a pair, and the most it may be.
const ALONE: &[(&str, &str, Part, Option<f64>)] = &[
    (
        "idle-http",
        "KiB for an idle connection",
        Part::Ours,
        Some(15.0),
    ),
    (
        "idle-tcp",
        "KiB for an idle connection, TCP",
        Part::Ours,
        Some(12.0),
    ),
    (
        "many",
        "full handshake among 100,000 certificates / with one",
        Part::Pair,
        Some(1.05),
    ),
    (
        "swap",
        "ms of the longest of 100 swaps under load",
        Part::Ours,
        Some(10.0),
    ),
    (
        "many-start",
        "ms to take up 100,000 certificates",
        Part::Pair,
        None,
    ),
    (
        "many-memory",
        "MiB with 100,000 certificates",
        Part::Pair,
        None,
    ),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Ours,
    Pair,
}

/// Has everything measured, by a program of its own.
pub(crate) fn measure(arguments: &Arguments) -> Result<Vec<Line>, Failure> {
    install::package("nginx", "nginx-light")?;
    if Path::new(MODULES).is_dir() && !Path::new(MODULES).join("ngx_stream_module.so").is_file() {
        install::packages(&["libnginx-mod-stream"])?;
    }
    install::package("haproxy", "haproxy")?;
    install::package("taskset", "util-linux")?;
    let program = keyway()?.display().to_string();
    let rounds = arguments.rounds.min(MOST_ROUNDS).to_string();
    let answer = Command::cargo()
        .args(["bench", "--quiet", "--package", "keyway-tests"])
        .args(["--bench", "load", "--"])
        .args([program, rounds])
        .output()?;
    for program in missing(&answer) {
        voice::say(&format!(
            "    {program} is not here, and not measured (Debian: `apt-get install {program}`)"
        ));
    }
    let read = read(&answer);
    say(&read);
    let lines = lines(&read);
    if lines.is_empty() {
        return Err(Failure::Answer {
            program: "the benchmark of terminators".into(),
            detail: answer,
        });
    }
    Ok(lines)
}

/// Pairs of each row and peer.
type Read<'a> = BTreeMap<(&'a str, &'a str), Vec<(f64, f64)>>;

/// Peers that are not here, as packages are called.
fn missing(answer: &str) -> Vec<&str> {
    let named = answer
        .lines()
        .filter_map(|line| line.strip_prefix("missing "));
    let package = |program| {
        if program == "stunnel" {
            "stunnel4"
        } else {
            program
        }
    };
    named.map(package).collect()
}

/// Reads lines of a row, a peer and two numbers; others are skipped.
fn read(answer: &str) -> Read<'_> {
    let mut read = Read::new();
    for line in answer.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        if let [row, peer, ours, theirs] = words[..]
            && let (Ok(ours), Ok(theirs)) = (ours.parse(), theirs.parse())
        {
            read.entry((row, peer)).or_default().push((ours, theirs));
        }
    }
    read
}

/// The medians behind the ratios.
fn say(read: &Read<'_>) {
    voice::say("    medians, CPU time in µs, memory in KiB:");
    for (row, peer, what, _) in ROWS {
        let Some(pairs) = read.get(&(*row, *peer)) else {
            continue;
        };
        let of = |part: fn(&(f64, f64)) -> f64| {
            let values: Vec<f64> = pairs.iter().map(part).collect();
            median(&values).unwrap_or_default()
        };
        let (ours, theirs) = (of(|pair| pair.0), of(|pair| pair.1));
        voice::say(&format!(
            "    {what:<42} keyway {ours:>8.1}   {peer} {theirs:>8.1}"
        ));
    }
}

fn lines(read: &Read<'_>) -> Vec<Line> {
    let against = ROWS.iter().filter_map(|(row, peer, what, bound)| {
        Some(Line {
            what: format!("{what}, / {peer}"),
            ratio: Ratio::of(read.get(&(*row, *peer))?)?,
            bound: *bound,
        })
    });
    let alone = ALONE.iter().filter_map(|(row, what, part, bound)| {
        let (_, pairs) = read.iter().find(|((of, _), _)| of == row)?;
        let pairs: Vec<(f64, f64)> = pairs
            .iter()
            .map(|(ours, theirs)| match part {
                Part::Ours => (*ours, 1.0),
                Part::Pair => (*ours, *theirs),
            })
            .collect();
        Some(Line {
            what: (*what).to_owned(),
            ratio: Ratio::of(&pairs)?,
            bound: *bound,
        })
    });
    against.chain(alone).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &str = "missing stunnel\nmissing hitch\nfull-ecdsa nginx 200 500\n\
                          idle-http nginx 12 30\nmany - 21 20\nrunning\n";

    #[test]
    fn rows_become_ratios_and_figures() {
        let lines = lines(&read(ANSWER));
        let medians: Vec<f64> = lines.iter().map(|line| line.ratio.median).collect();
        assert_eq!(medians, [0.4, 0.4, 12.0, 1.05]);
        assert_eq!(lines[2].bound, Some(15.0));
    }

    #[test]
    fn what_is_missing_is_called_as_its_package() {
        assert_eq!(missing(ANSWER), ["stunnel4", "hitch"]);
    }
}
