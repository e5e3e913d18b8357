//! A connection that is given up when nothing moves on it.

use std::future::Future as _;
use std::io;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

/// Notices silence. The timer is set anew when it fires, and the clock is looked at when somebody begins to wait or what
/// was sent has gone; not at each byte.
#[derive(Debug)]
pub(crate) struct Silence {
    longest: Duration,
    last: Instant,
    /// Whether something moved since `last`.
    has_moved: bool,
    alarm: Pin<Box<Sleep>>,
    /// Who is woken by the alarm.
    waker: Option<Waker>,
}

impl Silence {
    /// From now on, for so long.
    pub(crate) fn new(longest: Duration) -> Self {
        let last = Instant::now();
        Self {
            longest,
            last,
            has_moved: false,
            alarm: Box::pin(sleep_until(last + longest)),
            waker: None,
        }
    }

    /// Something moved.
    pub(crate) fn moved(&mut self) {
        self.has_moved = true;
    }

    /// What moved has gone, and perhaps nobody begins to wait: whoever sends a question waits for the answer already.
    fn settles(&mut self) {
        if mem::take(&mut self.has_moved) {
            self.last = Instant::now();
        }
    }

    /// Whether nothing moved for too long; else whoever waits is woken when that may be so.
    pub(crate) fn is_over(&mut self, cx: &mut Context<'_>) -> bool {
        let known = self.waker.as_ref();
        let is_known = known.is_some_and(|waker| waker.will_wake(cx.waker()));
        if mem::take(&mut self.has_moved) {
            self.last = Instant::now();
            if is_known && self.last < self.alarm.deadline() {
                return false;
            }
        }
        // It would have woken whoever waits.
        if is_known && !self.alarm.is_elapsed() {
            return false;
        }
        if !is_known {
            self.waker = Some(cx.waker().clone());
        }
        while self.alarm.as_mut().poll(cx).is_ready() {
            let end = self.last + self.longest;
            if end <= Instant::now() {
                return true;
            }
            self.alarm.as_mut().reset(end);
        }
        false
    }
}

/// Bytes both ways, with an end to silence: reading fails with `TimedOut` where nothing was read or written for
/// so long.
#[derive(Debug)]
pub(crate) struct Watched<S> {
    inner: S,
    silence: Silence,
}

impl<S> Watched<S> {
    pub(crate) fn new(inner: S, idle: Duration) -> Self {
        Self {
            inner,
            silence: Silence::new(idle),
        }
    }

    /// What came of waiting: an end, where nothing moved for too long.
    fn waited<T>(
        &mut self,
        done: Poll<io::Result<T>>,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<T>> {
        if done.is_pending() && self.silence.is_over(cx) {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        done
    }

    /// The same, where bytes moved if it is done.
    fn moved<T>(&mut self, done: Poll<io::Result<T>>, cx: &mut Context<'_>) -> Poll<io::Result<T>> {
        if done.is_ready() {
            self.silence.moved();
        }
        self.waited(done, cx)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let done = Pin::new(&mut self.inner).poll_read(cx, buffer);
        self.moved(done, cx)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.inner).poll_write(cx, bytes);
        self.moved(done, cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if let [only] = bytes {
            // send(2) costs less than writev(2).
            return self.poll_write(cx, only);
        }
        let done = Pin::new(&mut self.inner).poll_write_vectored(cx, bytes);
        self.moved(done, cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let done = Pin::new(&mut self.inner).poll_flush(cx);
        if done.is_ready() {
            self.silence.settles();
        }
        self.waited(done, cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let done = Pin::new(&mut self.inner).poll_shutdown(cx);
        self.waited(done, cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex, split};
    use tokio::time::sleep;

    use super::*;

    const LIMIT: Duration = Duration::from_secs(10);

    #[tokio::test(start_paused = true)]
    async fn silence_counts_from_what_was_sent_while_somebody_waited_already() {
        let (ours, _theirs) = duplex(64);
        let (mut reads, mut writes) = split(Watched::new(ours, LIMIT));
        let began = Instant::now();
        let asks = async {
            sleep(LIMIT / 2).await;
            writes.write_all(b"question").await.unwrap();
            writes.flush().await.unwrap();
        };
        let (read, ()) = tokio::join!(reads.read_u8(), asks);
        assert_eq!(read.unwrap_err().kind(), io::ErrorKind::TimedOut);
        let waited = began.elapsed();
        assert!(waited < LIMIT * 8 / 5, "{waited:?}");
    }
}
