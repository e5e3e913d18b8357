//! Requests of one connection: whether any is under way, and since when none is.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Context;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::streams::{Streams, Taking};

/// Bytes of HTTP on all connections, without those of TLS.
#[derive(Debug, Default)]
pub(crate) struct Volume {
    received: AtomicU64,
    sent: AtomicU64,
}

impl Volume {
    pub(super) fn came(&self, bytes: usize) {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        self.received.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(super) fn went(&self, bytes: usize) {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        self.sent.fetch_add(bytes, Ordering::Relaxed);
    }

    /// What came from clients, and what went to them.
    pub(crate) fn totals(&self) -> (u64, u64) {
        let load = |count: &AtomicU64| count.load(Ordering::Relaxed);
        (load(&self.received), load(&self.sent))
    }
}

/// What goes on on a connection.
#[derive(Debug)]
pub(crate) struct Traffic {
    /// Where its bytes are counted.
    pub(super) volume: Arc<Volume>,
    state: Mutex<State>,
    /// Times that something was read.
    reads: AtomicU64,
    /// Whether something was to be written, and may wait still.
    is_writing: AtomicBool,
    /// Requests whose bodies have not come whole.
    unread: AtomicUsize,
    /// When something was written last.
    written: Mutex<Instant>,
    /// Those that are under way, where there are many at a time.
    streams: Option<Arc<Streams>>,
}

/// A request whose body is to come, until it has come whole or nobody reads it.
#[derive(Debug, Clone)]
pub(crate) struct Receiving(Arc<Owed>);

#[derive(Debug)]
struct Owed {
    traffic: Arc<Traffic>,
    /// How its stream does, where a connection has many.
    stream: Option<Taking>,
}

impl Receiving {
    /// Whether its stream was ended while it was waited for.
    pub(super) fn is_cut(&self, cx: &Context<'_>) -> bool {
        let stream = self.0.stream.as_ref();
        stream.is_some_and(|stream| stream.has_ended(cx))
    }
}

impl Drop for Owed {
    fn drop(&mut self) {
        self.traffic.unread.fetch_sub(1, Ordering::Relaxed);
        self.traffic.state().last = Instant::now();
    }
}

#[derive(Debug)]
struct State {
    open: usize,
    /// When the last one ended and had come whole, or the connection began.
    last: Instant,
    /// How often something was read by then.
    reads: u64,
}

/// How a wait for requests ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rest {
    /// Nothing is under way.
    Quiet,
    /// A part of a request came, or of an answer left, and nothing more in time.
    Late,
}

/// One request, until its answer has ended.
#[derive(Debug)]
pub(crate) struct UnderWay {
    traffic: Arc<Traffic>,
    /// Its number, where a connection has many at a time, and how its answer does.
    stream: Option<(usize, Taking)>,
}

impl UnderWay {
    /// A part of its answer is given for the client to take.
    pub(super) fn gives(&self) {
        if let Some((_, taking)) = &self.stream {
            taking.gives();
        }
    }

    /// Its body is to come.
    pub(super) fn receives(&self) -> Receiving {
        self.traffic.unread.fetch_add(1, Ordering::Relaxed);
        Receiving(Arc::new(Owed {
            traffic: Arc::clone(&self.traffic),
            stream: self.stream.as_ref().map(|(_, taking)| taking.clone()),
        }))
    }

    /// More of its answer is asked for, and has not come.
    pub(super) fn waits(&self) {
        if let Some((_, taking)) = &self.stream {
            taking.waits();
        }
    }
}

impl Default for Traffic {
    fn default() -> Self {
        let state = State {
            open: 0,
            last: Instant::now(),
            reads: 0,
        };
        Self {
            volume: Arc::default(),
            state: Mutex::new(state),
            reads: AtomicU64::new(0),
            is_writing: AtomicBool::new(false),
            unread: AtomicUsize::new(0),
            written: Mutex::new(Instant::now()),
            streams: None,
        }
    }
}

impl Traffic {
    /// Nothing yet, and its bytes are counted there.
    pub(super) fn counted_in(volume: &Arc<Volume>) -> Arc<Self> {
        Arc::new(Self {
            volume: Arc::clone(volume),
            ..Self::default()
        })
    }

