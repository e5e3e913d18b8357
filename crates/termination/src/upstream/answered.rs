//! What an upstream answers, and the connection that it comes by.

use std::sync::Arc;

use http::Response;
use hyper::body::Incoming;

use super::kept::First;
use super::{Pool, Target};

/// An answer, and where it came from.
pub(crate) struct Answered {
    pub(crate) response: Response<Incoming>,
    pub(crate) back: Back,
}

/// Where an answer comes from: an upstream and, where no others go by it, the connection. Brings that back to where it is
/// kept, once the answer was read to its end.
#[derive(Debug)]
pub(crate) struct Back {
    pub(super) pool: Arc<Pool>,
    pub(super) target: Arc<Target>,
    /// `None`: others go by it.
    pub(super) first: Option<First>,
}

impl Back {
    /// Whether no others go by the connection.
    pub(crate) fn is_alone(&self) -> bool {
        self.first.is_some()
    }

    /// The answer was read to its end. The connection is kept when the request was sent to its end, too: one that is
    /// sent still goes on, and holds up nobody else's.
    pub(crate) fn bring(self) {
        let Self {
            pool,
            target,
            first: Some(mut first),
        } = self
        else {
            return;
        };
        if first.is_ready() {
            return pool.keep(&target, first);
        }
        if first.is_open() {
            tokio::spawn(async move {
                if first.ready().await.is_ok() {
                    pool.keep(&target, first);
                }
            });
        }
    }

    /// The answer did not come whole.
    pub(crate) fn broke(self, why: &str) {
        if let Some(observer) = self.pool.observer() {
            observer.upstream_failed(self.target.text(), why);
        }
    }
}
