//! A connection of HTTP/2 to an upstream, which requests of many clients go by at a time.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use http::{Request, Response};
use hyper::body::Incoming;
use hyper::client::conn::{TrySendError, http2};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::Instant;

use super::coming::Opening;
use super::heard::{Heard, Terms};
use super::milliseconds;
use crate::http::{Body, Progress};

/// Bytes of one answer that an upstream may send before its client has room for them.
const STREAM_WINDOW: u32 = 256 * 1024;

/// The same of all answers: as many as can be said (RFC 9113, section 6.9.1). With fewer, a few clients that take
/// nothing would use them up, and hold up everybody else's answers.
const CONNECTION_WINDOW: u32 = (1 << 31) - 1;

/// Requests that are under way by one connection at most, whatever the upstream allows, and before it has said how many
/// it allows (RFC 9113, section 6.5.2 recommends 100 at least).
pub(super) const MOST: u32 = 250;
pub(super) const USUAL: u32 = 100;

/// How long a new connection has one request alone, until the upstream says how many it takes: that is on its way.
pub(super) const LONGEST_UNSAID: Duration = Duration::from_secs(1);

/// How long nobody may ask for more of a body before others go by other connections.
const LONGEST_HELD: Duration = Duration::from_millis(500);

/// Gives requests to a connection.
#[derive(Debug)]
pub(super) struct Shared {
    sender: http2::SendRequest<Body>,
    state: Arc<State>,
}

/// What is known of a connection.
#[derive(Debug)]
pub(super) struct State {
    began: Instant,
    /// Requests that the upstream allows at a time (0: it has not said so), and those that are under way.
    most: AtomicU32,
    open: AtomicU32,
    /// Milliseconds since it began, when something was asked after which nothing was heard; 0: whatever was asked,
    /// something was heard since.
    asked: AtomicU64,
    /// Whether nobody is to take it any more.
    is_left: AtomicBool,
    bodies: Mutex<Bodies>,
}

/// The bodies that are sent by a connection.
#[derive(Debug, Default)]
struct Bodies {
    /// What the upstream takes of them.
    terms: Terms,
    /// How each does, and how long it is.
    sent: Vec<(Weak<Progress>, u64)>,
}

impl Bodies {
    /// Whether one more does not hold up the others, nor they it: if the upstream reads none of them, there is room for
    /// all (RFC 9113, section 5.2.1). What it had room for and takes no more of counts as stuck whatever it said.
    fn have_room_for(&mut self, length: u64) -> bool {
        self.sent.retain(|(body, _)| body.strong_count() > 0);
        if self.sent.is_empty() {
            return true;
        }
        let lengths = self.sent.iter().map(|(_, length)| *length).chain([length]);
        let unread = lengths.map(|length| u64::from(self.terms.unread_of(length)));
        let mut bodies = self.sent.iter().filter_map(|(body, _)| body.upgrade());
        self.terms.allow(unread.sum()) && !bodies.any(|body| body.is_held_up(LONGEST_HELD))
    }
}

/// A connection that is lent for one request.
pub(super) struct Lent {
    sender: http2::SendRequest<Body>,
    pub(super) in_use: InUse,
}

/// Something that is under way by a connection, until it is dropped.
#[derive(Debug)]
pub(super) struct InUse {
    state: Arc<State>,
    /// Its body, which may lie unread at the upstream until the answer has ended.
    body: Option<Arc<Progress>>,
}

impl Drop for InUse {
    fn drop(&mut self) {
        self.state.open.fetch_sub(1, Ordering::Relaxed);
    }
}

impl InUse {
    /// A body of that length is sent by it.
    pub(super) fn sends(&mut self, body: &Arc<Progress>, length: u64) {
        let known = Arc::downgrade(body);
        self.state.bodies().sent.push((known, length));
        self.body = Some(Arc::clone(body));
    }

    /// No other request is to go by the connection: it takes none, though it looks open still, or answers none.
    pub(super) fn leave(&self) {
        self.state.is_left.store(true, Ordering::Relaxed);
    }
}

impl Default for State {
    fn default() -> Self {
        Self {
            began: Instant::now(),
            most: AtomicU32::new(0),
            open: AtomicU32::new(0),
            asked: AtomicU64::new(0),
            is_left: AtomicBool::new(false),
            bodies: Mutex::default(),
        }
    }
}

impl State {
    /// Something was heard.
    pub(super) fn hears(&self) {
        self.asked.store(0, Ordering::Relaxed);
    }

    /// That much is taken.
    pub(super) fn takes(&self, terms: Terms) {
        self.most.store(terms.most, Ordering::Relaxed);
        self.bodies().terms = terms;
    }

    /// Something is asked.
    fn asks(&self) {
        let now = milliseconds(self.began.elapsed()).max(1);
        // Since the first of several.
        let _ = self
            .asked
            .compare_exchange(0, now, Ordering::Relaxed, Ordering::Relaxed);
    }

    fn bodies(&self) -> MutexGuard<'_, Bodies> {
        self.bodies.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it takes one more request: there is room for it, and what was asked was not left without a word for so
    /// long. The other side may be gone without one.
    fn takes_more(&self, longest: Duration) -> bool {
        let load = |count: &AtomicU32| count.load(Ordering::Relaxed);
        let asked = self.asked.load(Ordering::Relaxed);
        let since = milliseconds(self.began.elapsed()).saturating_sub(asked);
        load(&self.open) < self.most() && (asked == 0 || since <= milliseconds(longest))
    }

