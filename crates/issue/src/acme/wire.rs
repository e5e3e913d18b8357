//! A request to a server and its answer: by https alone, with bounds on time and size.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::HOST;
use http::{HeaderValue, Request, Response, StatusCode, Uri};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_util::rt::TokioIo;
use rustls_pki_types::{CertificateDer, ServerName};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::{self, ClientConfig, RootCertStore};

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
    tls: TlsConnector,
}

impl Https {
    /// To servers that these roots vouch for.
    pub(super) fn new(roots: &[CertificateDer<'static>]) -> Result<Self, rustls::Error> {
        let mut store = RootCertStore::empty();
        store.add_parsable_certificates(roots.iter().cloned());
        let provider = Arc::new(aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(store)
            .with_no_client_auth();
        Ok(Self {
            tls: TlsConnector::from(Arc::new(config)),
        })
    }

    /// A connection for each request: a CA is asked a dozen times a month.
    async fn connected(
        &self,
        place: &Place,
        mut request: Request<Full<Bytes>>,
    ) -> Result<Response<Bytes>, TransportError> {
        let at = || place.to_string();
        let connect = |source| TransportError::Connect {
            place: at(),
            source,
        };
        let broken = |source| TransportError::Broken {
            place: at(),
            source,
        };
        let stream = TcpStream::connect((place.host.as_str(), place.port));
        let stream = stream.await.map_err(connect)?;
        let stream = self.tls.connect(place.name.clone(), stream);
        let stream = stream.await.map_err(connect)?;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .map_err(broken)?;
        request.headers_mut().insert(HOST, place.authority.clone());
        *request.uri_mut() = place.path.clone();
        let exchange = async {
            let answer = sender.send_request(request).await.map_err(broken)?;
            let (parts, body) = answer.into_parts();
            let body = Limited::new(body, MAX_ANSWER).collect().await;
            let body = body.map_err(|error| match error.downcast::<hyper::Error>() {
                Ok(source) => broken(*source),
                Err(_) => TransportError::TooBig { place: at() },
            })?;
            Ok(Response::from_parts(parts, body.to_bytes()))
        };
        tokio::pin!(exchange);
        tokio::select! {
            biased;
            answer = &mut exchange => answer,
            // The connection is driven beside it; when it ends, what was read is there.
            _ = connection => exchange.await,
        }
    }
}

impl Wire for Https {
    fn exchange(&self, request: Request<Bytes>) -> Answering<'_> {
        Box::pin(async move {
            let place = Place::of(request.uri())?;
            let answer = self.connected(&place, request.map(Full::new));
            let answer = tokio::time::timeout(REQUEST_TIME, answer).await;
            answer.map_err(|_| TransportError::Late {
                place: place.to_string(),
            })?
        })
    }
}

/// Who is asked, and for what.
struct Place {
    host: String,
    port: u16,
    name: ServerName<'static>,
    authority: HeaderValue,
    path: Uri,
}

impl Place {
    fn of(uri: &Uri) -> Result<Self, TransportError> {
        let refused = || TransportError::NotHttps(uri.to_string());
        let is_https = uri.scheme_str() == Some("https");
        let authority = uri.authority().filter(|_| is_https).ok_or_else(refused)?;
        let host = authority.host().trim_matches(['[', ']']).to_owned();
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        Ok(Self {
            port: authority.port_u16().unwrap_or(443),
            name: ServerName::try_from(host.clone()).map_err(|_| refused())?,
            authority: HeaderValue::from_str(authority.as_str()).map_err(|_| refused())?,
            path: path.parse().map_err(|_| refused())?,
            host,
        })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_is_asked_by_name_or_address() {
        let place = |uri: &str| Place::of(&uri.parse().unwrap());
        assert!(place("http://ca.test/dir").is_err());
        assert_eq!(
            place("https://[::1]:14000/dir").unwrap().to_string(),
            "[::1]:14000"
        );
        assert_eq!(
            place("https://ca.test/dir").unwrap().to_string(),
            "ca.test:443"
        );
    }
}
