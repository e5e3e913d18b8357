//! A connection of HTTP/2 to an upstream, which requests of many clients go by at a time.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use http::{Request, Response};
use hyper::body::Incoming;
use hyper::client::conn::{TrySendError, http2};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

use super::milliseconds;
use crate::http::{Body, Progress};

/// Bytes of one answer that an upstream may send before its client has room for them.
const STREAM_WINDOW: u32 = 256 * 1024;

/// The same of all answers: as many as can be said (RFC 9113, section 6.9.1). With fewer, a few clients that take
/// nothing would use them up, and hold up everybody else's answers.
const CONNECTION_WINDOW: u32 = (1 << 31) - 1;

/// Requests that are under way by one connection at most, whatever the upstream allows, and before it has said how many
/// it allows (RFC 9113, section 6.5.2 recommends 100 at least).
const MOST: u32 = 250;
const USUAL: u32 = 100;

/// How long nobody may ask for more of a body before others go by other connections.
const LONGEST_HELD: Duration = Duration::from_millis(500);

/// Bytes of the first frame that are looked at: 170 settings.
const MOST_SETTINGS: usize = 1024;

/// Gives requests to a connection.
#[derive(Debug)]
pub(super) struct Shared {
    sender: http2::SendRequest<Body>,
    state: Arc<State>,
}

/// What is known of a connection.
#[derive(Debug)]
struct State {
    began: Instant,
    /// Requests that the upstream allows at a time, and those that are under way.
    most: AtomicU32,
    open: AtomicU32,
    /// Milliseconds since it began, when something was asked after which nothing was heard; 0: whatever was asked,
    /// something was heard since.
    asked: AtomicU64,
    /// Whether nobody is to take it any more.
    is_left: AtomicBool,
    /// How the bodies do that are sent.
    bodies: Mutex<Vec<Weak<Progress>>>,
}

/// A connection that is lent for one request.
pub(super) struct Lent {
    sender: http2::SendRequest<Body>,
    pub(super) in_use: InUse,
}

/// Something that is under way by a connection, until it is dropped.
#[derive(Debug)]
pub(super) struct InUse(Arc<State>);

impl Drop for InUse {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::Relaxed);
    }
}

impl InUse {
    /// A body is sent by it.
    pub(super) fn sends(&self, body: &Arc<Progress>) {
        self.0.bodies().push(Arc::downgrade(body));
    }

    /// No other request is to go by the connection: it takes none, though it looks open still, or answers none.
    pub(super) fn leave(&self) {
        self.0.is_left.store(true, Ordering::Relaxed);
    }
}

impl State {
    fn new() -> Self {
        Self {
            began: Instant::now(),
            most: AtomicU32::new(USUAL),
            open: AtomicU32::new(0),
            asked: AtomicU64::new(0),
            is_left: AtomicBool::new(false),
            bodies: Mutex::default(),
        }
    }

    /// Something is asked.
    fn asks(&self) {
        let now = milliseconds(self.began.elapsed()).max(1);
        // Since the first of several.
        let _ = self
            .asked
            .compare_exchange(0, now, Ordering::Relaxed, Ordering::Relaxed);
    }

    fn bodies(&self) -> MutexGuard<'_, Vec<Weak<Progress>>> {
        self.bodies.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the upstream takes no more of a body: it may be all that it takes of any by this connection (RFC 9113,
    /// section 5.2.1).
    fn holds_up_bodies(&self) -> bool {
        let mut bodies = self.bodies();
        bodies.retain(|body| body.strong_count() > 0);
        let mut bodies = bodies.iter().filter_map(Weak::upgrade);
        bodies.any(|body| body.is_held_up(LONGEST_HELD))
    }

    /// Whether it takes one more request: there is room for it, and what was asked was not left without a word for so
    /// long. The other side may be gone without one.
    fn takes_more(&self, longest: Duration) -> bool {
        let load = |count: &AtomicU32| count.load(Ordering::Relaxed);
        let asked = self.asked.load(Ordering::Relaxed);
        let since = milliseconds(self.began.elapsed()).saturating_sub(asked);
        load(&self.open) < load(&self.most) && (asked == 0 || since <= milliseconds(longest))
    }
}

impl Shared {
    /// Begins one.
    pub(super) async fn begin<S>(stream: S) -> hyper::Result<Self>
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let state = Arc::new(State::new());
        let stream = TokioIo::new(Heard {
            inner: stream,
            state: Arc::clone(&state),
            first: Some(Vec::new()),
        });
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

    /// Whether it takes one more request, which is answered if anything is within so long.
    pub(super) fn takes_more(&self, longest: Duration, has_body: bool) -> bool {
        self.is_open()
            && self.state.takes_more(longest)
            && !(has_body && self.state.holds_up_bodies())
    }

