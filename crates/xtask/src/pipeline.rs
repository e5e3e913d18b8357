//! `cargo xtask test`: every step a change must pass, cheap ones first, the first failure stops.

use std::time::Instant;

use crate::command::Command;
use crate::failure::Failure;
use crate::{deny, docs, fuzz, install, tidy, voice, web};

/// Seconds for each fuzz target: a smoke test, and a replay of its seeds. The nightly job digs.
const FUZZ_SECONDS: u32 = 6;

/// Each way a program may link keyway-chain.
const CHAIN_FEATURES: [&str; 5] = ["", "aws-lc-rs", "rustcrypto", "mozilla-roots", "schema"];

/// The feature of the command line that brings `object_store`.
const OBJECT_STORE: &str = "keyway/object-store";

/// A step: its name, and what it does.
type Step = (&'static str, fn() -> Result<(), Failure>);

const STEPS: &[Step] = &[
    ("format", format),
    ("tidy: house rules", tidy::run),
    ("install: what the steps below need", install::everything),
    ("deny: bans, licences, sources, advisories", deny::check),
    ("clippy, warnings are errors", clippy),
    ("cargo test --workspace", tests),
    ("object store: replicas that share one", object_store),
    ("keyway-chain with each feature alone", features),
    ("docs: generated pages are current", docs::check),
    ("rules: vectors and pages", tidy::rules),
    (
        "web: the browser module, its imports and its answers",
        web::check,
    ),
    (
        "browser: the page in Chromium, the package in Node and Chromium",
        web::browse,
    ),
    ("fuzz: every target, briefly", fuzz_briefly),
];

/// Runs the steps whose name holds `only`, or all of them.
pub(crate) fn run(only: Option<&str>) -> Result<(), Failure> {
    let steps = chosen(only)?;
    let began = Instant::now();
    for (index, (name, step)) in steps.iter().enumerate() {
        voice::heading(index + 1, steps.len(), name);
        let step_began = Instant::now();
        step()?;
        voice::done(name, step_began.elapsed());
    }
    voice::done("\nall steps", began.elapsed());
    Ok(())
}

fn chosen(only: Option<&str>) -> Result<Vec<Step>, Failure> {
    let steps: Vec<Step> = STEPS
        .iter()
        .filter(|(name, _)| only.is_none_or(|wanted| name.contains(wanted)))
        .copied()
        .collect();
    if steps.is_empty() {
        let known: Vec<&str> = STEPS.iter().map(|(name, _)| *name).collect();
        return Err(Failure::Unknown {
            kind: "step",
            name: only.unwrap_or_default().to_owned(),
            known: known.join("; "),
        });
    }
    Ok(steps)
}

fn format() -> Result<(), Failure> {
    Command::cargo().args(["fmt", "--all", "--check"]).run()
}

fn clippy() -> Result<(), Failure> {
    Command::cargo()
        .args(["clippy", "--quiet", "--workspace", "--all-targets"])
        .args(["--", "-D", "warnings"])
        .run()
}

fn tests() -> Result<(), Failure> {
    Command::cargo().args(["test", "--workspace"]).run()
}

/// What is shared in an object store, which is a feature. All members are named, so that what they have in common is
/// built once.
fn object_store() -> Result<(), Failure> {
    let with = ["--workspace", "--features", OBJECT_STORE];
    Command::cargo()
        .args(["clippy", "--quiet"])
        .args(with)
        .args(["--lib", "--bin", "keyway", "--test", "store"])
        .args(["--test", "replicas", "--", "-D", "warnings"])
        .run()?;
    Command::cargo()
        .args(["test"])
        .args(with)
        .args(["--test", "store", "--test", "replicas"])
        .run()
}

fn features() -> Result<(), Failure> {
    for features in CHAIN_FEATURES {
        Command::cargo()
            .args([
                "clippy",
                "--quiet",
                "--package",
                "keyway-chain",
                "--no-default-features",
            ])
            .args(["--features", features, "--", "-D", "warnings"])
            .run()?;
    }
    Ok(())
}

fn fuzz_briefly() -> Result<(), Failure> {
    fuzz::run("all", FUZZ_SECONDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_can_be_chosen_by_a_part_of_their_name() {
        let steps = chosen(Some("web:")).unwrap();
        assert_eq!(steps.len(), 1);
        assert!(chosen(Some("no such step")).is_err());
        assert_eq!(chosen(None).unwrap().len(), STEPS.len());
    }
}
