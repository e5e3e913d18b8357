use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use hyper::body::Incoming;
use tokio::time::Instant;

use super::headers;
use super::inbound::Inbound;
use super::pace::Pace;
use super::replay::Replay;
use super::traffic::UnderWay;
use crate::stream::Silence;
use crate::upstream::{Back, Busy};

/// What follows a header: nothing, a text of ours, or what somebody sends.
#[derive(Debug, Default)]
pub(crate) enum Body {
    #[default]
    Empty,
    Text(Bytes),
    /// Boxed: requests and answers are moved often.
    Passing(Box<Passing>),
    /// The same, of which the beginning is kept.
    Replay(Replay),
}

/// Frames that are passed on as they come, trailers too.
#[derive(Debug)]
pub(crate) struct Passing {
    inner: Inbound,
    /// Bytes that may still come; `None`: as many as like.
    left: Option<u64>,
    /// Where it comes from, for its end: an upstream.
    back: Option<Back>,
    /// How long nothing may come, where the connection it comes by does not tell: others go by it as well.
    silence: Option<Silence>,
    /// How slowly it may come.
    pace: Option<Pace>,
    /// Told of whatever comes.
    progress: Option<Arc<Progress>>,
    /// Kept until its end.
    under_way: Option<UnderWay>,
    busy: Option<Busy>,
}

/// How somebody's body does, for whoever waits for an answer to it.
#[derive(Debug)]
pub(crate) struct Progress {
    moved: Mutex<Instant>,
    /// Whether more of it is asked for than has come, or it has ended: nobody holds it up but who sends it.
    is_asked_for: AtomicBool,
    /// Why it ended early. An upstream that is told so by HTTP/2 gives no answer from which that could be seen.
    fault: OnceLock<Fault>,
}

impl Default for Progress {
    fn default() -> Self {
        Self {
            moved: Mutex::new(Instant::now()),
            is_asked_for: AtomicBool::new(false),
            fault: OnceLock::new(),
        }
    }
}

impl Progress {
    /// When it moved last.
    pub(crate) fn last(&self) -> Instant {
        *self.moved.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// It moved, or begins to be waited for.
    pub(crate) fn moves(&self) {
        self.is_asked_for.store(false, Ordering::Relaxed);
        *self.moved.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// More of it is asked for, or it has ended.
    fn is_no_longer_held_up(&self) {
        self.is_asked_for.store(true, Ordering::Relaxed);
    }

    /// Whether nobody asked for more of it for so long.
    pub(crate) fn is_held_up(&self, longest: Duration) -> bool {
        !self.is_asked_for.load(Ordering::Relaxed) && self.last().elapsed() >= longest
    }

    /// What was wrong with it.
    pub(super) fn fault(&self) -> Option<Fault> {
        self.fault.get().copied()
    }
}

/// What is wrong with a body that a client sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// It did not come whole.
    Broken,
    /// More came than `limits.body_bytes`.
    TooLarge,
    /// It came more slowly than `timeouts.body` and `limits.body_rate` allow.
    Slow,
}

/// Why a body ends early.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BodyError {
    #[error(transparent)]
    Broken(#[from] hyper::Error),
    #[error("the body is larger than the limit")]
    TooLarge,
    #[error("the body came too slowly")]
    Slow,
    /// Its client took nothing of the answer.
    #[error("the request was ended, as nothing of its answer was taken")]
    Cut,
    /// Nothing came of an answer for too long.
    #[error("nothing more of the body came in time")]
    Late,
}

impl Body {
    /// What a client sends, no more than so many bytes of it, and no more slowly than so.
    pub(super) fn request(inner: Inbound, (most, pace): (Option<u64>, Option<Pace>)) -> Self {
        if http_body::Body::is_end_stream(&inner) {
            return Self::Empty;
        }
        Self::Passing(Box::new(Passing {
            inner,
            left: most,
            back: None,
            silence: None,
            pace,
            progress: Some(Arc::default()),
            under_way: None,
            busy: None,
        }))
    }

    /// How it does, where it is somebody's.
    pub(crate) fn progress(&self) -> Option<Arc<Progress>> {
        match self {
            Self::Passing(passing) => passing.progress.clone(),
            Self::Empty | Self::Text(_) | Self::Replay(_) => None,
        }
    }

