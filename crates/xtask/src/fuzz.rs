//! Fuzz targets: found in `fuzz/fuzz_targets`, seeded from `fuzz/corpus`, run on nightly.

use std::fs;
use std::num::NonZeroUsize;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::command::Command;
use crate::failure::Failure;
use crate::{install, voice, workspace};

/// Memory a target may use, in MB: far above what any input within our limits needs.
const MEMORY_LIMIT: &str = "-rss_limit_mb=2048";

/// Seconds one input may take before it counts as a hang.
const TIME_LIMIT: &str = "-timeout=10";

/// Runs `target` (or all of them) for `seconds` each.
pub(crate) fn run(target: &str, seconds: u32) -> Result<(), Failure> {
    let known = targets(&workspace::root().join("fuzz/fuzz_targets"))?;
    let chosen = choose(target, &known)?;
    let program = install::FUZZ.locate()?;
    nightly()?;
    let build = |only: &[&str]| cargo_fuzz(&program, "build").args(only).run();
    // All at once keeps every processor busy; one alone needs no others.
    match chosen.as_slice() {
        [one] => build(&[one])?,
        _ => build(&[])?,
    }
    together(&chosen, |name| {
        voice::say(&format!("    {name} for {seconds} s"));
        run_one(&program, name, seconds)
    })
}

/// Does something for each, by as many threads as there are processors; the first failure is told.
fn together(
    names: &[String],
    work: impl Fn(&str) -> Result<(), Failure> + Sync,
) -> Result<(), Failure> {
    let next = AtomicUsize::new(0);
    let take = || {
        while let Some(name) = names.get(next.fetch_add(1, Ordering::Relaxed)) {
            work(name)?;
        }
        Ok(())
    };
    let processors = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..processors).map(|_| scope.spawn(take)).collect();
        let mut done = workers
            .into_iter()
            .map(|worker| worker.join().unwrap_or_else(|panic| resume_unwind(panic)));
        done.try_for_each(|done| done)
    })
}

/// cargo-fuzz starts `cargo`; the toolchain override makes that nightly's.
fn cargo_fuzz(program: &Path, command: &str) -> Command {
    Command::new(program)
        .env("RUSTUP_TOOLCHAIN", "nightly")
        .without("CARGO")
        .without("RUSTC")
        .without("RUSTDOC")
        .args([command, "--target-dir"])
        .args([workspace::target().join("fuzz")])
}

/// Makes sure that a nightly toolchain is there: the sanitizer's flags exist only on it.
pub(crate) fn nightly() -> Result<(), Failure> {
    if Command::cargo_of("nightly").args(["--version"]).succeeds() {
        return Ok(());
    }
    Err(Failure::Missing {
        what: "the nightly toolchain",
        how: "Run `rustup toolchain install nightly --profile minimal`.".into(),
    })
}

fn run_one(program: &Path, name: &str, seconds: u32) -> Result<(), Failure> {
    // New finds go to the first folder, outside the tree; the seeds in the second are only read.
    let found = workspace::target().join("corpus").join(name);
    let seeds = workspace::root().join("fuzz/corpus").join(name);
    for folder in [&found, &seeds] {
        fs::create_dir_all(folder).map_err(Failure::at(folder))?;
    }
    cargo_fuzz(program, "run")
        .args([name])
        .args([found, seeds])
        .args([
            "--",
            &format!("-max_total_time={seconds}"),
            "-print_final_stats=0",
        ])
        .args(["-verbosity=0", MEMORY_LIMIT, TIME_LIMIT])
        .run()
}

/// The targets in `folder`, by file name, sorted.
fn targets(folder: &Path) -> Result<Vec<String>, Failure> {
    let entries = fs::read_dir(folder).map_err(Failure::at(folder))?;
    let mut names: Vec<String> = entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .filter_map(|path: PathBuf| Some(path.file_stem()?.to_str()?.to_owned()))
        .collect();
    names.sort();
    Ok(names)
}

fn choose(wanted: &str, known: &[String]) -> Result<Vec<String>, Failure> {
    let chosen: Vec<String> = known
        .iter()
        .filter(|name| wanted == "all" || wanted == *name)
        .cloned()
        .collect();
    if chosen.is_empty() {
        return Err(Failure::Unknown {
            kind: "fuzz target",
            name: wanted.to_owned(),
            known: known.join(", "),
        });
    }
    Ok(chosen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_the_rust_files_of_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["read.rs", "check.rs", "notes.md"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        assert_eq!(targets(folder.path()).unwrap(), ["check", "read"]);
    }

    #[test]
    fn all_means_every_target() {
        let known = ["check".to_owned(), "read".to_owned()];
        assert_eq!(choose("all", &known).unwrap(), known);
        assert_eq!(choose("read", &known).unwrap(), ["read"]);
    }

    #[test]
    fn an_unknown_target_is_named_with_the_known_ones() {
        let failure = choose("raed", &["read".to_owned()]).unwrap_err();
        assert!(failure.to_string().contains("`raed`; there is: read"));
    }
}
