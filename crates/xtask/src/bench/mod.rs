//! `cargo xtask bench`: costs against peers, as ratios measured side by side.
//!
//! Absolute times move with the neighbours; a ratio of two runs a moment apart moves much less, CPU
//! time less than wall time, and instruction counts hardly at all. So both are shown.

mod chain;
mod config;
mod dns;
mod in_process;
mod instructions;
mod job;
mod scan;
mod statistics;
mod termination;
mod verdict;
mod web;

use crate::failure::Failure;
use crate::{install, voice};

/// What to measure.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The subject, `chain`, `config`, `dns`, `termination` or `web`, or one part of it: `check`, `in-process`,
    /// `scan`; `services`; `zones`; `servers`; `weight`, `first-verdict`, `over-native`.
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

/// Each part: its subject, its name, and what measures it.
const PARTS: &[(&str, &str, Part)] = &[
    ("chain", "check", chain::measure),
    ("chain", "in-process", in_process::measure),
    ("chain", "scan", scan::measure),
    ("config", "services", config::measure),
    ("dns", "zones", dns::measure),
    ("termination", "servers", termination::measure),
    ("web", "weight", web::weigh),
    ("web", "first-verdict", web::first_verdict),
    ("web", "over-native", web::over_native),
];

/// What the measurements of `chain` take.
const PEERS: [(&str, &str); 3] = [
    ("openssl", "openssl"),
    ("valgrind", "valgrind"),
    ("time", "time"),
];

/// Measures one subject, prints its table and fails when a bound is passed.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let parts = chosen(&arguments.subject)?;
    let mut lines = Vec::new();
    for (subject, name, part) in parts {
        for (program, package) in PEERS.iter().filter(|_| subject == "chain") {
            install::package(program, package)?;
        }
        voice::say(&format!("    measuring {name}"));
        lines.extend(part(arguments)?);
    }
    for line in &lines {
        voice::say(&line.to_string());
    }
    verdict::judge(&lines)
}

fn chosen(wanted: &str) -> Result<Vec<(&'static str, &'static str, Part)>, Failure> {
    let parts: Vec<(&str, &str, Part)> = PARTS
        .iter()
        .filter(|(subject, name, _)| [*subject, *name].contains(&wanted))
        .copied()
        .collect();
    if parts.is_empty() {
        let known: Vec<&str> = PARTS.iter().map(|(_, name, _)| *name).collect();
        return Err(Failure::Unknown {
            kind: "benchmark",
            name: wanted.to_owned(),
            known: format!("chain, config, dns, termination, web, {}", known.join(", ")),
        });
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_all_its_parts() {
        assert_eq!(chosen("chain").unwrap().len(), 3);
        assert_eq!(chosen("config").unwrap().len(), 1);
        assert_eq!(chosen("dns").unwrap().len(), 1);
        assert_eq!(chosen("termination").unwrap().len(), 1);
        assert_eq!(chosen("web").unwrap().len(), 3);
        assert_eq!(chosen("scan").unwrap().len(), 1);
        assert!(chosen("weather").is_err());
    }
}
