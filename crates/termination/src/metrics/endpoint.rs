use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use super::Metrics;
use crate::http::Body;
use crate::server::Pulse;

/// Time for one who asks, whatever for.
const LIMIT: Duration = Duration::from_secs(10);

/// Most who ask at a time.
const MOST: usize = 32;

/// After a failure that concerns the whole process, such as too many open files.
const PAUSE: Duration = Duration::from_millis(50);

/// Binds an address for [`serve`]. Another process of the same user may bind it, too, as the next one does that takes
/// over.
///
/// # Errors
/// What the system says against it.
pub fn bind(address: SocketAddr) -> io::Result<std::net::TcpListener> {
    crate::listen::one(address)
}

/// Answers `/metrics`, `/healthz` and `/readyz` on a listener of its own, in plain HTTP, until it is dropped.
/// `pulse` tells how the server does: it is not ready while it ends, nor while all upstreams are down.
///
/// # Errors
/// The socket cannot be waited on.
pub async fn serve(
    socket: std::net::TcpListener,
    metrics: Arc<Metrics>,
    pulse: impl Fn() -> Pulse + Clone + Send + Sync + 'static,
) -> io::Result<()> {
    socket.set_nonblocking(true)?;
    let listener = TcpListener::from_std(socket)?;
    let places = Arc::new(Semaphore::new(MOST));
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        // Whoever comes beyond that waits, or leaves.
        let Ok(place) = Arc::clone(&places).acquire_owned().await else {
            return Ok(());
        };
        let (metrics, pulse) = (Arc::clone(&metrics), pulse.clone());
        tokio::spawn(async move {
            let service = service_fn(|request: Request<hyper::body::Incoming>| {
                let answer = answer(&request, &metrics, &pulse());
                async { Ok::<_, Infallible>(answer) }
            });
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(LIMIT)
                .serve_connection(TokioIo::new(stream), service);
            drop(tokio::time::timeout(LIMIT, connection).await);
            drop(place);
        });
    }
}

fn answer<B>(request: &Request<B>, metrics: &Metrics, pulse: &Pulse) -> Response<Body> {
    let is_read = *request.method() == Method::GET || *request.method() == Method::HEAD;
    let (status, text) = match request.uri().path() {
        _ if !is_read => (StatusCode::METHOD_NOT_ALLOWED, String::new()),
        "/metrics" => (StatusCode::OK, metrics.render(now(), pulse)),
        "/healthz" => (StatusCode::OK, "ok\n".to_owned()),
        "/readyz" => match (metrics.is_ready(), pulse.is_cut_off) {
            (true, false) => (StatusCode::OK, "ready\n".to_owned()),
            (true, true) => (
                StatusCode::SERVICE_UNAVAILABLE,
                "no service behind is up\n".to_owned(),
            ),
            (false, _) => (StatusCode::SERVICE_UNAVAILABLE, "ending\n".to_owned()),
        },
        _ => (StatusCode::NOT_FOUND, String::new()),
    };
    let mut response = Response::new(Body::Text(Bytes::from(text)));
    *response.status_mut() = status;
    response.headers_mut().insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8"),
    );
    response
}

/// Whole seconds since 1970.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    })
}
