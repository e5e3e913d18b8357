//! Bytes carried both ways between two connections, with no memory held for those on which nothing moves.

use std::cell::RefCell;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Bytes that are read at once: a record of TLS (RFC 8446, section 5.1).
const BUFFER: usize = 16 * 1024;

thread_local! {
    /// What all connections of a thread read into, in turn: each has passed on what it read, or has copied what
    /// is left of it, before the next reads.
    static DESK: RefCell<Vec<u8>> = RefCell::new(vec![0; BUFFER]);
}

/// Bytes that came from the first, and from the second.
pub(crate) type Carried = (u64, u64);

/// Carries bytes until both have ended, and each has been told of the other's end. `carried` is kept up to date: it
/// holds however this ends.
///
/// # Errors
/// Whatever reading or writing fails with, at either.
pub(crate) async fn carry<A, B>(
    first: &mut A,
    second: &mut B,
    carried: &mut Carried,
) -> io::Result<()>
where
    A: AsyncRead + AsyncWrite + Unpin,
    B: AsyncRead + AsyncWrite + Unpin,
{
    let (mut there, mut back) = (Way::default(), Way::default());
    poll_fn(|cx| {
        let is_there = there.poll(cx, first, second);
        let is_back = back.poll(cx, second, first);
        *carried = (there.carried, back.carried);
        // Either way that fails ends both.
        let (is_there, is_back) = (is_there?, is_back?);
        if is_there.is_pending() || is_back.is_pending() {
            return Poll::Pending;
        }
        Poll::Ready(Ok(()))
    })
    .await
}

/// One of the two ways.
#[derive(Debug, Default)]
struct Way {
    /// What was read and not taken yet.
    held: Vec<u8>,
    /// How many bytes of it were taken.
    taken: usize,
    carried: u64,
    has_ended: bool,
    has_to_flush: bool,
    is_over: bool,
}

impl Way {
    /// Carries what there is; ready once the end was passed on, too.
    fn poll<R, W>(&mut self, cx: &mut Context<'_>, from: &mut R, to: &mut W) -> Poll<io::Result<()>>
    where
        R: AsyncRead + Unpin,
        W: AsyncWrite + Unpin,
    {
        while !self.is_over {
            if self.taken < self.held.len() {
                let written = Pin::new(&mut *to).poll_write(cx, &self.held[self.taken..]);
                self.taken += some(ready!(written)?)?;
                continue;
            }
            self.held = Vec::new();
            self.taken = 0;
            if self.has_ended {
                ready!(Pin::new(&mut *to).poll_shutdown(cx))?;
                self.is_over = true;
            } else if self.read(cx, from, to)?.is_pending() {
                if self.has_to_flush {
                    ready!(Pin::new(&mut *to).poll_flush(cx))?;
                    self.has_to_flush = false;
                }
                return Poll::Pending;
            }
        }
        Poll::Ready(Ok(()))
    }

    /// Reads once, writes once, and keeps what is left.
    fn read<R, W>(&mut self, cx: &mut Context<'_>, from: &mut R, to: &mut W) -> io::Result<Poll<()>>
    where
        R: AsyncRead + Unpin,
        W: AsyncWrite + Unpin,
    {
        DESK.with_borrow_mut(|desk| {
            let mut buffer = ReadBuf::new(desk);
            let read = Pin::new(from).poll_read(cx, &mut buffer)?;
            if read.is_pending() {
                return Ok(Poll::Pending);
            }
            let bytes = buffer.filled();
            if bytes.is_empty() {
                self.has_ended = true;
                return Ok(Poll::Ready(()));
            }
            self.carried += bytes.len() as u64;
            self.has_to_flush = true;
            let written = match Pin::new(to).poll_write(cx, bytes)? {
                Poll::Ready(written) => some(written)?,
                Poll::Pending => 0,
            };
            self.held = bytes[written..].to_vec();
            Ok(Poll::Ready(()))
        })
    }
}

/// A connection that takes nothing of something takes nothing ever.
fn some(written: usize) -> io::Result<usize> {
    if written == 0 {
        return Err(io::ErrorKind::WriteZero.into());
    }
    Ok(written)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};
    use tokio::time::Instant;

    use super::*;
    use crate::stream::Watched;

    /// More than what fits between the two ends at once.
    const MANY: usize = 100_000;

    #[tokio::test(flavor = "current_thread")]
    async fn all_bytes_arrive_both_ways_in_their_order() {
        let (mut client, mut first) = duplex(1000);
        let (mut second, mut service) = duplex(700);
        let sent: Vec<u8> = (0..=250).cycle().take(MANY).collect();
        let says = async |stream: &mut tokio::io::DuplexStream| {
            let (mut reading, mut writing) = tokio::io::split(stream);
            let mut heard = Vec::new();
            let speaking = async {
                writing.write_all(&sent).await.unwrap();
                writing.shutdown().await.unwrap();
            };
            let (read, ()) = tokio::join!(reading.read_to_end(&mut heard), speaking);
            read.unwrap();
            assert!(heard == sent);
        };
        let mut carried = (0, 0);
        let carrying = carry(&mut first, &mut second, &mut carried);
        let (done, (), ()) = tokio::join!(carrying, says(&mut client), says(&mut service));
        done.unwrap();
        assert_eq!(carried, (MANY as u64, MANY as u64));
    }

    #[tokio::test(start_paused = true)]
    async fn either_side_that_fails_ends_both_though_the_other_is_silent() {
        const LIMIT: Duration = Duration::from_secs(10);
        let (_client, mut silent) = duplex(64);
        let (_service, other) = duplex(64);
        let mut failing = Watched::new(other, LIMIT);
        for is_first in [true, false] {
            let began = Instant::now();
            let mut carried = (0, 0);
            let done = if is_first {
                carry(&mut failing, &mut silent, &mut carried).await
            } else {
                carry(&mut silent, &mut failing, &mut carried).await
            };
            assert_eq!(done.unwrap_err().kind(), io::ErrorKind::TimedOut);
            assert!(began.elapsed() <= LIMIT, "{:?}", began.elapsed());
        }
    }

    #[tokio::test(flavor = "current_thread")]
    async fn one_side_may_end_before_the_other() {
        let (mut client, mut first) = duplex(64);
        let (mut second, mut service) = duplex(64);
        let talk = async {
            client.shutdown().await.unwrap();
            let mut none = Vec::new();
            service.read_to_end(&mut none).await.unwrap();
            service.write_all(b"late").await.unwrap();
            service.shutdown().await.unwrap();
            let mut late = Vec::new();
            client.read_to_end(&mut late).await.unwrap();
            assert_eq!(late, b"late");
        };
        let mut carried = (0, 0);
        let carrying = carry(&mut first, &mut second, &mut carried);
        let (done, ()) = tokio::join!(carrying, talk);
        done.unwrap();
        assert_eq!(carried, (0, 4));
    }
}