    /// The same for a connection that has these streams.
    pub(super) fn of_streams(volume: &Arc<Volume>, streams: &Arc<Streams>) -> Arc<Self> {
        Arc::new(Self {
            volume: Arc::clone(volume),
            streams: Some(Arc::clone(streams)),
            ..Self::default()
        })
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One more request.
    pub(crate) fn begin(self: &Arc<Self>) -> UnderWay {
        let mut state = self.state();
        state.open += 1;
        drop(state);
        UnderWay {
            traffic: Arc::clone(self),
            stream: self.streams.as_ref().map(|streams| streams.begin()),
        }
    }

    /// Something was written.
    pub(super) fn has_written(&self) {
        *self.written.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// Waits until no request was under way for so long, and nothing was written for `silent`: of an answer that has
    /// ended much may wait for a client that reads slowly.
    pub(super) async fn is_done(&self, longest: Duration, silent: Duration) {
        loop {
            self.rests(longest).await;
            let written = *self.written.lock().unwrap_or_else(PoisonError::into_inner);
            if written + silent <= Instant::now() {
                return;
            }
            sleep_until(written + silent).await;
        }
    }

    /// Something was read.
    pub(super) fn has_read(&self) {
        self.reads.fetch_add(1, Ordering::Relaxed);
    }

    /// Something is to be written, or all of it is.
    pub(super) fn writes(&self, is_writing: bool) {
        self.is_writing.store(is_writing, Ordering::Relaxed);
    }

    /// Waits for one of two: that no request was under way for `quiet`, all bodies have come and all answers have left,
    /// and nothing of a next request has come; or that a part of one has come, and not all of it within `longest`.
    pub(super) async fn rest(&self, quiet: Duration, longest: Duration) -> Rest {
        loop {
            self.rests(quiet.min(longest)).await;
            let (last, reads) = {
                let state = self.state();
                (state.last, state.reads)
            };
            let has_read = self.reads.load(Ordering::Relaxed) != reads;
            let is_owed = self.unread.load(Ordering::Relaxed) > 0;
            if !has_read && !is_owed && !self.is_writing.load(Ordering::Relaxed) {
                return Rest::Quiet;
            }
            let (now, due) = (Instant::now(), last + longest);
            if due <= now && !is_owed {
                return Rest::Late;
            }
            let next = now + quiet;
            sleep_until(if is_owed { next } else { next.min(due) }).await;
        }
    }

    /// When the last request ended, or the connection began.
    pub(super) fn last(&self) -> Instant {
        self.state().last
    }

    /// Waits until no request was under way for so long.
    pub(crate) async fn rests(&self, longest: Duration) {
        loop {
            let now = Instant::now();
            let end = {
                let state = self.state();
                let since = if state.open == 0 { state.last } else { now };
                since + longest
            };
            if end <= now {
                return;
            }
            sleep_until(end).await;
        }
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let traffic = &self.traffic;
        if let (Some(streams), Some((number, _))) = (&traffic.streams, &self.stream) {
            streams.end(*number);
        }
        let mut state = traffic.state();
        state.reads = traffic.reads.load(Ordering::Relaxed);
        state.open = state.open.saturating_sub(1);
        state.last = Instant::now();
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::timeout;

    use super::*;

    const LIMIT: Duration = Duration::from_secs(10);

    #[tokio::test(start_paused = true)]
    async fn a_connection_rests_when_no_request_was_under_way_for_so_long() {
        let traffic = Arc::new(Traffic::default());
        let began = Instant::now();
        let request = traffic.begin();
        let ends = async {
            tokio::time::sleep(3 * LIMIT).await;
            drop(request);
        };
        tokio::join!(ends, traffic.rests(LIMIT));
        assert_eq!(began.elapsed(), 4 * LIMIT);
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_that_asks_for_nothing_rests_from_the_beginning() {
        let traffic = Traffic::default();
        let began = Instant::now();
        traffic.rests(LIMIT).await;
        assert_eq!(began.elapsed(), LIMIT);
    }

    #[tokio::test(start_paused = true)]
    async fn a_part_of_a_request_and_an_answer_that_has_not_left_are_no_quiet() {
        let traffic = Arc::new(Traffic::default());
        let rest = async |traffic: &Traffic| traffic.rest(LIMIT, 3 * LIMIT).await;
        assert_eq!(rest(&traffic).await, Rest::Quiet);
        let began = Instant::now();
        drop(traffic.begin());
        traffic.has_read();
        assert_eq!(rest(&traffic).await, Rest::Late, "a part of a request");
        assert_eq!(began.elapsed(), 3 * LIMIT);
        drop(traffic.begin());
        assert_eq!(rest(&traffic).await, Rest::Quiet);
        traffic.writes(true);
        assert_eq!(rest(&traffic).await, Rest::Late, "an answer waits");
        traffic.writes(false);
        assert_eq!(rest(&traffic).await, Rest::Quiet);
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_comes_has_its_own_time_and_a_request_after_it_the_usual_one() {
        let traffic = Arc::new(Traffic::default());
        let request = traffic.begin();
        let body = request.receives();
        drop(request);
        let rest = timeout(10 * LIMIT, traffic.rest(LIMIT, 3 * LIMIT)).await;
        assert!(rest.is_err(), "a body has not come whole");
        drop(body);
        traffic.has_read();
        let began = Instant::now();
        assert_eq!(traffic.rest(LIMIT, 3 * LIMIT).await, Rest::Late);
        assert_eq!(began.elapsed(), 3 * LIMIT);
    }

    #[tokio::test(start_paused = true)]
    async fn the_time_for_a_request_may_be_shorter_than_quiet() {
        let traffic = Traffic::default();
        traffic.has_read();
        let began = Instant::now();
        assert_eq!(traffic.rest(3 * LIMIT, LIMIT).await, Rest::Late);
        assert_eq!(began.elapsed(), LIMIT);
    }

    #[tokio::test(start_paused = true)]
    async fn who_still_writes_is_not_done() {
        let traffic = Arc::new(Traffic::default());
        let began = Instant::now();
        let writes = async {
            for _ in 0..5 {
                tokio::time::sleep(LIMIT).await;
                traffic.has_written();
            }
        };
        tokio::join!(writes, traffic.is_done(LIMIT, 2 * LIMIT));
        assert_eq!(began.elapsed(), 7 * LIMIT);
    }
}
