//! `cargo xtask bench`: costs against peers, as ratios measured side by side.
//!
//! Absolute times move with the neighbours; a ratio of two runs a moment apart moves much less, CPU
//! time less than wall time, and instruction counts hardly at all. So both are shown.

mod chain;
mod in_process;
mod instructions;
mod job;
mod scan;
mod statistics;
mod verdict;

use crate::failure::Failure;
use crate::{install, voice};

/// What to measure.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The subject: `chain`, or one part of it: `check`, `in-process`, `scan`.
    #[arg(default_value = "chain")]
    subject: String,
    /// Rounds of each interleaved comparison.
    #[arg(long, default_value_t = 60)]
    rounds: usize,
    /// Files that `scan` is measured on.
    #[arg(long, default_value_t = 10_000)]
    files: usize,
}

/// A part of a subject.
type Part = fn(&Arguments) -> Result<Vec<verdict::Line>, Failure>;

const CHAIN: &[(&str, Part)] = &[
    ("check", chain::measure),
    ("in-process", in_process::measure),
    ("scan", scan::measure),
];

/// Measures one subject, prints its table and fails when a bound is passed.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let parts = chosen(&arguments.subject)?;
    for (program, package) in [
        ("openssl", "openssl"),
        ("valgrind", "valgrind"),
        ("time", "time"),
    ] {
        install::package(program, package)?;
    }
    let mut lines = Vec::new();
    for (name, part) in parts {
        voice::say(&format!("    measuring {name}"));
        lines.extend(part(arguments)?);
    }
    for line in &lines {
        voice::say(&line.to_string());
    }
    verdict::judge(&lines)
}

fn chosen(subject: &str) -> Result<Vec<(&'static str, Part)>, Failure> {
    let parts: Vec<(&str, Part)> = CHAIN
        .iter()
        .filter(|(name, _)| subject == "chain" || subject == *name)
        .copied()
        .collect();
    if parts.is_empty() {
        let known: Vec<&str> = CHAIN.iter().map(|(name, _)| *name).collect();
        return Err(Failure::Unknown {
            kind: "benchmark",
            name: subject.to_owned(),
            known: format!("chain, {}", known.join(", ")),
        });
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chain_is_all_its_parts() {
        assert_eq!(chosen("chain").unwrap().len(), CHAIN.len());
        assert_eq!(chosen("scan").unwrap().len(), 1);
        assert!(chosen("weather").is_err());
    }
}
