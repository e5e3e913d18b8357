//! What the tasks print. The one file here that may.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::time::Duration;

use crate::failure::Failure;

/// Announces a step.
pub(crate) fn heading(number: usize, of: usize, title: &str) {
    println!("\n==> [{number}/{of}] {title}");
}

/// Closes a step that went well.
pub(crate) fn done(title: &str, took: Duration) {
    println!("    {title}: ok in {:.1} s", took.as_secs_f64());
}

/// Says one line of news.
pub(crate) fn say(line: &str) {
    println!("{line}");
}

/// Says the last word of a failed run.
pub(crate) fn failed(failure: &Failure) {
    eprintln!("\nxtask: {failure}");
}
