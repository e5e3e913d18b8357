//! A check inside a program, against the bare signature verifications it contains.

use crate::bench::Arguments;
use crate::bench::chain::material;
use crate::bench::statistics::Ratio;
use crate::bench::verdict::Line;
use crate::command::Command;
use crate::failure::Failure;

/// The most time a check of what was read may take, as a multiple of its signature verifications.
/// Reading is shown with it and has no bound: it is paid by whoever holds files, not certificates.
const BOUND: f64 = 1.3;

/// Measures in a process of its own, which links the library as a user's program does.
pub(crate) fn measure(arguments: &Arguments) -> Result<Vec<Line>, Failure> {
    let answer = Command::cargo()
        .args([
            "bench",
            "--quiet",
            "--package",
            "keyway-tests",
            "--bench",
            "in_process",
            "--",
        ])
        .args([material(), arguments.rounds.to_string()])
        .output()?;
    let rounds = read(&answer);
    let line = |what: &str, bound, ours: fn(&Round) -> f64| {
        let pairs: Vec<(f64, f64)> = rounds.iter().map(|r| (ours(r), r.signatures)).collect();
        let ratio = Ratio::of(&pairs).ok_or_else(|| Failure::Answer {
            program: "the in-process benchmark".into(),
            detail: answer.clone(),
        })?;
        let what = format!("{what} in process / its signatures alone, time");
        Ok(Line { what, ratio, bound })
    };
    Ok(vec![
        line("check", Some(BOUND), |round| round.check)?,
        line("read and check", None, |round| round.read + round.check)?,
    ])
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
