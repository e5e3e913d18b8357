//! `keyway`: check, explain and repair certificate chains from the command line.
//!
//! What was typed ([`arguments`]) becomes what was meant ([`intent`]: files read, roots loaded, the
//! moment fixed), a command does the work, and [`voice`] or a format says it. The exit code is a
//! contract: 0 nothing of severity error, 1 something of severity error, 2 the job could not be done.

mod arguments;
mod commands;
mod failure;
mod formats;
mod intent;
mod terminal;
mod voice;

use std::process::ExitCode;

use clap::Parser as _;
use clap::error::{ContextKind, ContextValue};
use keyway_report::escape;

use crate::arguments::Arguments;

fn main() -> ExitCode {
    match Arguments::try_parse() {
        Ok(arguments) => commands::run(&arguments).into(),
        Err(error) => terminal::refuse(&told(safe(error))).into(),
    }
}

/// What somebody meant who wrote a word that is no command, where the nearest command would do something else.
const MEANT: &[(&str, &str)] = &[("renew", "update --renew")];

/// The same error with the right advice.
fn told(mut error: clap::Error) -> clap::Error {
    if let Some(ContextValue::String(given)) = error.get(ContextKind::InvalidSubcommand)
        && let Some((_, meant)) = MEANT.iter().find(|(word, _)| word == given)
    {
        let meant = ContextValue::Strings(vec![(*meant).to_owned()]);
        error.insert(ContextKind::SuggestedSubcommand, meant);
    }
    error
}

/// The same error about arguments that are safe to show: a pattern of the shell puts names of files on the
/// command line, and they may hold anything.
fn safe(error: clap::Error) -> clap::Error {
    let shown = std::env::args_os().map(|argument| escape::bytes(argument.as_encoded_bytes()));
    Arguments::try_parse_from(shown).err().unwrap_or(error)
}
