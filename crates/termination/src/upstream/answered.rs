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

    /// The answer was read to its end. The request may not have been sent to its end yet: whoever takes the connection
    /// looks whether it is ready.
    pub(crate) fn bring(self) {
        if let Some(first) = self.first.filter(First::is_open) {
            self.pool.keep(&self.target, first);
        }
    }

    /// The answer did not come whole.
    pub(crate) fn broke(self, why: &str) {
        if let Some(observer) = self.pool.observer() {
            observer.upstream_failed(self.target.text(), why);
        }
    }
}
