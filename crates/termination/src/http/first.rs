//! HTTP/1.1, one connection. While nothing is asked on it, next to nothing is kept for it.

use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio::sync::watch;
use tokio::time::timeout_at;

use super::traffic::{Rest, Traffic};
use super::{Client, last_call, service};
use crate::aside::Aside;
use crate::site::Site;
use crate::worker::Stage;

/// The least that hyper reads into.
const LEAST_BUFFER: usize = 8192;

/// How long nothing is asked before what was kept for requests is let go. Those who ask one thing after another are
/// quicker, and where many come within a longer time, what they let go leaves gaps in the memory.
const QUIET: Duration = Duration::from_millis(100);

/// Bytes of a new request that are read before there is room for all of it.
const FIRST_BYTES: usize = 64;

/// How the time of one connection of hyper's was over.
enum End {
    /// It ended by itself, and closed what it had, or gave it to another protocol.
    Done(hyper::Result<()>),
    /// No request came for a while, or not whole in time.
    Rests(Rest),
    /// The server ends.
    Called,
}

/// Serves one connection to its end.
pub(super) async fn serve<S>(
    mut stream: S,
    site: &Site,
    client: Arc<Client>,
    mut stage: watch::Receiver<Stage>,
) where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let most = usize::try_from(site.bounds.header_bytes).unwrap_or(usize::MAX);
    let mut builder = http1::Builder::new();
    builder
        // hyper's way takes a timer for each request; that of a connection does (`Traffic::rest`).
        .header_read_timeout(None)
        .max_header_size(most)
        .max_buf_size(most.max(LEAST_BUFFER));
    let traffic = Traffic::counted_in(client.volume());
    let service = service(Arc::clone(&client), &traffic);
    // What came and was not understood yet.
    let mut came = Bytes::new();
    loop {
        let mut lent = Lent::new(stream, &traffic);
        lent.came = std::mem::take(&mut came);
        let io = TokioIo::new(lent);
        let connection = builder.serve_connection(io, service.clone());
        let mut connection = Box::new(connection.with_upgrades());
        let end = {
            let meanwhile = pin!(async {
                tokio::select! {
                    rest = traffic.rest(QUIET, site.times.header) => End::Rests(rest),
                    () = last_call(&mut stage) => End::Called,
                }
            });
            tokio::select! {
                biased;
                done = connection.as_mut() => End::Done(done),
                end = Aside::new(meanwhile) => end,
            }
        };
        match end {
            End::Done(done) => return told_of(done, &client),
            End::Rests(Rest::Late) => return,
            End::Called => {
                Pin::new(&mut *connection).graceful_shutdown();
                tokio::select! {
                    done = connection => told_of(done, &client),
                    _ = stage.wait_for(|stage| *stage == Stage::Over) => {}
                }
                return;
            }
            End::Rests(Rest::Quiet) => {}
        }
        let Some(parts) = connection.into_parts() else {
            // It has gone over to another protocol.
            return;
        };
        let (lent, buffer) = (parts.io.into_inner(), parts.read_buf);
        came = [&buffer[..], &lent.came].concat().into();
        // It would be kept until the next request.
        drop(buffer);
        stream = lent.inner;
        if !came.is_empty() {
            continue;
        }
        let end = traffic.last() + site.times.header;
        let mut first = [0; FIRST_BYTES];
        let read = tokio::select! {
            read = timeout_at(end, stream.read(&mut first)) => read,
            () = last_call(&mut stage) => Ok(Ok(0)),
        };
        match read {
            Ok(Ok(count @ 1..)) => {
                traffic.volume.came(count);
                came = Bytes::copy_from_slice(&first[..count]);
            }
            // Whether the goodbye arrives is the client's affair.
            _ => return drop(stream.shutdown().await),
        }
    }
}

/// Tells of a request that hyper refused before it was one, and answered.
fn told_of(done: hyper::Result<()>, client: &Client) {
    let Err(error) = done else { return };
    if error.is_parse_too_large() {
        client.answered_unread(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    } else if error.is_parse() && !error.is_parse_version_h2() {
        client.answered_unread(StatusCode::BAD_REQUEST);
    }
}

/// A stream that is lent: what came before is read first, and what moves is told.
#[derive(Debug)]
pub(super) struct Lent<S> {
    inner: S,
    came: Bytes,
    traffic: Arc<Traffic>,
}

impl<S> Lent<S> {
    pub(super) fn new(inner: S, traffic: &Arc<Traffic>) -> Self {
        Self {
            inner,
            came: Bytes::new(),
            traffic: Arc::clone(traffic),
        }
    }

    fn wrote(&self, done: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if let Poll::Ready(Ok(count)) = done {
            self.traffic.has_written();
            self.traffic.volume.went(count);
        }
        done
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Lent<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.came.is_empty() {
            let count = self.came.len().min(buffer.remaining());
            buffer.put_slice(&self.came.split_to(count));
            self.traffic.has_read();
            return Poll::Ready(Ok(()));
        }
        let before = buffer.filled().len();
        let done = Pin::new(&mut self.inner).poll_read(cx, buffer);
        if done.is_ready() {
            self.traffic.has_read();
            self.traffic.volume.came(buffer.filled().len() - before);
        }
        done
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Lent<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.traffic.writes(true);
        let done = Pin::new(&mut self.inner).poll_write(cx, bytes);
        self.wrote(done)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.traffic.writes(true);
        let done = Pin::new(&mut self.inner).poll_write_vectored(cx, bytes);
        self.wrote(done)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    /// hyper flushes when it has written all that it had.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let done = Pin::new(&mut self.inner).poll_flush(cx);
        if matches!(done, Poll::Ready(Ok(()))) {
            self.traffic.writes(false);
        }
        done
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}
