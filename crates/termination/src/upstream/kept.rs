//! A connection of HTTP/1.1 to an upstream, which is kept between requests.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::{Request, Response};
use hyper::body::Incoming;
use hyper::client::conn::{TrySendError, http1};
use tokio::sync::Notify;

use super::line::Line;
use crate::http::Body;

/// A connection of HTTP/1.1: where requests are given to it, and what moves it, unless that has a task of its own.
#[derive(Debug)]
pub(super) struct First {
    sender: http1::SendRequest<Body>,
    line: Option<Line>,
}

impl First {
    /// One that was begun, and what moves it. While nobody waits for anything that comes by it, the keeper is told.
    pub(super) fn new(
        sender: http1::SendRequest<Body>,
        moving: impl Future<Output = hyper::Result<()>> + Send + 'static,
        keeper: &Arc<Notify>,
    ) -> Self {
        Self {
            sender,
            line: Some(Line::new(moving, keeper)),
        }
    }

    pub(super) async fn send(
        &mut self,
        request: Request<Body>,
    ) -> Result<Response<Incoming>, TrySendError<Request<Body>>> {
        let sending = self.sender.try_send_request(request);
        let Some(line) = &mut self.line else {
            return sending.await;
        };
        let mut sending = pin!(sending);
        poll_fn(|cx| line.until(cx, |cx| sending.as_mut().poll(cx))).await
    }

    /// Waits until it takes a request.
    pub(super) async fn ready(&mut self) -> hyper::Result<()> {
        let Self { sender, line } = self;
        match line {
            Some(line) => poll_fn(|cx| line.until(cx, |cx| sender.poll_ready(cx))).await,
            None => sender.ready().await,
        }
    }

    /// Leaves what moves it to a task of its own.
    pub(super) fn apart(&mut self) {
        if let Some(line) = self.line.take() {
            line.apart();
        }
    }

    /// Polls for something that comes by it, which moves it.
    pub(super) fn poll<T>(
        &mut self,
        cx: &mut Context<'_>,
        mut coming: impl FnMut(&mut Context<'_>) -> Poll<T>,
    ) -> Poll<T> {
        match &mut self.line {
            Some(line) => line.until(cx, coming),
            None => coming(cx),
        }
    }

    /// Somebody has it again, for a request.
    pub(super) fn taken(&mut self) {
        if let Some(line) = &mut self.line {
            line.taken();
        }
    }

    /// Nobody waits for anything that comes by it any more.
    pub(super) fn rests(&mut self) {
        if let Some(line) = &mut self.line {
            line.rests();
        }
    }

    /// Whether it takes a request now.
    pub(super) fn is_ready(&mut self) -> bool {
        self.is_open() && self.sender.is_ready()
    }

    /// Whether it is open still, by all that has come.
    pub(super) fn is_open(&mut self) -> bool {
        let line = self.line.as_mut();
        !line.is_some_and(Line::has_ended) && !self.sender.is_closed()
    }
}
