//! The end of a handshake, held until there is something to send with it.
//!
//! What a server sends last is a ticket, which no client waits for (RFC 8446, section 4.6.1). Alone it costs a system
//! call and a packet, as much as a tenth of the handshake.

use std::io::{self, IoSlice};
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _, ReadBuf};

/// The type of every record of TLS 1.3 that is encrypted (RFC 8446, section 5.2). Handshakes of TLS 1.2 send none.
const ENCRYPTED: u8 = 23;

/// A stream below TLS. Until it is [opened](Self::open), it holds records that are sent when the peer has answered:
/// all that the peer waits for is sent before that, as it begins with a record in plain text.
#[derive(Debug)]
pub(crate) struct Held<S> {
    inner: S,
    /// Records that wait.
    waiting: Vec<u8>,
    stage: Stage,
}

/// How far a handshake is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Nothing was sent, or not all of it.
    Begun,
    /// What there was to send is sent.
    Sent,
    /// And something came since.
    Answered,
    /// It is over.
    Open,
}

impl<S> Held<S> {
    pub(crate) fn new(inner: S) -> Self {
        Self {
            inner,
            waiting: Vec::new(),
            stage: Stage::Begun,
        }
    }

    /// Holds nothing any more; what is held goes with what is written next.
    pub(crate) fn open(&mut self) {
        self.stage = Stage::Open;
    }

    /// Whether what is written now is held.
    fn holds(&self, bytes: &[IoSlice<'_>]) -> bool {
        let first = bytes.iter().find_map(|bytes| bytes.first());
        self.stage == Stage::Answered && first == Some(&ENCRYPTED)
    }

    /// Notes what became of writing so many bytes.
    fn wrote(&mut self, all: usize, done: &Poll<io::Result<usize>>) {
        if self.stage != Stage::Open {
            let is_whole = matches!(done, Poll::Ready(Ok(count)) if *count == all);
            self.stage = if is_whole { Stage::Sent } else { Stage::Begun };
        }
    }
}

impl<S: AsyncWrite + Unpin> Held<S> {
    /// Sends what is held, alone.
    pub(crate) async fn release(&mut self) -> io::Result<()> {
        let waiting = mem::take(&mut self.waiting);
        self.inner.write_all(&waiting).await
    }

    /// Writes what is held and what is given, until all of the first and some of the second is written.
    fn write_both(
        &mut self,
        cx: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let Self { inner, waiting, .. } = self;
        while !waiting.is_empty() {
            let given = bytes.iter().map(|bytes| IoSlice::new(bytes));
            let both: Vec<IoSlice<'_>> = std::iter::once(IoSlice::new(waiting))
                .chain(given)
                .collect();
            let count = ready!(Pin::new(&mut *inner).poll_write_vectored(cx, &both))?;
            if let Some(more @ 1..) = count.checked_sub(waiting.len()) {
                *waiting = Vec::new();
                return Poll::Ready(Ok(more));
            }
            taken(waiting, count)?;
        }
        Pin::new(inner).poll_write_vectored(cx, bytes)
    }
}

/// Takes away what was written.
fn taken(waiting: &mut Vec<u8>, count: usize) -> io::Result<()> {
    if count == 0 {
        return Err(io::ErrorKind::WriteZero.into());
    }
    waiting.drain(..count);
    Ok(())
}

impl<S: AsyncRead + Unpin> AsyncRead for Held<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let done = Pin::new(&mut self.inner).poll_read(cx, buffer);
        if self.stage == Stage::Sent && done.is_ready() {
            self.stage = Stage::Answered;
        }
        done
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Held<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(cx, &[IoSlice::new(bytes)])
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if self.stage == Stage::Open && self.waiting.is_empty() {
            let inner = Pin::new(&mut self.inner);
            return match bytes {
                // send(2) costs less than writev(2).
                [only] => inner.poll_write(cx, only),
                _ => inner.poll_write_vectored(cx, bytes),
            };
        }
        let all = bytes.iter().map(|bytes| bytes.len()).sum();
        if self.holds(bytes) {
            for bytes in bytes {
                self.waiting.extend_from_slice(bytes);
            }
            return Poll::Ready(Ok(all));
        }
        let done = self.write_both(cx, bytes);
        self.wrote(all, &done);
        done
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    /// What is held is not: nobody waits for it.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Self { inner, waiting, .. } = &mut *self;
        while !waiting.is_empty() {
            let count = ready!(Pin::new(&mut *inner).poll_write(cx, waiting))?;
            taken(waiting, count)?;
        }
        Pin::new(inner).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use tokio::io::AsyncReadExt as _;

