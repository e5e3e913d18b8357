//! Instruction counts by valgrind: they do not care who else uses the machine.

use crate::bench::job::Job;
use crate::command::Command;
use crate::failure::Failure;

/// Instructions that one run of `job` executes in user space.
pub(crate) fn count(job: &Job) -> Result<f64, Failure> {
    let log = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .args([&job.program])
        .args(&job.arguments)
        .errors()?;
    read(&log).ok_or_else(|| Failure::Answer {
        program: "valgrind".into(),
        detail: log,
    })
}

/// Finds the total in callgrind's log: `==123== Collected : 4567`.
fn read(log: &str) -> Option<f64> {
    let line = log.lines().find(|line| line.contains("Collected :"))?;
    line.rsplit(':').next()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_total_is_found_in_the_log() {
        let log = "==7== Callgrind\n==7== Events    : Ir\n==7== Collected : 123456\n==7==\n";
        assert_eq!(read(log), Some(123_456.0));
        assert_eq!(read("==7== killed"), None);
    }
}
