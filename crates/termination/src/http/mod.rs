//! HTTP: requests in, judged and passed on; answers back.

mod answer;
mod body;
mod first;
mod headers;
mod inbound;
mod pace;
mod proxy;
mod replay;
mod request;
mod streams;
mod traffic;
mod upgrade;

use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;

use crate::aside::Aside;
use crate::site::Site;
use crate::worker::{Stage, Worker};
pub(crate) use body::{Body, Progress};
use first::Lent;
use inbound::Inbound;
pub(crate) use proxy::{Client, is_call};
pub(crate) use replay::{Again, Replay};
use streams::{Streams, Tasks};
use traffic::Traffic;
pub(crate) use traffic::Volume;

/// Requests that one connection of HTTP/2 may have under way (RFC 9113, section 5.1.2 recommends 100 at least).
const STREAMS: u32 = 250;

/// Bytes that a client of HTTP/2 may send for one stream, and for all, before they are read: of a few uploads that the
/// upstream does not take, the others do not notice.
const STREAM_WINDOW: u32 = 256 * 1024;
const CONNECTION_WINDOW: u32 = 8 * 1024 * 1024;

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
    let mut stage = worker.stage();
    if is_h2 {
        let streams: Arc<Streams> = Arc::default();
        let traffic = Traffic::of_streams(client.volume(), &streams);
        let service = service(client, &traffic);
        let io = TokioIo::new(Lent::new(stream, &traffic));
        let mut builder = http2::Builder::new(Tasks(Arc::clone(&streams)));
        builder
            .timer(TokioTimer::new())
            .max_concurrent_streams(STREAMS)
            .initial_stream_window_size(STREAM_WINDOW)
            .initial_connection_window_size(CONNECTION_WINDOW)
            .max_send_buf_size(SEND_BUFFER)
            .max_header_list_size(site.bounds.header_bytes);
        let mut connection = Box::pin(builder.serve_connection(io, service));
        let ending = async {
            {
                let meanwhile = pin!(async {
                    tokio::select! {
                        _ = stage.wait_for(|stage| *stage != Stage::Open) => {}
                        () = traffic.rests(site.times.header) => {}
                    }
                });
                tokio::select! {
                    biased;
                    done = connection.as_mut() => return drop(done),
                    () = Aside::new(meanwhile) => {}
                }
            }
            connection.as_mut().graceful_shutdown();
            tokio::select! {
                done = connection.as_mut() => drop(done),
                _ = stage.wait_for(|stage| *stage == Stage::Over) => {}
                // Who says goodbye at its time has gone by then.
                () = traffic.is_done(site.times.header + GRACE, site.times.idle) => {}
            }
        };
        let stuck = pin!(streams.end_stuck(site.times.idle + GRACE));
        tokio::select! {
            biased;
            () = ending => {}
            () = Aside::new(stuck) => {}
        }
    } else {
        first::serve(stream, site, client, stage).await;
    }
}

/// What answers the requests of a connection, and counts them.
fn service(
    client: Arc<Client>,
    traffic: &Arc<Traffic>,
) -> impl hyper::service::Service<
    Request<Incoming>,
    Response = Response<Body>,
    Error = Infallible,
    Future = impl Future<Output = Result<Response<Body>, Infallible>> + Send + use<>,
> + Clone
+ use<> {
    let traffic = Arc::clone(traffic);
    service_fn(move |request: Request<Incoming>| {
        let client = Arc::clone(&client);
        let under_way = traffic.begin();
        let is_owed = !hyper::body::Body::is_end_stream(request.body());
        let receiving = is_owed.then(|| under_way.receives());
        // Boxed: hyper moves it half a dozen times before it is asked for an answer by HTTP/2.
        Box::pin(async move {
            let request = Inbound::of_request(request, receiving);
            let response = client.answer(request).await;
            Ok(response.map(|body| body.during(under_way)))
        })
    })
}

/// The end, and a while after it: HTTP/1.1 has no word for "no more requests" but the answer to one, so a request
/// that is on its way when the end comes is answered, with `Connection: close`.
async fn last_call(stage: &mut watch::Receiver<Stage>) {
    const WHILE: Duration = Duration::from_secs(1);
    drop(stage.wait_for(|stage| *stage != Stage::Open).await);
    tokio::time::sleep(WHILE).await;
}
