//! Service files: many in one process, against a tenth of them.

use crate::bench::Arguments;
use crate::bench::statistics::Ratio;
use crate::bench::verdict::Line;
use crate::command::Command;
use crate::failure::Failure;

/// The most time for each of ten thousand services, as a multiple of that for each of a thousand: the cost
/// grows as their number does. The rest is memory that no cache holds.
const LINEAR: f64 = 1.3;

/// How many times as many there are in the larger heap.
const TIMES: f64 = 10.0;

/// Reads and checks both heaps, in turn, in a process of their own.
pub(crate) fn measure(arguments: &Arguments) -> Result<Vec<Line>, Failure> {
    let answer = Command::cargo()
        .args(["bench", "--quiet", "--package", "keyway-tests"])
        .args(["--bench", "services", "--"])
        .args([arguments.rounds.to_string()])
        .output()?;
    let ratio = Ratio::of(&pairs(&answer)).ok_or_else(|| Failure::Answer {
        program: "the benchmark of service files".into(),
        detail: answer.clone(),
    })?;
    let what = "a service file among 10,000 / among 1,000, time";
    Ok(vec![Line::bounded(what, ratio, LINEAR)])
}

/// Reads lines of two numbers, as times of one service; others are skipped.
fn pairs(answer: &str) -> Vec<(f64, f64)> {
    answer
        .lines()
        .filter_map(|line| {
            let (many, few) = line.split_once(' ')?;
            let number = |text: &str| text.trim().parse::<f64>().ok();
            Some((number(many)? / TIMES, number(few)?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_one_service() {
        assert_eq!(pairs("running\n200 20\nno numbers\n"), [(20.0, 20.0)]);
    }
}
