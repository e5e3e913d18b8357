//! A body that is sent once more, where the upstream says that it never looked at what was sent first.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::HeaderMap;
use http_body::{Body as _, Frame, SizeHint};

use super::Body;
use super::body::BodyError;

/// Bytes that are kept of a body, at most: what an upstream has not looked at when it says so is what was on its way. That
/// is no more than it takes unasked of one, 64 KiB most often (RFC 9113, section 6.9.2), what goes beyond that of a part
/// of which the rest waits, and one part more that was read ahead; parts of HTTP/1.1 have up to 64 KiB.
const KEPT: usize = 192 * 1024;

/// A body, of which the beginning is kept.
#[derive(Debug)]
pub(crate) struct Replay {
    source: Arc<Mutex<Source>>,
    /// What is sent next of it.
    next: usize,
    /// Whether its trailers were sent.
    has_told: bool,
    /// The how manieth time it is sent.
    turn: u32,
}

#[derive(Debug)]
struct Source {
    body: Body,
    seen: Vec<Bytes>,
    trailers: Option<HeaderMap>,
    /// Whether all of it has come.
    has_ended: bool,
    /// Bytes of what is kept.
    length: usize,
    /// Whether more came than is kept.
    is_lost: bool,
    turn: u32,
}

impl Replay {
    /// The body, to be sent, and what it can be sent from once more.
    pub(crate) fn of(body: Body) -> (Self, Again) {
        let source = Arc::new(Mutex::new(Source {
            body,
            seen: Vec::new(),
            trailers: None,
            has_ended: false,
            length: 0,
            is_lost: false,
            turn: 0,
        }));
        let first = Self {
            source: Arc::clone(&source),
            next: 0,
            has_told: false,
            turn: 0,
        };
        (first, Again(source))
    }

    /// What it can be sent from once more.
    pub(crate) fn once_more(&self) -> Again {
        Again(Arc::clone(&self.source))
    }

    fn source(&self) -> MutexGuard<'_, Source> {
        lock(&self.source)
    }

    pub(super) fn poll(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let source = &mut *lock(&self.source);
        if source.turn != self.turn {
            // It is sent anew by now.
            return Poll::Ready(Some(Err(BodyError::Late)));
        }
        if let Some(bytes) = source.seen.get(self.next) {
            self.next += 1;
            return Poll::Ready(Some(Ok(Frame::data(bytes.clone()))));
        }
        if let Some(trailers) = source.trailers.as_ref().filter(|_| !self.has_told) {
            self.has_told = true;
            return Poll::Ready(Some(Ok(Frame::trailers(trailers.clone()))));
        }
        if source.has_ended {
            return Poll::Ready(None);
        }
        let frame = Pin::new(&mut source.body).poll_frame(cx);
        match &frame {
            Poll::Ready(Some(Ok(frame))) => {
                source.keep(frame);
                self.next = source.seen.len();
                self.has_told = frame.is_trailers();
            }
            Poll::Ready(None) => source.has_ended = true,
            Poll::Ready(Some(Err(_))) | Poll::Pending => {}
        }
        frame
    }

    pub(super) fn is_end_stream(&self) -> bool {
        let source = self.source();
        let is_told = source.trailers.is_none() || self.has_told;
        source.seen.len() <= self.next && is_told && source.body.is_end_stream()
    }

    pub(super) fn size_hint(&self) -> SizeHint {
        let source = self.source();
        let rest = source.body.size_hint();
        let kept = source.seen.get(self.next..).unwrap_or_default();
        let kept: u64 = kept.iter().map(|bytes| bytes.len() as u64).sum();
        let mut hint = SizeHint::new();
        hint.set_lower(rest.lower().saturating_add(kept));
        if let Some(upper) = rest.upper() {
            hint.set_upper(upper.saturating_add(kept));
        }
        hint
    }
}

impl Source {
    fn keep(&mut self, frame: &Frame<Bytes>) {
        if self.is_lost {
            return;
        }
        if let Some(bytes) = frame.data_ref() {
            self.length = self.length.saturating_add(bytes.len());
            if self.length > KEPT {
                self.is_lost = true;
                self.seen = Vec::new();
                return;
            }
            self.seen.push(bytes.clone());
        }
        if let Some(trailers) = frame.trailers_ref() {
            self.trailers = Some(trailers.clone());
        }
    }
}

/// A body that was sent, and can be sent again where little of it was.
#[derive(Debug)]
pub(crate) struct Again(Arc<Mutex<Source>>);

impl Again {
    /// The same body from its beginning, where that is there still. What was sent before ends.
    pub(crate) fn again(&self) -> Option<Body> {
        let mut source = lock(&self.0);
        if source.is_lost {
            return None;
        }
        source.turn += 1;
        Some(Body::Replay(Replay {
            source: Arc::clone(&self.0),
            next: 0,
            has_told: false,
            turn: source.turn,
        }))
    }
}

fn lock(source: &Mutex<Source>) -> MutexGuard<'_, Source> {
    source.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All frames that come at once.
    fn taken(body: &mut Replay) -> Vec<Bytes> {
        let mut cx = Context::from_waker(std::task::Waker::noop());
        let mut all = Vec::new();
        while let Poll::Ready(Some(Ok(frame))) = body.poll(&mut cx) {
            all.extend(frame.into_data().ok());
        }
        all
    }

    #[test]
    fn a_body_is_sent_again_from_its_beginning_and_what_was_sent_first_ends() {
        let text = Bytes::from_static(b"hello");
        let (mut first, again) = Replay::of(Body::Text(text.clone()));
        assert_eq!(first.size_hint().exact(), Some(5));
        assert_eq!(taken(&mut first), std::slice::from_ref(&text));
        let Some(Body::Replay(mut second)) = again.again() else {
            panic!("it is there")
        };
        assert_eq!(
            (second.size_hint().exact(), second.is_end_stream()),
            (Some(5), false)
        );
        let mut cx = Context::from_waker(std::task::Waker::noop());
        assert!(matches!(first.poll(&mut cx), Poll::Ready(Some(Err(_)))));
        assert_eq!(taken(&mut second), [text]);
        assert!(second.is_end_stream());
        assert!(again.again().is_some());
    }

    #[test]
    fn a_body_that_is_larger_than_what_is_kept_is_sent_once() {
        let large = Bytes::from(vec![0; KEPT + 1]);
        let (mut first, again) = Replay::of(Body::Text(large.clone()));
        assert_eq!(taken(&mut first), [large]);
        assert!(again.again().is_none());
    }
}
