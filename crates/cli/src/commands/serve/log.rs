//! What happens while serving, line by line.

use std::io::{self, Write as _};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use keyway_termination::Observer;
use keyway_termination::metrics::Metrics;
use keyway_termination::observe::{Exchange, Handshake, Passage, Refusal};

use crate::arguments::AccessLog;
use crate::terminal;
use crate::voice;

/// Lines about failures within one [`SPAN`]; what is beyond is counted. Whoever knocks at a port all day does not
/// fill a disk.
const MOST: u32 = 20;
const SPAN: Duration = Duration::from_secs(1);

/// Lines that wait to be written, at most. Beyond that they are counted and left out: whoever reads slowly, or not at
/// all, holds no request up.
const WAITING: usize = 4096;

/// A line, and where it goes.
enum Line {
    /// To standard output.
    Request(String),
    /// To standard error.
    Note(String),
}

/// Says failures on standard error, and requests on standard output where that is asked for. A thread of its own
/// writes.
#[derive(Debug)]
pub(super) struct Log {
    form: AccessLog,
    rate: Mutex<Rate>,
    lines: SyncSender<Line>,
    /// Lines that were left out since the last one that was written.
    lost: AtomicU32,
    /// Counts everything, whatever is said of it.
    metrics: Arc<Metrics>,
}

#[derive(Debug)]
struct Rate {
    since: Instant,
    said: u32,
    left_out: u32,
}

impl Log {
    /// With it: who hears when all is written, which is when nobody has the log any more.
    pub(super) fn start(
        form: AccessLog,
        metrics: Arc<Metrics>,
    ) -> io::Result<(Self, Receiver<()>)> {
        let (lines, waiting) = mpsc::sync_channel(WAITING);
        let (done, written) = mpsc::channel();
        thread::Builder::new()
            .name("log".to_owned())
            .spawn(move || {
                write(&waiting);
                // Whoever waited may be gone.
                let _ = done.send(());
            })?;
        let log = Self {
            form,
            metrics,
            lines,
            lost: AtomicU32::new(0),
            rate: Mutex::new(Rate {
                since: Instant::now(),
                said: 0,
                left_out: 0,
            }),
        };
        Ok((log, written))
    }

    /// Hands a line over, or counts it.
    fn hand(&self, line: Line) {
        let lost = self.lost.swap(0, Ordering::Relaxed);
        if lost > 0 {
            let told = self
                .lines
                .try_send(Line::Note(voice::serve::unwritten(lost)));
            if told.is_err() {
                self.lost.fetch_add(lost, Ordering::Relaxed);
            }
        }
        if self.lines.try_send(line).is_err() {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Says it, unless too much is said already; whether it was said.
    fn say(&self, text: impl FnOnce() -> String) -> bool {
        let mut rate = self.rate.lock().unwrap_or_else(PoisonError::into_inner);
        if rate.since.elapsed() >= SPAN {
            if rate.left_out > 0 {
                self.hand(Line::Note(voice::serve::left_out(rate.left_out)));
            }
            *rate = Rate {
                since: Instant::now(),
                said: 0,
                left_out: 0,
            };
        }
        if rate.said >= MOST {
            rate.left_out += 1;
            return false;
        }
        rate.said += 1;
        self.hand(Line::Note(text()));
        true
    }

    /// Prints a line of the access log, with the moment.
    fn print(&self, text: impl FnOnce() -> String, value: impl FnOnce() -> serde_json::Value) {
        if self.form == AccessLog::None {
            return;
        }
        let moment = voice::serve::moment(SystemTime::now());
        let line = if self.form == AccessLog::Json {
            let mut value = value();
            value["time"] = moment.into();
            value.to_string()
        } else {
            format!("{moment} {}", text())
        };
        self.hand(Line::Request(line));
    }
}

/// Writes what comes, until nobody sends any more.
fn write(lines: &Receiver<Line>) {
    for line in lines {
        match line {
            // Whoever read it has gone: serving goes on.
            Line::Request(line) => drop(writeln!(io::stdout().lock(), "{line}")),
            Line::Note(line) => terminal::note(&line),
        }
    }
}

impl Observer for Log {
    fn shaken(&self, handshake: &Handshake<'_>) {
        self.metrics.shaken(handshake);
    }

    fn refused(&self, refusal: &Refusal<'_>) {
        self.metrics.refused(refusal);
        let is_said = self.say(|| voice::serve::refused(refusal));
        if is_said && self.form == AccessLog::Json {
            self.print(String::new, || voice::serve::refused_as_json(refusal));
        }
    }

    fn answered(&self, exchange: &Exchange<'_>) {
        self.metrics.answered(exchange);
        let text = || voice::serve::answered(exchange);
        self.print(text, || voice::serve::answered_as_json(exchange));
    }

    fn passed(&self, passage: &Passage) {
        self.metrics.passed(passage);
        let text = || voice::serve::passed(passage);
        self.print(text, || voice::serve::passed_as_json(passage));
    }

    fn upstream_failed(&self, upstream: &str, why: &str) {
        self.metrics.upstream_failed(upstream, why);
        self.say(|| voice::serve::upstream_failed(upstream, why));
    }

    fn upstream_is(&self, upstream: &str, is_up: bool, why: &str) {
        self.metrics.upstream_is(upstream, is_up, why);
        self.say(|| voice::serve::upstream_is(upstream, is_up, why));
    }
}
