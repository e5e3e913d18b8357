//! A request to a server and its answer: by https alone, with bounds on time and size.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, StatusCode, Uri};
use http_body_util::Full;
use rustls_pki_types::CertificateDer;
use tokio_rustls::rustls::{self, ClientConfig};

use crate::carrier::{NoAnswer, Place, carry, tls};

/// Longest time for one request, connecting included. A CA that checks a CSR answers within seconds.
const REQUEST_TIME: Duration = Duration::from_secs(30);

/// Most bytes of an answer. A chain has some 5 kB, a directory less.
const MAX_ANSWER: usize = 1 << 20;

/// Why no answer came, or none that is ACME's.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// The address is none that may be asked.
    #[error("{0} is no https address")]
    NotHttps(String),
    /// Nobody answered at it.
    #[error("{place}: {source}")]
    Connect {
        /// Host and port.
        place: String,
        /// What the system or TLS says.
        source: std::io::Error,
    },
    /// The connection broke off.
    #[error("{place}: {source}")]
    Broken {
        /// Host and port.
        place: String,
        /// What HTTP says.
        source: hyper::Error,
    },
    /// It took too long.
    #[error("{place}: no answer within {} seconds", REQUEST_TIME.as_secs())]
    Late {
        /// Host and port.
        place: String,
    },
    /// The answer is too big.
    #[error("{place}: the answer has over {MAX_ANSWER} bytes")]
    TooBig {
        /// Host and port.
        place: String,
    },
    /// An answer of another kind than ACME's are (RFC 8555, sections 6.7 and 7): of something between here and the CA,
    /// or of something that is no CA.
    #[error("{url} answered {status}: {text:?}")]
    Status {
        /// What was asked.
        url: String,
        /// HTTP's status.
        status: StatusCode,
        /// How the answer begins.
        text: String,
        /// After how many seconds it may be asked again, where it says so.
        retry_after: Option<u64>,
    },
}

impl TransportError {
    /// Whether the same may go well in a moment: nobody answered, or the server says that it is not able to now.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::NotHttps(_) | Self::TooBig { .. } => false,
            Self::Connect { source, .. } => source.kind() != std::io::ErrorKind::InvalidData,
            Self::Broken { .. } | Self::Late { .. } => true,
            Self::Status { status, .. } => {
                status.is_server_error() || *status == StatusCode::TOO_MANY_REQUESTS
            }
        }
    }
}

/// An answer that is on its way.
pub type Answering<'a> =
    Pin<Box<dyn Future<Output = Result<Response<Bytes>, TransportError>> + Send + 'a>>;

/// Whoever carries requests to a CA, and its answers back.
pub trait Wire: Send + Sync {
    /// Carries one.
    fn exchange(&self, request: Request<Bytes>) -> Answering<'_>;
}

/// By https.
pub(super) struct Https {
    tls: Arc<ClientConfig>,
}

impl Https {
    /// To servers that these roots vouch for.
    pub(super) fn new(roots: &[CertificateDer<'static>]) -> Result<Self, rustls::Error> {
        Ok(Self { tls: tls(roots)? })
    }
}

impl Wire for Https {
    fn exchange(&self, request: Request<Bytes>) -> Answering<'_> {
        Box::pin(async move {
            let place = secured(request.uri())?;
            let request = request.map(Full::new);
            let answer = carry(&place, &self.tls, request, MAX_ANSWER);
            let answer = tokio::time::timeout(REQUEST_TIME, answer).await;
            let place = place.to_string();
            match answer {
                Ok(Ok(answer)) => Ok(answer),
                Ok(Err(NoAnswer::Connect(source))) => {
                    Err(TransportError::Connect { place, source })
                }
                Ok(Err(NoAnswer::Broken(source) | NoAnswer::Cut(source))) => {
                    Err(TransportError::Broken { place, source })
                }
                Ok(Err(NoAnswer::TooBig)) => Err(TransportError::TooBig { place }),
                Err(_) => Err(TransportError::Late { place }),
            }
        })
    }
}

/// Who is asked by https.
fn secured(uri: &Uri) -> Result<Place, TransportError> {
    let place = Place::of(uri).filter(Place::is_tls);
    place.ok_or_else(|| TransportError::NotHttps(uri.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_is_asked() {
        for (uri, is_asked) in [("http://ca.test/dir", false), ("https://ca.test/dir", true)] {
            assert_eq!(secured(&uri.parse().unwrap()).is_ok(), is_asked, "{uri}");
        }
    }
}
