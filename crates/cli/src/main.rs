//! `keyway`: check, explain and repair certificate chains from the command line.
//!
//! What was typed ([`arguments`]) becomes what was meant ([`intent`]: files read, roots loaded, the
//! moment fixed), a command does the work, and [`voice`] or a format says it. The exit code is a
//! contract: 0 nothing of severity error, 1 something of severity error, 2 the job could not be done.

mod arguments;
mod commands;
mod ending;
mod failure;
mod formats;
mod intent;
mod terminal;
mod voice;

use std::process::ExitCode;

use clap::Parser as _;
use keyway_report::escape;

use crate::arguments::Arguments;

fn main() -> ExitCode {
    match Arguments::try_parse() {
        Ok(arguments) => commands::run(&arguments).into(),
        Err(error) => terminal::refuse(&safe(error)).into(),
    }
}

/// The same error about arguments that are safe to show: a pattern of the shell puts names of files on the
/// command line, and they may hold anything.
fn safe(error: clap::Error) -> clap::Error {
    let shown = std::env::args_os().map(|argument| escape::bytes(argument.as_encoded_bytes()));
    Arguments::try_parse_from(shown).err().unwrap_or(error)
}
