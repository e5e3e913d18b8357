//! What comes from an upstream by a connection of HTTP/2, as far as it matters for who goes by it.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::coming::Opening;
use super::multiplexed::{MOST, State, USUAL};

/// Bytes of the first frame that are looked at: 170 settings.
const MOST_SETTINGS: usize = 1024;

/// What comes from an upstream, and what it says in its first frame (RFC 9113, section 3.4).
pub(super) struct Heard<S> {
    inner: S,
    state: Arc<State>,
    /// What has come of that frame; `None`: it was read.
    first: Option<(Vec<u8>, Option<Opening>)>,
}

impl<S> Heard<S> {
    /// Nothing yet; the connection comes until it has said how many requests it takes.
    pub(super) fn new(inner: S, state: &Arc<State>, opening: Option<Opening>) -> Self {
        Self {
            inner,
            state: Arc::clone(state),
            first: Some((Vec::new(), opening)),
        }
    }

    fn hears(&mut self, bytes: &[u8]) {
        self.state.hears();
        let Some((first, _)) = &mut self.first else {
            return;
        };
        let room = MOST_SETTINGS.saturating_sub(first.len());
        first.extend(bytes.iter().take(room));
        let most = match at_most(first) {
            Some(most) => most.clamp(1, MOST),
            None if first.len() < MOST_SETTINGS => return,
            None => USUAL,
        };
        self.state.allows(most);
        if let Some((_, Some(opening))) = self.first.take() {
            opening.takes(most);
        }
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
        heard.hears(&[255; 3 * MOST_SETTINGS]);
        assert_eq!(most(&heard), USUAL);
        assert!(heard.first.is_none());
    }
}
