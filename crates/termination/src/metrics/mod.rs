//! What happens, counted, in the text format of Prometheus (version 0.0.4).

mod counts;
mod endpoint;
mod text;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use counts::{Histogram, Labelled};

use crate::observe::{Exchange, Handshake, Observer, Passage, Refusal};
use crate::rules;
use crate::server::Pulse;
pub use endpoint::{bind, serve};

/// A certificate that is served, and its lifetime.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lifetime {
    /// What it is called: the first name that it is for.
    pub name: String,
    /// Its serial number, which tells those of one name apart.
    pub serial: String,
    /// Seconds since 1970.
    pub not_before: i64,
    /// Seconds since 1970.
    pub not_after: i64,
}

/// Counts what happens. One for a server; it is an [`Observer`].
#[derive(Debug, Default)]
pub struct Metrics {
    /// By version, suite, group, and whether an earlier session was gone on with.
    handshakes: Labelled<([String; 3], bool)>,
    refused: [AtomicU64; rules::COUNT],
    /// By version and status.
    requests: Labelled<(&'static str, u16)>,
    seconds: Histogram,
    upstream_failures: Labelled<String>,
    passages: AtomicU64,
    received: AtomicU64,
    sent: AtomicU64,
    reloads: AtomicU64,
    refused_reloads: AtomicU64,
    /// Nanoseconds that the last one took to swap.
    swap: AtomicU64,
    renewals: AtomicU64,
    failed_renewals: AtomicU64,
    certificates: Mutex<Vec<Lifetime>>,
    is_ending: AtomicBool,
}

impl Metrics {
    /// Notes that what is served was replaced, by which certificates, and how long the swap took, once all was read
    /// and checked.
    pub fn reloaded(&self, certificates: Vec<Lifetime>, swap: Duration) {
        let nanoseconds = u64::try_from(swap.as_nanos()).unwrap_or(u64::MAX);
        self.swap.store(nanoseconds, Ordering::Relaxed);
        self.serves(certificates);
        self.reloads.fetch_add(1, Ordering::Release);
    }

    /// How long the last swap took; zero before the first.
    fn swap(&self) -> Duration {
        Duration::from_nanos(self.swap.load(Ordering::Relaxed))
    }

    /// Notes which certificates are served.
    pub fn serves(&self, certificates: Vec<Lifetime>) {
        *self.lifetimes() = certificates;
    }

    /// Notes that what was to be served was refused.
    pub fn refused_reload(&self) {
        self.refused_reloads.fetch_add(1, Ordering::Relaxed);
    }

    /// Notes that a certificate was renewed.
    pub fn renewed(&self) {
        self.renewals.fetch_add(1, Ordering::Relaxed);
    }

    /// Notes that a certificate was to be renewed, and was not.
    pub fn failed_renewal(&self) {
        self.failed_renewals.fetch_add(1, Ordering::Relaxed);
    }

    /// Notes that nobody new is let in any more: it is not ready, and healthy still.
    pub fn ends(&self) {
        self.is_ending.store(true, Ordering::Relaxed);
    }

    /// Whether everybody is let in.
    pub fn is_ready(&self) -> bool {
        !self.is_ending.load(Ordering::Relaxed)
    }

    /// Everything in the text format; `now` is seconds since 1970, `pulse` tells how the server does.
    pub fn render(&self, now: i64, pulse: &Pulse) -> String {
        text::render(self, now, pulse)
    }

    fn lifetimes(&self) -> std::sync::MutexGuard<'_, Vec<Lifetime>> {
        self.certificates
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Observer for Metrics {
    fn shaken(&self, handshake: &Handshake<'_>) {
        let word = |text: Option<String>| text.unwrap_or_else(|| "none".to_owned());
        let labels = [
            word(handshake.version.map(|version| format!("{version:?}"))),
            word(handshake.suite.map(|suite| format!("{suite:?}"))),
            word(handshake.group.map(|group| format!("{group:?}"))),
        ];
        self.handshakes.add((labels, handshake.is_resumed));
    }

    fn refused(&self, refusal: &Refusal<'_>) {
        let rule = refusal.reason.rule();
        let place = rules::ALL.iter().position(|known| *known == rule);
        if let Some(count) = place.and_then(|place| self.refused.get(place)) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn answered(&self, exchange: &Exchange<'_>) {
        self.requests.add((exchange.version, exchange.status));
        self.seconds.add(exchange.time);
    }

    fn passed(&self, passage: &Passage) {
        self.passages.fetch_add(1, Ordering::Relaxed);
        self.received.fetch_add(passage.received, Ordering::Relaxed);
        self.sent.fetch_add(passage.sent, Ordering::Relaxed);
    }

    fn upstream_failed(&self, upstream: &str, _: &str) {
        self.upstream_failures.add(upstream.to_owned());
    }

    // What is up now, a `Pulse` tells.
    fn upstream_is(&self, _: &str, _: bool, _: &str) {}
}
