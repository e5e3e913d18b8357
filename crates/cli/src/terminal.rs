//! What stands at the other end of the output: colour, glyphs, width. Also how things end.

use std::env;
use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;

use keyway_chain::Report;
use keyway_report::Verdict;

use crate::arguments::Colour;
use crate::ending::BY_SIGNAL;
use crate::failure::Failure;
use crate::voice;

/// Width where there is no terminal, in columns.
const PLAIN_WIDTH: usize = 80;

/// Lines longer than this are hard to read, however wide the terminal is, in columns.
const WIDEST: usize = 100;

/// Below this, in columns, nothing is left of a line; a narrower terminal wraps lines itself.
const NARROWEST: usize = 40;

/// How things ended: the exit code's contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done, and nothing of severity error was found.
    Clean,
    /// Done, and something of severity error was found.
    Findings,
    /// Could not be done as asked.
    Failed,
    /// Broken off by a signal: its number.
    Ended(u8),
}

impl Exit {
    /// The number.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Findings => 1,
            Self::Failed => 2,
            Self::Ended(signal) => BY_SIGNAL.saturating_add(signal),
        }
    }

    /// What a report means for the exit code.
    pub(crate) fn of(report: &Report) -> Self {
        if report.has_errors() || report.verdicts.accepted == Verdict::No {
            Self::Findings
        } else {
            Self::Clean
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// How text is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Look {
    /// Whether to colour.
    pub(crate) colour: bool,
    /// Whether line-drawing characters may be used: the locale is UTF-8. Else ASCII.
    pub(crate) glyphs: bool,
    /// Columns that text is broken at.
    pub(crate) width: usize,
    /// Columns of the terminal, which a line is cut to fit; `None` where lines go to a file or a
    /// program, which gets them whole.
    pub(crate) screen: Option<usize>,
}

impl Look {
    /// For a log: lines as long as they are, and no colour.
    pub(crate) const fn of_a_log() -> Self {
        Self {
            colour: false,
            glyphs: false,
            width: 1 << 20,
            screen: None,
        }
    }

    /// The look of standard output.
    pub(crate) fn of_stdout(colour: Colour) -> Self {
        let stdout = io::stdout();
        let columns = env::var("COLUMNS").ok();
        let terminal = || {
            let size = terminal_size::terminal_size().filter(|_| stdout.is_terminal());
            size.map(|(width, _)| usize::from(width.0))
        };
        Self {
            colour: match colour {
                Colour::Always => true,
                Colour::Never => false,
                Colour::Auto => {
                    anstream::AutoStream::choice(&stdout) != anstream::ColorChoice::Never
                }
            },
            glyphs: is_utf8_locale(|name| env::var(name).ok()),
            width: width(columns.as_deref(), terminal),
            screen: stdout
                .is_terminal()
                .then(|| asked(columns.as_deref()).or_else(terminal))
                .flatten()
                .map(|columns| columns.max(NARROWEST)),
        }
    }
}

/// The width to draw for: `COLUMNS` (POSIX.1-2024, section 8.3), else the terminal's.
fn width(columns: Option<&str>, terminal: impl FnOnce() -> Option<usize>) -> usize {
    asked(columns)
        .or_else(terminal)
        .unwrap_or(PLAIN_WIDTH)
        .clamp(NARROWEST, WIDEST)
}

/// What `COLUMNS` says, where it says a number.
fn asked(columns: Option<&str>) -> Option<usize> {
    let columns = columns?.trim().parse().ok();
    columns.filter(|columns| *columns > 0)
}

/// Whether the locale's characters are UTF-8: the first of `LC_ALL`, `LC_CTYPE` and `LANG` that is
/// set decides (POSIX.1-2024, section 8.2). With none set, as in many containers, ASCII it is.
fn is_utf8_locale(variable: impl Fn(&str) -> Option<String>) -> bool {
    if cfg!(windows) {
        return true;
    }
    ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .filter_map(variable)
        .find(|value| !value.is_empty())
        .is_some_and(|value| {
            let value = value.to_ascii_lowercase();
            value.contains("utf-8") || value.contains("utf8")
        })
}

/// Whether somebody can be asked: both ends of the conversation are a terminal.
pub(crate) fn can_ask() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Writes to standard output.
///
/// # Errors
/// [`Failure::Output`], save for a closed pipe: whoever read it has seen enough.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::Output(error)),
        _ => Ok(()),
    }
}

/// A line beside the output: what somebody should know, and no part of the answer.
pub(crate) fn note(text: &str) {
    // Nothing is left to tell it to when this fails.
    let _ = writeln!(io::stderr().lock(), "keyway: {text}");
}

/// Says why the job could not be done.
pub(crate) fn fail(failure: &Failure) -> Exit {
    note(&voice::failure(failure));
    match failure {
        Failure::Ended(signal) => Exit::Ended(*signal),
        _ => Exit::Failed,
    }
}

/// Says what is wrong with the command line, or prints the help that was asked for.
pub(crate) fn refuse(error: &clap::Error) -> Exit {
    let _ = error.print();
    if error.use_stderr() {
        Exit::Failed
    } else {
        Exit::Clean
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn locale(set: &[(&str, &str)]) -> bool {
        is_utf8_locale(|name| {
            set.iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn the_environment_decides_the_width_then_the_terminal() {
        assert_eq!(width(Some("72"), || Some(90)), 72);
        assert_eq!(width(Some("10"), || None), NARROWEST);
        assert_eq!(width(Some("99999999999999999999999"), || Some(90)), 90);
        assert_eq!(width(Some("0"), || Some(500)), WIDEST);
        assert_eq!(width(None, || None), PLAIN_WIDTH);
    }

    #[test]
    #[cfg(unix)]
    fn glyphs_are_drawn_only_in_a_utf8_locale() {
        assert!(locale(&[("LANG", "de_DE.UTF-8")]));
        assert!(locale(&[("LC_ALL", ""), ("LC_CTYPE", "C.utf8")]));
        assert!(!locale(&[("LC_ALL", "C"), ("LANG", "de_DE.UTF-8")]));
        assert!(!locale(&[]));
    }
}
