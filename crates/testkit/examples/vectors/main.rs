//! Writes the rule vectors: `cargo run -p keyway-testkit --example vectors -- tests/vectors/rules`.
//!
//! Every rule has vectors that fire and vectors that stay silent; the silent one is the near miss.
//! The output is the same byte for byte on every run, and the tests check that what is committed is
//! what this program writes.
// Its usage and errors go to the terminal of whoever runs it.
#![allow(clippy::print_stderr)]

mod case;
mod chain;
mod issuers;
mod key;
mod lines;
mod name;
mod pem;
mod policy;
mod revocation;
mod time;

use std::path::PathBuf;
use std::process::ExitCode;

use case::Case;

/// An area of rules, and its vectors.
type Area = (&'static str, fn() -> Vec<Case>);

const AREAS: &[Area] = &[
    ("pem", pem::cases),
    ("pem", lines::cases),
    ("key", key::cases),
    ("chain", chain::cases),
    ("chain", issuers::cases),
    ("chain", revocation::cases),
    ("time", time::cases),
    ("name", name::cases),
    ("policy", policy::cases),
];

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(out) = arguments.next().map(PathBuf::from) else {
        eprintln!("usage: vectors FOLDER [AREA]");
        return ExitCode::from(2);
    };
    let only = arguments.next();
    let areas = AREAS
        .iter()
        .filter(|(area, _)| only.as_deref().is_none_or(|only| only == *area));
    for case in areas.flat_map(|(_, cases)| cases()) {
        if let Err(error) = case.write(&out) {
            eprintln!("{}: {error}", out.display());
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}
