//! Why a request was not answered.

use std::error::Error;
use std::io;

use http::Request;
use hyper::client::conn::TrySendError;

use super::ConnectError;
use crate::http::Body;

/// Why a request was not answered.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SendError {
    /// There is no connection, and nothing was sent.
    #[error("{0}")]
    Connect(ConnectError),
    /// Something was sent, and no answer came.
    #[error("{0}")]
    Broken(hyper::Error),
    /// The same, for too long, while the connection served others.
    #[error("no answer came in time")]
    Late,
    /// There is no upstream.
    #[error("there is no upstream")]
    Nobody,
}

impl SendError {
    /// The same with all that led to it.
    pub(crate) fn why(&self) -> String {
        match self {
            _ if self.is_late() => Self::Late.to_string(),
            Self::Broken(error) => {
                let causes = causes(error).map(|cause| format!(": {cause}"));
                format!("{error}{}", causes.collect::<String>())
            }
            _ => self.to_string(),
        }
    }

    /// Whether nothing moved for too long.
    pub(crate) fn is_late(&self) -> bool {
        match self {
            Self::Late | Self::Connect(ConnectError::Slow) => true,
            Self::Broken(error) => is_late(error),
            Self::Connect(_) | Self::Nobody => false,
        }
    }
}

/// Everything that led to an error.
fn causes(error: &hyper::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(Error::source(error), |&cause| cause.source())
}

/// Whether a request was not sent, or the upstream says that it did not look at it, by the end of the connection (RFC
/// 9113, section 6.8) or for this one (section 8.7): then it may be sent again, whatever it asks for.
pub(super) fn was_not_looked_at(error: &TrySendError<Request<Body>>) -> bool {
    if error.message().is_some() {
        return true;
    }
    let mut kinds = causes(error.error()).filter_map(|cause| cause.downcast_ref::<h2::Error>());
    kinds.any(|error| {
        let is_left = error.is_go_away() && error.reason() == Some(h2::Reason::NO_ERROR);
        let is_refused = error.is_reset() && error.reason() == Some(h2::Reason::REFUSED_STREAM);
        error.is_remote() && (is_left || is_refused)
    })
}

/// Whether a connection gave up for silence.
fn is_late(error: &hyper::Error) -> bool {
    let mut kinds = causes(error).filter_map(|cause| cause.downcast_ref::<io::Error>());
    kinds.any(|error| error.kind() == io::ErrorKind::TimedOut)
}
