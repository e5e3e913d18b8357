//! The commands.

mod check;
mod dev;
mod dns;
mod explain;
pub(crate) mod fix;
mod generate;
mod inspect;
mod renew;
pub(crate) mod scan;
pub(crate) mod serve;
mod service;
mod up;

use crate::arguments::{Arguments, Command};
use crate::failure::Failure;
use crate::terminal::{self, Exit, Look};

/// Does what was asked, and says when it could not be done.
pub(crate) fn run(arguments: &Arguments) -> Exit {
    let look = Look::of_stdout(arguments.color);
    dispatch(&arguments.command, look).unwrap_or_else(|failure| terminal::fail(&failure))
}

fn dispatch(command: &Command, look: Look) -> Result<Exit, Failure> {
    match command {
        Command::Up(arguments) => up::run(arguments, look),
        Command::Dev(command) => dev::run(command, look),
        Command::Check(arguments) => check::run(arguments, look),
        Command::Fix(arguments) => fix::run(arguments, look),
        Command::Inspect(arguments) => inspect::run(arguments, look),
        Command::Scan(arguments) => scan::run(arguments, look),
        Command::Explain(arguments) => explain::run(arguments, look),
        Command::Enable(arguments) => service::enable::run(arguments, look),
        Command::Update(arguments) => service::update::run(arguments, look),
        Command::Renew(arguments) => renew::run(arguments, look),
        Command::Disable(arguments) => service::disable::run(arguments, look),
        Command::Status(arguments) => service::status::run(arguments, look),
        Command::Serve(arguments) => serve::run(arguments, look),
        Command::Config(command) => service::config::run(command, look),
        Command::Dns(command) => dns::run(command, look),
        Command::Completions { shell } => generate::completions(*shell),
        Command::Man => generate::manual(),
        Command::Generate(arguments) => generate::run(arguments),
    }
}