    /// The same, and the request is under way until its end.
    pub(crate) fn during(mut self, request: UnderWay) -> Self {
        if let Self::Passing(passing) = &mut self {
            passing.under_way = Some(request);
        }
        self
    }

    /// What an upstream answers. Where it is one of many on its connection, it may be silent for so long.
    pub(crate) fn response(
        inner: Incoming,
        (back, busy): (Back, Option<Busy>),
        longest: Duration,
    ) -> Self {
        if http_body::Body::is_end_stream(&inner) {
            back.bring();
            return Self::Empty;
        }
        Self::Passing(Box::new(Passing {
            inner: Inbound::of_answer(inner),
            left: None,
            silence: (!back.is_alone()).then(|| Silence::new(longest)),
            pace: None,
            back: Some(back),
            progress: None,
            under_way: None,
            busy,
        }))
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        match &mut *self {
            Self::Empty => Poll::Ready(None),
            Self::Text(text) => {
                let text = std::mem::take(text);
                *self = Self::Empty;
                Poll::Ready((!text.is_empty()).then(|| Ok(Frame::data(text))))
            }
            Self::Passing(passing) => passing.poll(cx),
            Self::Replay(replay) => replay.poll(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.is_empty(),
            Self::Passing(passing) => passing.inner.is_end_stream(),
            Self::Replay(replay) => replay.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Empty => SizeHint::with_exact(0),
            Self::Text(text) => SizeHint::with_exact(text.len() as u64),
            Self::Passing(passing) => passing.inner.size_hint(),
            Self::Replay(replay) => replay.size_hint(),
        }
    }
}

impl Passing {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let mut frame = match http_body::Body::poll_frame(Pin::new(&mut self.inner), cx) {
            Poll::Pending => {
                let silence = self.silence.as_mut();
                if silence.is_some_and(|silence| silence.is_over(cx)) {
                    self.broke(&BodyError::Late);
                    return Poll::Ready(Some(Err(BodyError::Late)));
                }
                if self.pace.as_mut().is_some_and(|pace| pace.is_spent(cx)) {
                    self.fails(Fault::Slow);
                    return Poll::Ready(Some(Err(BodyError::Slow)));
                }
                if let Some(request) = &self.under_way {
                    request.waits();
                }
                if let Some(progress) = &self.progress {
                    progress.is_no_longer_held_up();
                }
                if self.inner.is_cut(cx) {
                    self.fails(Fault::Broken);
                    return Poll::Ready(Some(Err(BodyError::Cut)));
                }
                return Poll::Pending;
            }
            Poll::Ready(Some(Ok(frame))) => frame,
            Poll::Ready(Some(Err(error))) => {
                self.fails(Fault::Broken);
                let error = error.into();
                self.broke(&error);
                return Poll::Ready(Some(Err(error)));
            }
            Poll::Ready(None) => {
                self.ended();
                return Poll::Ready(None);
            }
        };
        if let Some(silence) = &mut self.silence {
            silence.moved();
        }
        if let Some(request) = &self.under_way {
            request.gives();
        }
        if let Some(pace) = &mut self.pace {
            pace.came(frame.data_ref().map_or(0, Bytes::len));
        }
        if let Some(progress) = &self.progress {
            progress.moves();
        }
        if let (Some(left), Some(data)) = (self.left, frame.data_ref()) {
            let Some(rest) = left.checked_sub(data.len() as u64) else {
                self.fails(Fault::TooLarge);
                return Poll::Ready(Some(Err(BodyError::TooLarge)));
            };
            self.left = Some(rest);
        }
        if let Some(trailers) = frame.trailers_mut() {
            headers::of_trailers(trailers);
        }
        if http_body::Body::is_end_stream(&self.inner) {
            self.ended();
        }
        Poll::Ready(Some(Ok(frame)))
    }

    fn fails(&self, fault: Fault) {
        if let Some(progress) = &self.progress {
            // The first one counts.
            let _ = progress.fault.set(fault);
        }
    }

    /// An answer does not come whole.
    fn broke(&mut self, error: &BodyError) {
        if let Some(back) = self.back.take() {
            back.broke(&error.to_string());
        }
    }

    fn ended(&mut self) {
        if let Some(progress) = &self.progress {
            progress.is_no_longer_held_up();
        }
        self.under_way = None;
        self.inner.ended();
        self.busy = None;
        if let Some(back) = self.back.take() {
            back.bring();
        }
    }
}
