//! What an upstream answers, and the connection that it comes by.

use std::sync::Arc;

use http::Response;
use hyper::body::Incoming;

use super::kept::First;
use super::multiplexed::InUse;
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
    pub(super) by: By,
}

/// A connection that an answer comes by.
#[derive(Debug)]
pub(super) enum By {
    /// No others go by it.
    Alone(First),
    Shared(#[expect(dead_code, reason = "it is kept until the answer has ended")] InUse),
}

impl Back {
    /// Whether no others go by the connection.
    pub(crate) fn is_alone(&self) -> bool {
        matches!(self.by, By::Alone(_))
    }

    /// The answer was read to its end. The request may not have been sent to its end yet: whoever takes the connection
    /// looks whether it is ready.
    pub(crate) fn bring(self) {
        match self.by {
            By::Alone(first) if first.is_open() => self.pool.keep(&self.target, first),
            By::Alone(_) | By::Shared(_) => {}
        }
    }

    /// The answer did not come whole.
    pub(crate) fn broke(self, why: &str) {
        if let Some(observer) = self.pool.observer() {
            observer.upstream_failed(self.target.text(), why);
        }
    }
}
