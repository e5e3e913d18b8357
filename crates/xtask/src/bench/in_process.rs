//! A check inside a program, against the bare signature verifications it contains.

use crate::bench::Arguments;
use crate::bench::chain::material_named;
use crate::bench::statistics::Ratio;
use crate::bench::verdict::Line;
use crate::command::Command;
use crate::failure::Failure;

/// The most time a check of what was read may take, as a multiple of its signature verifications.
/// Reading is shown with it and has no bound: it is paid by whoever holds files, not certificates.
const BOUND: f64 = 1.3;

/// The chains, and what is promised of them: what a server sends that has a leaf and two
/// intermediates, so three signatures. The benchmark makes them, below a root that is trusted beside
/// Mozilla's. RSA is the cheapest to verify, so its ratio is the worst.
const MADE: &[(&str, &str)] = &[("RSA 2048", "rsa"), ("ECDSA P-256", "ecdsa")];

/// Public chains whose paths end at a root of Mozilla's after two signatures. The RSA one carries 18
/// names, most of them wildcards; they are shown, for what the names cost.
const PUBLIC: &[(&str, &str)] = &[
    (
        "RSA 2048, two of a public leaf with 18 names",
        "leaf-and-two.pem",
    ),
    (
        "ECDSA P-384, two of a public leaf",
        "leaf-and-one-ecdsa.pem",
    ),
];

/// Measures in a process of its own, which links the library as a user's program does.
pub(crate) fn measure(arguments: &Arguments) -> Result<Vec<Line>, Failure> {
    let mut lines = Vec::new();
    let made = MADE
        .iter()
        .map(|(what, name)| (what, (*name).to_owned(), Some(BOUND)));
    let public = PUBLIC
        .iter()
        .map(|(what, file)| (what, material_named(file), None));
    for (algorithm, chain, bound) in made.chain(public) {
        let answer = run(&chain, arguments.rounds)?;
        let rounds = read(&answer);
        let mut add = |what: &str, bound, ours: fn(&Round) -> f64| {
            let pairs: Vec<(f64, f64)> = rounds.iter().map(|r| (ours(r), r.signatures)).collect();
            let ratio = Ratio::of(&pairs).ok_or_else(|| Failure::Answer {
                program: "the in-process benchmark".into(),
                detail: answer.clone(),
            })?;
            let what = format!("{what} / its {algorithm} signatures alone, time");
            lines.push(Line { what, ratio, bound });
            Ok::<(), Failure>(())
        };
        add("check in process", bound, |round| round.check)?;
        add("read and check", None, |round| round.read + round.check)?;
    }
    Ok(lines)
}

fn run(chain: &str, rounds: usize) -> Result<String, Failure> {
    Command::cargo()
        .args(["bench", "--quiet", "--package", "keyway-tests"])
        .args(["--bench", "in_process", "--"])
        .args([chain.to_owned(), rounds.to_string()])
        .output()
}

/// Nanoseconds of one round.
#[derive(Debug, PartialEq)]
struct Round {
    read: f64,
    check: f64,
    signatures: f64,
}

/// Reads lines of three numbers; others are skipped.
fn read(answer: &str) -> Vec<Round> {
    answer
        .lines()
        .filter_map(|line| {
            let mut numbers = line.split_whitespace().map(str::parse);
            let mut next = || numbers.next()?.ok();
            Some(Round {
                read: next()?,
                check: next()?,
                signatures: next()?,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_are_read_and_other_lines_skipped() {
        let rounds = read("running\n20 120 100\nno numbers at all\n30 130\n");
        assert_eq!(
            rounds,
            [Round {
                read: 20.0,
                check: 120.0,
                signatures: 100.0
            }]
        );
    }
}
