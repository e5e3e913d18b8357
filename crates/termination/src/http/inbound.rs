//! A body that somebody sends, whoever reads it.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http::header::EXPECT;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use tokio::runtime::Handle;
use tokio::time::timeout;

use super::traffic::Receiving;

/// How long what a client sends on after the answer is read and thrown away: so long in all, and until nothing comes for
/// so long. Told to stop at once (RFC 9113, section 8.1), or cut off (RFC 9112, section 9.6), many never see the answer.
const LONGEST: Duration = Duration::from_secs(5);
const SILENCE: Duration = Duration::from_secs(2);

/// A body that comes.
#[derive(Debug)]
pub(crate) struct Inbound {
    /// `None`: it was let go.
    body: Option<Incoming>,
    /// Whether it is read on where nobody wants it any more.
    is_read_on: bool,
    /// Whether its client waits to be asked for it: who does not ask is sent nothing.
    waits: bool,
    /// Kept until a request has come whole.
    receiving: Option<Receiving>,
}

impl Inbound {
    /// What a client sends with a request.
    pub(super) fn of_request(
        request: Request<Incoming>,
        receiving: Option<Receiving>,
    ) -> Request<Self> {
        // RFC 9110, section 10.1.1.
        let waits = request.headers().contains_key(EXPECT);
        request.map(|body| Self {
            body: Some(body),
            is_read_on: true,
            waits,
            receiving,
        })
    }

    /// What an upstream sends.
    pub(super) fn of_answer(body: Incoming) -> Self {
        Self {
            body: Some(body),
            is_read_on: false,
            waits: false,
            receiving: None,
        }
    }

    /// Whether its stream was ended while it was waited for: then nobody waits any longer.
    pub(super) fn is_cut(&mut self, cx: &Context<'_>) -> bool {
        let receiving = self.receiving.as_ref();
        let is_cut = receiving.is_some_and(|receiving| receiving.is_cut(cx));
        self.is_read_on &= !is_cut;
        is_cut
    }

    /// It has come whole.
    pub(super) fn ended(&mut self) {
        self.receiving = None;
    }
}

impl Body for Inbound {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<hyper::Result<Frame<Bytes>>>> {
        let Some(body) = &mut self.body else {
            return Poll::Ready(None);
        };
        let frame = Pin::new(body).poll_frame(cx);
        self.waits &= frame.is_pending();
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(Incoming::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        let body = self.body.as_ref();
        body.map(Incoming::size_hint).unwrap_or_default()
    }
}

impl Drop for Inbound {
    fn drop(&mut self) {
        if !self.is_read_on || self.waits || self.is_end_stream() {
            return;
        }
        if let (Some(body), Ok(runtime)) = (self.body.take(), Handle::try_current()) {
            runtime.spawn(read_on(body, self.receiving.take()));
        }
    }
}

/// Reads what still comes, for a while.
async fn read_on(mut body: Incoming, _until_then: Option<Receiving>) {
    let all = async {
        loop {
            let next = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx));
            let Ok(Some(Ok(_))) = timeout(SILENCE, next).await else {
                return;
            };
        }
    };
    drop(timeout(LONGEST, all).await);
}