    /// Requests that may be under way at a time.
    pub(super) fn most(&self) -> u32 {
        match self.most.load(Ordering::Relaxed) {
            0 if self.began.elapsed() < LONGEST_UNSAID => 1,
            0 => USUAL,
            said => said,
        }
    }
}

impl Shared {
    /// Begins one, which comes until the upstream has said how many requests it takes.
    pub(super) async fn begin<S>(stream: S, opening: Option<Opening>) -> hyper::Result<Self>
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let state: Arc<State> = Arc::default();
        let stream = TokioIo::new(Heard::new(stream, &state, opening));
        let (sender, connection) = http2::Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            .initial_stream_window_size(STREAM_WINDOW)
            .initial_connection_window_size(CONNECTION_WINDOW)
            .handshake(stream)
            .await?;
        // Whoever sends by it hears of its end.
        tokio::spawn(async { drop(connection.await) });
        Ok(Self { sender, state })
    }

    /// Whether it is open still, as far as is known.
    pub(super) fn is_open(&self) -> bool {
        !self.sender.is_closed() && !self.state.is_left.load(Ordering::Relaxed)
    }

    /// Whether it takes one more request with a body of that length, if any, which is answered if anything is within so
    /// long.
    pub(super) fn takes_more(&self, longest: Duration, body: Option<u64>) -> bool {
        self.is_open()
            && self.state.takes_more(longest)
            && body.is_none_or(|length| self.state.bodies().have_room_for(length))
    }

    /// Lends it for a request.
    pub(super) fn lend(&self) -> Lent {
        self.state.open.fetch_add(1, Ordering::Relaxed);
        Lent {
            sender: self.sender.clone(),
            in_use: InUse {
                state: Arc::clone(&self.state),
                body: None,
            },
        }
    }
}

impl Lent {
    pub(super) fn send(
        &mut self,
        request: Request<Body>,
    ) -> impl Future<Output = Result<Response<Incoming>, TrySendError<Request<Body>>>> + use<> {
        self.in_use.state.asks();
        self.sender.try_send_request(request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONGEST: Duration = Duration::from_secs(5);

    #[tokio::test(start_paused = true)]
    async fn who_does_not_say_how_many_requests_it_takes_gets_the_usual_number_after_a_while() {
        let state = State::default();
        assert_eq!(state.most(), 1);
        tokio::time::advance(LONGEST_UNSAID).await;
        assert_eq!(state.most(), USUAL);
    }

    #[tokio::test(start_paused = true)]
    async fn no_request_goes_by_a_connection_that_left_another_without_a_word() {
        let state = State::default();
        tokio::time::advance(10 * LONGEST).await;
        assert!(state.takes_more(LONGEST), "nothing was asked");
        state.asks();
        tokio::time::advance(LONGEST).await;
        // Asking once more makes it no better.
        state.asks();
        assert!(state.takes_more(LONGEST));
        tokio::time::advance(LONGEST).await;
        assert!(!state.takes_more(LONGEST));
        state.hears();
        assert!(state.takes_more(LONGEST));
    }

    fn in_use(state: &Arc<State>) -> InUse {
        state.open.fetch_add(1, Ordering::Relaxed);
        InUse {
            state: Arc::clone(state),
            body: None,
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_an_upstream_takes_nothing_of_holds_up_its_connection_for_others() {
        let state: Arc<State> = Arc::default();
        let has_room = || state.bodies().have_room_for(5);
        let body = Arc::new(Progress::default());
        let mut request = in_use(&state);
        request.sends(&body, 5);
        assert!(has_room());
        tokio::time::advance(2 * LONGEST_HELD).await;
        assert!(!has_room());
        body.moves();
        assert!(has_room());
        tokio::time::advance(2 * LONGEST_HELD).await;
        drop(body);
        assert!(!has_room(), "it may lie there still");
        drop(request);
        assert!(has_room(), "it is over");
        assert!(state.bodies().sent.is_empty());
    }

    #[tokio::test]
    async fn bodies_go_by_a_connection_that_has_room_for_all_of_them_unread() {
        let state: Arc<State> = Arc::default();
        let has_room = |length| state.bodies().have_room_for(length);
        assert!(has_room(u64::MAX), "for one there is");
        let sent = |length| {
            let mut request = in_use(&state);
            request.sends(&Arc::default(), length);
            request
        };
        let first = sent(60_000);
        assert!(has_room(5_535) && !has_room(5_536));
        let _second = sent(5_000);
        assert!(has_room(535) && !has_room(5_000));
        drop(first);
        assert!(has_room(60_000));
    }

    #[tokio::test]
    async fn a_connection_takes_as_many_requests_as_there_is_room_for() {
        let state: Arc<State> = Arc::default();
        state.takes(Terms {
            most: 1,
            ..Terms::default()
        });
        let under_way = in_use(&state);
        assert!(!state.takes_more(LONGEST));
        drop(under_way);
        assert!(state.takes_more(LONGEST));
    }
}
