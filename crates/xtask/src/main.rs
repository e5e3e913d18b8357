//! The project's own tasks: `cargo xtask test`, `tidy`, `fuzz`, `bench`, `docs`, `install`.
//!
//! Nothing here ships. The tasks know the machine (packages, toolchains, clocks) so that no other
//! crate has to.

mod bench;
mod built;
mod command;
mod deny;
mod docs;
mod failure;
mod fuzz;
mod install;
mod pipeline;
mod suffixes;
mod tidy;
mod voice;
mod wasm;
mod web;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::failure::Failure;

/// The tasks of the Keyway workspace.
#[derive(Parser)]
#[command(name = "cargo xtask", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Everything a change must pass; stops at the first failure.
    Test {
        /// Runs only the steps whose name holds this text.
        #[arg(long)]
        only: Option<String>,
    },
    /// The house rules over the source tree.
    Tidy {
        /// Asks the binary instead: every rule has its page and its vectors, codes are unique.
        #[arg(long)]
        rules: bool,
    },
    /// Runs fuzz targets on the nightly toolchain.
    Fuzz {
        /// The target, or `all`.
        #[arg(default_value = "all")]
        target: String,
        /// Seconds for each target.
        #[arg(default_value_t = 60)]
        seconds: u32,
    },
    /// Measures against peers, as ratios.
    Bench(bench::Arguments),
    /// Writes the generated pages: rules, schemas, manual pages, completions.
    Docs {
        /// Compares instead of writing, and fails on a difference.
        #[arg(long)]
        check: bool,
    },
    /// Builds the browser module into web/pkg, where the page loads it from.
    Web(web::Arguments),
    /// Writes the table of public suffixes from Mozilla's list, `public_suffix_list.dat`.
    Suffixes {
        /// The list.
        file: std::path::PathBuf,
    },
    /// Installs what `test` needs, or says what is missing and how to get it.
    Install,
}

fn main() -> ExitCode {
    match run(Arguments::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            voice::failed(&failure);
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<(), Failure> {
    match task {
        Task::Test { only } => pipeline::run(only.as_deref()),
        Task::Tidy { rules: false } => tidy::run(),
        Task::Tidy { rules: true } => tidy::rules(),
        Task::Fuzz { target, seconds } => fuzz::run(&target, seconds),
        Task::Bench(arguments) => bench::run(&arguments),
        Task::Docs { check: true } => docs::check(),
        Task::Docs { check: false } => docs::write(),
        Task::Web(arguments) => web::run(&arguments),
        Task::Suffixes { file } => suffixes::write(&file),
        Task::Install => install::everything(),
    }
}
