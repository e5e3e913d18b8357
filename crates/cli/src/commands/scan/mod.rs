//! `keyway scan`: every file below folders, each judged by itself.
//!
//! One thread walks, workers read and judge, and this one prints. What is under way is bounded, so
//! memory does not grow with the number of files; lines come out in the order of the walk.

mod counter;
mod file;
mod pool;
mod tally;
mod walk;

pub(crate) use file::{BlockWord, Held, Outcome, Scanned};
pub(crate) use tally::Tally;

use std::io::{self, BufWriter, IsTerminal as _, Write};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use self::counter::Counter;
use self::walk::Walk;
use crate::arguments::{ListFormat, ScanArguments};
use crate::failure::Failure;
use crate::formats::lines;
use crate::intent::{Passwords, Standard};
use crate::terminal::{Exit, Look};
use crate::voice;

/// Walks, judges, prints, sums up.
pub(crate) fn run(arguments: &ScanArguments, look: Look) -> Result<Exit, Failure> {
    let standard = Standard::resolve(&arguments.judge)?;
    let passwords = Passwords::named(&arguments.password)?;
    let walk = Walk::new(&arguments.paths)?;
    let mut out = Printer::new();
    if !out.bar.is_hidden() {
        out.counter = Some(Counter::start(Walk::new(&arguments.paths)?));
    }
    let mut tally = Tally::default();
    let judge = |found| {
        let scanned = file::scan(found, &standard, &passwords);
        let line = line(&scanned, arguments, look);
        (scanned.into_tally(), line)
    };
    let printed = pool::run(walk, &judge, |(one, line)| {
        tally.add(one);
        out.line(&line, &tally)
    });
    let printed = printed.and_then(|()| {
        out.finish(&match arguments.format {
            ListFormat::Text => voice::scan_summary(&tally, look),
            ListFormat::Json => lines::summary(&tally),
        })
    });
    match printed {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::Output(error)),
        _ => Ok(tally.exit()),
    }
}

/// The line of one file; empty when none was asked for.
fn line(scanned: &Scanned, arguments: &ScanArguments, look: Look) -> String {
    match arguments.format {
        ListFormat::Json => lines::file(scanned),
        ListFormat::Text if arguments.quiet && !scanned.is_bad() => String::new(),
        // Below a folder most files are something else; one that was named is asked about.
        ListFormat::Text if scanned.is_aside() && !scanned.named && !arguments.verbose => {
            String::new()
        }
        ListFormat::Text => voice::scan_line(scanned, look),
    }
}

/// Lines on standard output, progress on a terminal beside it.
struct Printer {
    out: BufWriter<io::Stdout>,
    bar: ProgressBar,
    /// How many files there are; kept only for the bar.
    counter: Option<Counter>,
    /// Whether lines and progress share a terminal, and lines must appear at once.
    shared: bool,
}

impl Printer {
    fn new() -> Self {
        let bar = if io::stderr().is_terminal() {
            ProgressBar::with_draw_target(Some(1), ProgressDrawTarget::stderr()).with_style(style())
        } else {
            ProgressBar::hidden()
        };
        Self {
            counter: None,
            out: BufWriter::new(io::stdout()),
            shared: !bar.is_hidden() && io::stdout().is_terminal(),
            bar,
        }
    }

    fn line(&mut self, line: &str, tally: &Tally) -> io::Result<()> {
        if self.shared {
            let out = &mut self.out;
            self.bar
                .suspend(|| out.write_all(line.as_bytes()).and_then(|()| out.flush()))?;
        } else {
            self.out.write_all(line.as_bytes())?;
        }
        if let Some(counter) = &self.counter {
            let (found, is_counted) = counter.so_far(tally.files());
            self.bar.set_length(found);
            self.bar.set_position(tally.files());
            let message = voice::scan_progress(tally, found, is_counted);
            self.bar.set_message(message);
        }
        Ok(())
    }

    fn finish(&mut self, summary: &str) -> io::Result<()> {
        self.bar.finish_and_clear();
        self.out.write_all(summary.as_bytes())?;
        self.out.flush()
    }
}

fn style() -> ProgressStyle {
    // The template is a constant; were it wrong, the usual style does.
    ProgressStyle::with_template("[{bar:24}] {wide_msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .progress_chars("=> ")
}
