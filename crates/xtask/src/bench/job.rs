//! A whole process as something that costs.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::bench::statistics::median;
use crate::command::Command;
use crate::failure::Failure;

/// Runs before measuring: files in the page cache, the processor awake.
const WARM_UP: usize = 3;

/// A command line that is run again and again.
#[derive(Clone)]
pub(crate) struct Job {
    pub(crate) program: PathBuf,
    pub(crate) arguments: Vec<String>,
    /// The exit code that says the job was done: a peer that failed early would look fast.
    pub(crate) expected: i32,
}

/// What one run cost.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cost {
    /// User and system time of all threads.
    pub(crate) cpu: Duration,
    /// Time on the clock.
    pub(crate) wall: Duration,
}

impl Job {
    pub(crate) fn new<I: IntoIterator<Item: Into<String>>>(
        program: impl Into<PathBuf>,
        arguments: I,
    ) -> Self {
        Self {
            program: program.into(),
            arguments: arguments.into_iter().map(Into::into).collect(),
            expected: 0,
        }
    }

    /// The command, ready to run.
    pub(crate) fn command(&self) -> Command {
        Command::new(&self.program).args(&self.arguments)
    }

    /// Runs once.
    pub(crate) fn cost(&self) -> Result<Cost, Failure> {
        let before = children_cpu()?;
        let began = Instant::now();
        let code = self.command().code()?;
        let wall = began.elapsed();
        if code != Some(self.expected) {
            return Err(Failure::Answer {
                program: format!("{} {}", self.program.display(), self.arguments.join(" ")),
                detail: format!("exit code {code:?} where {} was expected", self.expected),
            });
        }
        let cpu = children_cpu()?.saturating_sub(before);
        Ok(Cost { cpu, wall })
    }

    /// The most memory that it holds, in kB: the middle of three runs.
    pub(crate) fn memory(&self) -> Result<f64, Failure> {
        let runs: Vec<f64> = (0..3)
            .map(|_| self.memory_once())
            .collect::<Result<_, _>>()?;
        Ok(median(&runs).unwrap_or_default())
    }

    fn memory_once(&self) -> Result<f64, Failure> {
        let answer = Command::new("time")
            .args(["--quiet", "--format", "%M"])
            .args([&self.program])
            .args(&self.arguments)
            .errors()?;
        let last = answer.lines().last().unwrap_or_default();
        last.trim().parse().map_err(|_| Failure::Answer {
            program: "time".into(),
            detail: answer.clone(),
        })
    }
}

/// Runs both jobs `rounds` times, side by side, each first in every other round.
pub(crate) fn interleave(
    ours: &Job,
    theirs: &Job,
    rounds: usize,
) -> Result<Vec<(Cost, Cost)>, Failure> {
    for _ in 0..WARM_UP {
        ours.cost()?;
        theirs.cost()?;
    }
    let mut pairs = Vec::with_capacity(rounds);
    for round in 0..rounds {
        if round % 2 == 0 {
            let first = ours.cost()?;
            pairs.push((first, theirs.cost()?));
        } else {
            let first = theirs.cost()?;
            pairs.push((ours.cost()?, first));
        }
    }
    Ok(pairs)
}

/// CPU time in seconds, pair by pair.
pub(crate) fn cpu(pairs: &[(Cost, Cost)]) -> Vec<(f64, f64)> {
    pairs
        .iter()
        .map(|(ours, theirs)| (ours.cpu.as_secs_f64(), theirs.cpu.as_secs_f64()))
        .collect()
}

/// CPU time of all children that have ended, to the microsecond.
#[cfg(unix)]
fn children_cpu() -> Result<Duration, Failure> {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike;
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).map_err(|error| Failure::Answer {
        program: "getrusage".into(),
        detail: error.to_string(),
    })?;
    let spent = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Ok(Duration::from_micros(
        u64::try_from(spent).unwrap_or_default(),
    ))
}

#[cfg(not(unix))]
fn children_cpu() -> Result<Duration, Failure> {
    Err(Failure::Missing {
        what: "a way to measure the CPU time of a process",
        how: "Run the benchmarks on Linux or macOS.".into(),
    })
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_job_that_fails_is_no_measurement() {
        let job = Job::new("false", Vec::<String>::new());
        assert!(job.cost().is_err());
        assert!(Job { expected: 1, ..job }.cost().is_ok());
    }

    #[test]
    fn busy_jobs_cost_more_than_idle_ones() {
        let busy = Job::new(
            "sh",
            ["-c", "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done"],
        );
        let idle = Job::new("true", Vec::<String>::new());
        let pairs = interleave(&busy, &idle, 3).unwrap();
        assert_eq!(pairs.len(), 3);
        assert!(cpu(&pairs).iter().all(|(busy, idle)| busy > idle));
    }
}