    use super::*;

    /// Keeps what is written, write by write, and takes so many bytes at a time. There is always something to read.
    #[derive(Default)]
    struct Wire {
        writes: Vec<Vec<u8>>,
        most: Option<usize>,
    }

    impl AsyncRead for Wire {
        fn poll_read(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
            buffer: &mut ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            buffer.put_slice(b"a");
            Poll::Ready(Ok(()))
        }
    }

    impl AsyncWrite for Wire {
        fn poll_write(
            self: Pin<&mut Self>,
            cx: &mut Context<'_>,
            bytes: &[u8],
        ) -> Poll<io::Result<usize>> {
            self.poll_write_vectored(cx, &[IoSlice::new(bytes)])
        }

        fn poll_write_vectored(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
            bytes: &[IoSlice<'_>],
        ) -> Poll<io::Result<usize>> {
            let mut all: Vec<u8> = bytes.iter().flat_map(|bytes| bytes.to_vec()).collect();
            all.truncate(self.most.unwrap_or(usize::MAX));
            let count = all.len();
            self.writes.push(all);
            Poll::Ready(Ok(count))
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    const FLIGHT: &[u8] = &[22, 1, 2, 3];
    const TICKET: &[u8] = &[ENCRYPTED, 4, 5];
    const ANSWER: &[u8] = &[ENCRYPTED, 6];

    /// A stream whose peer has answered to what was sent.
    async fn answered(wire: Wire) -> Held<Wire> {
        let mut held = Held::new(wire);
        held.write_all(FLIGHT).await.unwrap();
        held.read_u8().await.unwrap();
        held
    }

    #[tokio::test]
    async fn a_ticket_goes_with_the_first_answer() {
        let mut held = answered(Wire::default()).await;
        held.write_all(TICKET).await.unwrap();
        held.flush().await.unwrap();
        held.open();
        assert_eq!(held.inner.writes, [FLIGHT]);
        held.write_all(ANSWER).await.unwrap();
        held.write_all(ANSWER).await.unwrap();
        assert_eq!(
            held.inner.writes,
            [FLIGHT, &[TICKET, ANSWER].concat(), ANSWER]
        );
    }

    #[tokio::test]
    async fn what_the_peer_waits_for_is_sent_at_once() {
        let mut held = Held::new(Wire::default());
        // The rest of what was sent in part, whatever it begins with, though something came meanwhile.
        held.inner.most = Some(1);
        let rest = [22, ENCRYPTED, ENCRYPTED];
        let count = poll_fn(|cx| Pin::new(&mut held).poll_write(cx, &rest)).await;
        assert_eq!(count.unwrap(), 1);
        held.read_u8().await.unwrap();
        held.write_all(&rest[1..]).await.unwrap();
        assert_eq!(held.inner.writes.concat(), rest);
        // A second flight begins in plain text, as the first one does.
        let mut held = answered(Wire::default()).await;
        held.write_all(FLIGHT).await.unwrap();
        held.write_all(TICKET).await.unwrap();
        assert_eq!(held.inner.writes, [FLIGHT, FLIGHT, TICKET]);
    }

    #[tokio::test]
    async fn what_is_held_goes_before_anything_else_and_whole() {
        for most in 1..6 {
            let mut held = answered(Wire::default()).await;
            held.write_all(TICKET).await.unwrap();
            held.open();
            held.inner.most = Some(most);
            held.write_all(ANSWER).await.unwrap();
            assert_eq!(
                held.inner.writes.concat(),
                [FLIGHT, TICKET, ANSWER].concat()
            );
        }
        for is_shut in [false, true] {
            let mut held = answered(Wire::default()).await;
            held.write_all(TICKET).await.unwrap();
            held.inner.most = Some(2);
            if is_shut {
                held.shutdown().await.unwrap();
            } else {
                held.release().await.unwrap();
            }
            assert_eq!(held.inner.writes.concat(), [FLIGHT, TICKET].concat());
        }
    }
}
