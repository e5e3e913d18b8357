//! HTTP: requests in, judged and passed on; answers back.

mod answer;
mod body;
mod headers;
mod proxy;
mod request;
mod traffic;
mod upgrade;

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;

use crate::site::Site;
use crate::worker::{Stage, Worker};
pub(crate) use body::{Body, Progress};
pub(crate) use proxy::Client;
use traffic::Traffic;

/// Requests that one connection of HTTP/2 may have under way (RFC 9113, section 5.1.2 recommends 100 at least).
const STREAMS: u32 = 250;

/// Bytes that a client of HTTP/2 may send for one stream, and for all, before they are read.
const STREAM_WINDOW: u32 = 256 * 1024;
const CONNECTION_WINDOW: u32 = 1024 * 1024;

/// Bytes of an answer over HTTP/2 that wait for a client to read.
const SEND_BUFFER: usize = 64 * 1024;

/// How long a client may be silent longer than an upstream, so that it hears that the upstream was.
pub(crate) const GRACE: Duration = Duration::from_secs(5);

/// Serves one connection to its end, by HTTP/2 where that was agreed on.
pub(crate) async fn serve<S>(
    stream: S,
    is_h2: bool,
    site: &Site,
    client: Arc<Client>,
    worker: &Worker,
) where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let traffic = is_h2.then(|| Arc::new(Traffic::default()));
    let told = traffic.clone();
    let service = service_fn(move |request: Request<Incoming>| {
        let client = Arc::clone(&client);
        let under_way = told.as_ref().map(Traffic::begin);
        async move {
            let response = client.answer(request).await;
            let response = response.map(|body| body.during(under_way));
            Ok::<Response<Body>, std::convert::Infallible>(response)
        }
    });
    let io = TokioIo::new(stream);
    let header_bytes = site.bounds.header_bytes;
    let mut stage = worker.stage();
    if let Some(traffic) = traffic {
        let mut builder = http2::Builder::new(TokioExecutor::new());
        builder
            .timer(TokioTimer::new())
            .max_concurrent_streams(STREAMS)
            .initial_stream_window_size(STREAM_WINDOW)
            .initial_connection_window_size(CONNECTION_WINDOW)
            .max_send_buf_size(SEND_BUFFER)
            .max_header_list_size(header_bytes);
        let mut connection = pin!(builder.serve_connection(io, service));
        tokio::select! {
            done = connection.as_mut() => return drop(done),
            _ = stage.wait_for(|stage| *stage != Stage::Open) => {}
            () = traffic.rests(site.times.header) => {}
        }
        connection.as_mut().graceful_shutdown();
        tokio::select! {
            done = connection.as_mut() => drop(done),
            _ = stage.wait_for(|stage| *stage == Stage::Over) => {}
            // Who says goodbye at its time has gone by then.
            () = traffic.rests(site.times.header + GRACE) => {}
        }
    } else {
        let mut builder = http1::Builder::new();
        let most = usize::try_from(header_bytes).unwrap_or(usize::MAX);
        builder
            .timer(TokioTimer::new())
            .header_read_timeout(site.times.header)
            .max_header_size(most)
            .max_buf_size(most.max(LEAST_BUFFER));
        let connection = builder.serve_connection(io, service).with_upgrades();
        let mut connection = pin!(connection);
        tokio::select! {
            done = connection.as_mut() => return drop(done),
            () = last_call(&mut stage) => {}
        }
        connection.as_mut().graceful_shutdown();
        tokio::select! {
            done = connection.as_mut() => drop(done),
            _ = stage.wait_for(|stage| *stage == Stage::Over) => {}
        }
    }
}

/// The end, and a while after it: HTTP/1.1 has no word for "no more requests" but the answer to one, so a request
/// that is on its way when the end comes is answered, with `Connection: close`.
async fn last_call(stage: &mut watch::Receiver<Stage>) {
    const WHILE: Duration = Duration::from_secs(1);
    drop(stage.wait_for(|stage| *stage != Stage::Open).await);
    tokio::time::sleep(WHILE).await;
}

/// The least that hyper reads into.
const LEAST_BUFFER: usize = 8192;
