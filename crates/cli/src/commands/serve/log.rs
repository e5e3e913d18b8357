//! What happens while serving, line by line.

use std::io::Write as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

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

/// Says failures on standard error, and requests on standard output where that is asked for.
#[derive(Debug)]
pub(super) struct Log {
    form: AccessLog,
    rate: Mutex<Rate>,
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
    pub(super) fn new(form: AccessLog, metrics: Arc<Metrics>) -> Self {
        Self {
            form,
            metrics,
            rate: Mutex::new(Rate {
                since: Instant::now(),
                said: 0,
                left_out: 0,
            }),
        }
    }

    /// Says it, unless too much is said already.
    fn say(&self, text: impl FnOnce() -> String) {
        let mut rate = self.rate.lock().unwrap_or_else(PoisonError::into_inner);
        if rate.since.elapsed() >= SPAN {
            if rate.left_out > 0 {
                terminal::note(&voice::serve::left_out(rate.left_out));
            }
            *rate = Rate {
                since: Instant::now(),
                said: 0,
                left_out: 0,
            };
        }
        if rate.said >= MOST {
            rate.left_out += 1;
            return;
        }
        rate.said += 1;
        terminal::note(&text());
    }

    /// Prints a line of the access log. Nobody who does not read it holds requests up for it.
    fn print(&self, text: impl FnOnce() -> String, value: impl FnOnce() -> serde_json::Value) {
        let line = match self.form {
            AccessLog::None => return,
            AccessLog::Text => text(),
            AccessLog::Json => value().to_string(),
        };
        // Whoever read it has gone: serving goes on.
        drop(writeln!(std::io::stdout().lock(), "{line}"));
    }
}

impl Observer for Log {
    fn shaken(&self, handshake: &Handshake<'_>) {
        self.metrics.shaken(handshake);
    }

    fn refused(&self, refusal: &Refusal<'_>) {
        self.metrics.refused(refusal);
        self.say(|| voice::serve::refused(refusal));
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
}
