//! Requests of one connection: whether any is under way, and since when none is.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

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
    /// Requests whose bodies have not come whole, those that nobody read to their end among them.
    unread: AtomicUsize,
    /// When something was written last.
    written: Mutex<Instant>,
    /// Whether something moved on each of the streams since that was looked at, where a connection has many.
    streams: Option<Mutex<HashMap<usize, bool>>>,
    /// Streams that were begun.
    begun: AtomicUsize,
}

/// A request whose body is to come.
#[derive(Debug, Clone)]
pub(crate) struct Receiving(Arc<Traffic>);

impl Receiving {
    /// It has come whole.
    pub(super) fn ended(self) {
        self.0.unread.fetch_sub(1, Ordering::Relaxed);
        self.0.state().last = Instant::now();
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
    /// Its number, where a connection has many at a time.
    stream: usize,
}

impl UnderWay {
    /// Something of its answer was taken.
    pub(super) fn moves(&self) {
        self.traffic.stream_moves(self.stream);
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
            begun: AtomicUsize::new(0),
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

    /// The same for a connection on which many requests are under way at a time.
    pub(super) fn of_streams(volume: &Arc<Volume>) -> Arc<Self> {
        Arc::new(Self {
            volume: Arc::clone(volume),
            streams: Some(Mutex::default()),
            ..Self::default()
        })
    }

    fn stream_moves(&self, stream: usize) {
        if let Some(streams) = &self.streams {
            let mut streams = streams.lock().unwrap_or_else(PoisonError::into_inner);
            streams.insert(stream, true);
        }
    }

    /// Waits until nothing moved on one of the streams for so long, twice that at most: its client takes nothing of
    /// its answer, and what it holds here and at the upstream is not held for ever. Whatever else a stream waits for
    /// ends sooner.
    pub(super) async fn stalls(&self, longest: Duration) {
        loop {
            sleep_until(Instant::now() + longest).await;
            let Some(streams) = &self.streams else {
                continue;
            };
            let mut streams = streams.lock().unwrap_or_else(PoisonError::into_inner);
            if streams.values().any(|has_moved| !has_moved) {
                return;
            }
            streams.values_mut().for_each(|moved| *moved = false);
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One more request.
    pub(crate) fn begin(self: &Arc<Self>) -> UnderWay {
        let mut state = self.state();
        state.open += 1;
        drop(state);
        let stream = self.begun.fetch_add(1, Ordering::Relaxed);
        self.stream_moves(stream);
        UnderWay {
            traffic: Arc::clone(self),
            stream,
        }
    }

    /// The body of a request is to come.
    pub(super) fn receives(self: &Arc<Self>) -> Receiving {
        self.unread.fetch_add(1, Ordering::Relaxed);
        Receiving(Arc::clone(self))
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
        if let Some(streams) = &traffic.streams {
            let mut streams = streams.lock().unwrap_or_else(PoisonError::into_inner);
            streams.remove(&self.stream);
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
        let body = traffic.receives();
        drop(traffic.begin());
        let rest = timeout(10 * LIMIT, traffic.rest(LIMIT, 3 * LIMIT)).await;
        assert!(rest.is_err(), "a body has not come whole");
        body.ended();
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
    async fn a_stream_of_which_nothing_is_taken_stalls_though_others_move() {
        let traffic = Traffic::of_streams(&Arc::default());
        let (stuck, moving) = (traffic.begin(), traffic.begin());
        let began = Instant::now();
        let moves = async {
            loop {
                moving.moves();
                tokio::time::sleep(LIMIT / 3).await;
            }
        };
        tokio::select! {
            () = moves => {}
            () = traffic.stalls(LIMIT) => {}
        }
        assert_eq!(began.elapsed(), 2 * LIMIT);
        drop(stuck);
        drop(moving);
        let never = timeout(10 * LIMIT, traffic.stalls(LIMIT)).await;
        assert!(never.is_err(), "nothing is under way");
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
