//! What comes from an upstream by a connection of HTTP/2, as far as it matters for who goes by it.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::coming::Opening;
use super::multiplexed::{MOST, State, USUAL};

/// Bytes of the first frames that are looked at: 170 settings.
const MOST_BYTES: usize = 1024;

/// Bytes of a body that an upstream takes unasked, and of all by one connection, where it says nothing else (RFC 9113,
/// section 6.9.2).
const USUAL_WINDOW: u32 = 65_535;

/// What an upstream takes by one connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Terms {
    /// Requests at a time.
    pub(super) most: u32,
    /// Bytes of all bodies that nobody has read yet.
    pub(super) window: u32,
    /// The same of one body.
    pub(super) of_one: u32,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            most: USUAL,
            window: USUAL_WINDOW,
            of_one: USUAL_WINDOW,
        }
    }
}

impl Terms {
    /// Bytes of a body of that length that may lie there unread.
    pub(super) fn unread_of(&self, length: u64) -> u32 {
        u32::try_from(length).unwrap_or(u32::MAX).min(self.of_one)
    }

    /// Whether so many bytes may lie there unread.
    pub(super) fn allow(&self, unread: u64) -> bool {
        unread <= u64::from(self.window)
    }

    /// How many requests there may be at a time, each with a body of that length, if any.
    pub(super) fn at_a_time(&self, body: Option<u64>) -> u32 {
        let unread = body.map_or(0, |length| self.unread_of(length));
        let bodies = self.window.checked_div(unread).unwrap_or(u32::MAX);
        self.most.min(bodies)
    }
}

/// What comes from an upstream, and what it says in its first frames (RFC 9113, section 3.4).
pub(super) struct Heard<S> {
    inner: S,
    state: Arc<State>,
    /// What has come of those frames; `None`: they were read.
    first: Option<Vec<u8>>,
    /// The connection comes until its terms are known.
    opening: Option<Opening>,
}

impl<S> Heard<S> {
    /// Nothing yet.
    pub(super) fn new(inner: S, state: &Arc<State>, opening: Option<Opening>) -> Self {
        Self {
            inner,
            state: Arc::clone(state),
            first: Some(Vec::new()),
            opening,
        }
    }

    fn hears(&mut self, bytes: &[u8]) {
        self.state.hears();
        let Some(first) = &mut self.first else { return };
        let room = MOST_BYTES.saturating_sub(first.len());
        first.extend(bytes.iter().take(room));
        let is_full = first.len() >= MOST_BYTES;
        let (terms, is_all) = match said(first) {
            Some((terms, is_all)) => (terms, is_all || is_full),
            None if is_full => (Terms::default(), true),
            None => return,
        };
        self.state.takes(terms);
        if let Some(opening) = self.opening.take() {
            opening.takes(terms);
        }
        if is_all {
            self.first = None;
        }
    }
}

/// What first frames say, and whether that is all; `None` where the first one has not come whole. Streams are without
/// limit where it says nothing of them (RFC 9113, sections 6.5.1 and 6.5.2).
fn said(frames: &[u8]) -> Option<(Terms, bool)> {
    const SETTINGS: u8 = 4;
    const PING: u8 = 6;
    const WINDOW_UPDATE: u8 = 8;
    const MAX_CONCURRENT_STREAMS: [u8; 2] = [0, 3];
    const INITIAL_WINDOW_SIZE: [u8; 2] = [0, 4];
    let (_, settings, mut rest) = frame(frames)?;
    let mut terms = Terms {
        most: MOST,
        ..Terms::default()
    };
    for setting in settings.chunks_exact(6) {
        match setting.split_at(2) {
            (name, value) if name == MAX_CONCURRENT_STREAMS => {
                terms.most = number(value).clamp(1, MOST);
            }
            (name, value) if name == INITIAL_WINDOW_SIZE => terms.of_one = number(value),
            _ => {}
        }
    }
    while let Some(([.., kind, _, _, _, _, stream], payload, behind)) = frame(rest) {
        match (kind, stream) {
            // What was sent of bodies meanwhile may be a part of it: no more than the window was before.
            (&WINDOW_UPDATE, 0) => {
                terms.window = terms.window.max(number(payload));
                return Some((terms, true));
            }
            (&SETTINGS | &PING, _) => rest = behind,
            _ => return Some((terms, true)),
        }
    }
    Some((terms, false))
}

/// The header of a frame (RFC 9113, section 4.1), what is in it, and what is behind it.
fn frame(bytes: &[u8]) -> Option<(&[u8; 9], &[u8], &[u8])> {
    let (header, rest) = bytes.split_first_chunk()?;
    let length = usize::try_from(number(&header[..3])).ok()?;
    let (payload, behind) = rest.split_at_checked(length)?;
    Some((header, payload, behind))
}

fn number(bytes: &[u8]) -> u32 {
    let bytes = bytes.iter();
    bytes.fold(0, |number, byte| number << 8 | u32::from(*byte))
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

    fn heard() -> Heard<()> {
        Heard::new((), &Arc::default(), None)
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
        heard.state.most()
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
                assert!(most(&heard) == 1, "{said:?}");
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
        heard.hears(&[255; 3 * MOST_BYTES]);
        assert_eq!(most(&heard), USUAL);
        assert!(heard.first.is_none());
    }

    #[test]
    fn an_upstream_says_how_much_of_bodies_it_takes_unread() {
        let update = |stream: u8, value: u32| {
            let mut frame = vec![0, 0, 4, 8, 0, 0, 0, 0, stream];
            frame.extend(value.to_be_bytes());
            frame
        };
        let acknowledged = vec![0, 0, 0, 4, 1, 0, 0, 0, 0];
        let answer = vec![0, 0, 1, 1, 4, 0, 0, 0, 1, 0x88];
        for (frames, window, of_one, is_all) in [
            (vec![settings(&[])], 65_535, 65_535, false),
            (vec![settings(&[(4, 1 << 20)])], 65_535, 1 << 20, false),
            (
                vec![settings(&[]), acknowledged, update(0, 1 << 30)],
                1 << 30,
                65_535,
                true,
            ),
            // As much as may have been read of a body by then, or what comes after an answer, tells nothing.
            (vec![settings(&[]), update(0, 40_000)], 65_535, 65_535, true),
            (
                vec![settings(&[]), answer, update(0, 1 << 30)],
                65_535,
                65_535,
                true,
            ),
        ] {
            let frames = frames.concat();
            let terms = Terms {
                most: MOST,
                window,
                of_one,
            };
            assert_eq!(said(&frames), Some((terms, is_all)), "{frames:?}");
            for end in 0..9 {
                assert_eq!(said(&frames[..end]), None);
            }
        }
    }

    #[test]
    fn a_body_may_lie_unread_up_to_its_length_and_to_what_is_taken_of_one() {
        let terms = Terms {
            most: 10,
            window: 1000,
            of_one: 300,
        };
        assert_eq!((terms.unread_of(5), terms.unread_of(u64::MAX)), (5, 300));
        let at_a_time =
            [None, Some(100), Some(200), Some(u64::MAX)].map(|body| terms.at_a_time(body));
        assert_eq!(at_a_time, [10, 10, 5, 3]);
    }
}
