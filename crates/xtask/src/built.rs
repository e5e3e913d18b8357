//! Our own programs, built with the very dependencies that the tests are built with.
//!
//! A package built by itself asks less of its dependencies than the workspace does, and cargo builds most of
//! them again for that. Here cargo is asked for the whole workspace, of which it builds what is named.

use std::env::consts::{EXE_EXTENSION, EXE_SUFFIX};
use std::path::Path;

use crate::command::Command;
use crate::failure::Failure;
use crate::workspace;

/// An example that is built beside the command line, as only with one do the wishes of development
/// dependencies count; of ours the one that brings the least.
const BESIDE: &str = "own_ca";

/// The command line.
pub(crate) fn keyway() -> Result<Command, Failure> {
    build(&["--bin", "keyway", "--example", BESIDE])?;
    Ok(program(Path::new(&format!("keyway{EXE_SUFFIX}"))))
}

/// An example, with features of its package beside the usual ones.
pub(crate) fn example(name: &str, features: &str) -> Result<Command, Failure> {
    build(&["--example", name, "--features", features])?;
    let file = Path::new("examples").join(name);
    Ok(program(&file.with_extension(EXE_EXTENSION)))
}

fn build(what: &[&str]) -> Result<(), Failure> {
    Command::cargo()
        .args(["build", "--quiet", "--workspace"])
        .args(what)
        .run()
}

fn program(file: &Path) -> Command {
    Command::new(workspace::target().join("debug").join(file))
}
