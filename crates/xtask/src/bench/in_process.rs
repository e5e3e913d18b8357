//! A check inside a program, against the bare signature verifications it contains.

use crate::bench::Arguments;
use crate::bench::chain::material;
use crate::bench::statistics::Ratio;
use crate::bench::verdict::Line;
use crate::command::Command;
use crate::failure::Failure;

/// The most time a check may take, as a multiple of its signature verifications.
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
    let pairs = read(&answer);
    let ratio = Ratio::of(&pairs).ok_or_else(|| Failure::Answer {
        program: "the in-process benchmark".into(),
        detail: answer,
    })?;
    Ok(vec![Line::bounded(
        "check in process / its signatures alone, time",
        ratio,
        BOUND,
    )])
}

/// Reads lines of two numbers: nanoseconds of a check, nanoseconds of its signatures.
fn read(answer: &str) -> Vec<(f64, f64)> {
    answer
        .lines()
        .filter_map(|line| line.split_once(' '))
        .filter_map(|(check, signatures)| {
            Some((check.parse().ok()?, signatures.trim().parse().ok()?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_read_and_other_lines_skipped() {
        assert_eq!(
            read("running\n120 100\nno numbers\n130 100\n"),
            [(120.0, 100.0), (130.0, 100.0)]
        );
    }
}
