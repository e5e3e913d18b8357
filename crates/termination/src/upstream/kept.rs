//! A connection of HTTP/1.1 to an upstream, which is kept between requests.

use http::{Request, Response};
use hyper::body::Incoming;
use hyper::client::conn::{TrySendError, http1};

use crate::http::Body;

/// Where requests are given to a connection. A task of its own moves it: moved by whoever waits for an answer, it would
/// write each request at once, and the upstream be woken for each, where it finds several now.
#[derive(Debug)]
pub(super) struct First(http1::SendRequest<Body>);

impl First {
    /// One that was begun.
    pub(super) fn new(sender: http1::SendRequest<Body>) -> Self {
        Self(sender)
    }

    pub(super) async fn send(
        &mut self,
        request: Request<Body>,
    ) -> Result<Response<Incoming>, TrySendError<Request<Body>>> {
        self.0.try_send_request(request).await
    }

    /// Waits until it takes a request.
    pub(super) async fn ready(&mut self) -> hyper::Result<()> {
        self.0.ready().await
    }

    /// Whether it takes a request now.
    pub(super) fn is_ready(&self) -> bool {
        self.is_open() && self.0.is_ready()
    }

    /// Whether it is open still, as far as is known.
    pub(super) fn is_open(&self) -> bool {
        !self.0.is_closed()
    }
}