    /// Lends it for a request.
    pub(super) fn lend(&self) -> Lent {
        self.state.open.fetch_add(1, Ordering::Relaxed);
        Lent {
            sender: self.sender.clone(),
            in_use: InUse(Arc::clone(&self.state)),
        }
    }
}

impl Lent {
    pub(super) fn send(
        &mut self,
        request: Request<Body>,
    ) -> impl Future<Output = Result<Response<Incoming>, TrySendError<Request<Body>>>> + use<> {
        self.in_use.0.asks();
        self.sender.try_send_request(request)
    }
}

/// What comes from an upstream, and what it says in its first frame (RFC 9113, section 3.4).
struct Heard<S> {
    inner: S,
    state: Arc<State>,
    /// What has come of that frame; `None`: it was read.
    first: Option<Vec<u8>>,
}

impl<S> Heard<S> {
    fn hears(&mut self, bytes: &[u8]) {
        self.state.asked.store(0, Ordering::Relaxed);
        let Some(first) = &mut self.first else { return };
        let room = MOST_SETTINGS.saturating_sub(first.len());
        first.extend(bytes.iter().take(room));
        match at_most(first) {
            Some(most) => self
                .state
                .most
                .store(most.clamp(1, MOST), Ordering::Relaxed),
            None if first.len() < MOST_SETTINGS => return,
            None => {}
        }
        self.first = None;
    }
}

/// The streams that a first frame allows, which are without limit where it says nothing of them (RFC 9113, sections
/// 6.5.1 and 6.5.2); `None` where it has not come whole.
fn at_most(frame: &[u8]) -> Option<u32> {
    const MAX_CONCURRENT_STREAMS: [u8; 2] = [0, 3];
    let (header, rest) = frame.split_at_checked(9)?;
    let length = header[..3]
        .iter()
        .fold(0, |length, byte| length << 8 | usize::from(*byte));
    let settings = rest.get(..length)?;
    let mut most = u32::MAX;
    for setting in settings.chunks_exact(6) {
        if setting.starts_with(&MAX_CONCURRENT_STREAMS) {
            let value = setting[2..].iter();
            most = value.fold(0, |value, byte| value << 8 | u32::from(*byte));
        }
    }
    Some(most)
}

impl<S: AsyncRead + Unpin> AsyncRead for Heard<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.inner).poll_read(cx, buffer))?;
        if let Some(came @ [_, ..]) = buffer.filled().get(before..) {
            self.hears(came);
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Heard<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONGEST: Duration = Duration::from_secs(5);

    fn heard() -> Heard<()> {
        Heard {
            inner: (),
            state: Arc::new(State::new()),
            first: Some(Vec::new()),
        }
    }

    fn settings(settings: &[(u16, u32)]) -> Vec<u8> {
        let length = u8::try_from(6 * settings.len()).unwrap();
        let mut frame = vec![0, 0, length, 4, 0, 0, 0, 0, 0];
        for (name, value) in settings {
            frame.extend(name.to_be_bytes());
            frame.extend(value.to_be_bytes());
        }
        frame
    }

    fn most(heard: &Heard<()>) -> u32 {
        heard.state.most.load(Ordering::Relaxed)
    }

    #[tokio::test]
    async fn an_upstream_says_in_its_first_frame_how_many_requests_it_takes_at_a_time() {
        for (said, expected) in [
            (vec![(3, 10)], 10),
            (vec![(4, 65_535), (3, 128), (5, 16_384)], 128),
            (vec![(3, u32::MAX)], MOST),
            (vec![(3, 0)], 1),
            (vec![(4, 3)], MOST),
            (vec![], MOST),
        ] {
            let mut heard = heard();
            // Byte by byte, and what comes behind it is not looked at.
            for byte in settings(&said) {
                assert!(most(&heard) == USUAL, "{said:?}");
                heard.hears(&[byte]);
            }
            assert_eq!(most(&heard), expected, "{said:?}");
            heard.hears(&settings(&[(3, 1)]));
            assert_eq!(most(&heard), expected, "{said:?}");
        }
    }

    #[tokio::test]
    async fn a_first_frame_without_an_end_is_not_kept() {
        let mut heard = heard();
        heard.hears(&[255; 3 * MOST_SETTINGS]);
        assert_eq!((most(&heard), heard.first), (USUAL, None));
    }

    #[tokio::test(start_paused = true)]
    async fn no_request_goes_by_a_connection_that_left_another_without_a_word() {
        let mut heard = heard();
        let state = Arc::clone(&heard.state);
        tokio::time::advance(10 * LONGEST).await;
        assert!(state.takes_more(LONGEST), "nothing was asked");
        state.asks();
        tokio::time::advance(LONGEST).await;
        // Asking once more makes it no better.
        state.asks();
        assert!(state.takes_more(LONGEST));
        tokio::time::advance(LONGEST).await;
        assert!(!state.takes_more(LONGEST));
        heard.hears(b"anything");
        assert!(state.takes_more(LONGEST));
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_an_upstream_takes_nothing_of_holds_up_its_connection_for_others() {
        let state = State::new();
        let body = Arc::new(Progress::default());
        let in_use = InUse(Arc::new(State::new()));
        in_use.sends(&body);
        assert!(!state.holds_up_bodies());
        assert!(!in_use.0.holds_up_bodies());
        tokio::time::advance(2 * LONGEST_HELD).await;
        assert!(in_use.0.holds_up_bodies());
        body.moves();
        assert!(!in_use.0.holds_up_bodies());
        tokio::time::advance(2 * LONGEST_HELD).await;
        drop(body);
        assert!(!in_use.0.holds_up_bodies(), "it is over");
        assert!(in_use.0.bodies().is_empty());
    }

    #[tokio::test]
    async fn a_connection_takes_as_many_requests_as_there_is_room_for() {
        let mut heard = heard();
        heard.hears(&settings(&[(3, 1)]));
        let state = Arc::clone(&heard.state);
        state.open.fetch_add(1, Ordering::Relaxed);
        let under_way = InUse(Arc::clone(&state));
        assert!(!state.takes_more(LONGEST));
        drop(under_way);
        assert!(state.takes_more(LONGEST));
    }
}
