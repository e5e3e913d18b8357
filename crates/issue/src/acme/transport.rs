//! Requests to an ACME server: https alone, with bounds on time and size.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, DATE, HOST, LINK, LOCATION, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Uri};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_util::rt::TokioIo;
use instant_acme::{BodyWrapper, BytesResponse, Error, HttpClient};
use rustls_pki_types::{CertificateDer, ServerName};
use serde::de::IgnoredAny;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::window::ASK_AGAIN;

/// Longest time for one request, connecting included. A CA that checks a CSR answers within seconds.
const REQUEST_TIME: Duration = Duration::from_secs(30);

/// Most bytes of an answer. A chain has some 5 kB, a directory less.
const MAX_ANSWER: usize = 1 << 20;

/// Most of an answer that is no JSON and is shown.
const SHOWN: usize = 200;

/// The media type of a chain (RFC 8555, section 9.1).
const CHAIN: &str = "application/pem-certificate-chain";

/// Where a CA is asked, and by whose word it is the CA.
#[derive(Debug, Clone)]
pub struct Directory {
    /// The URL of the directory (RFC 8555, section 7.1.1); `https` alone (section 6.1).
    pub url: String,
    /// The roots that the server's certificate is judged by.
    pub roots: Vec<CertificateDer<'static>>,
}

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

/// What the last answers said besides their content, which instant-acme does not hand on.
#[derive(Debug, Default, Clone)]
pub(super) struct Aside {
    /// `Retry-After` of the last answer, in seconds (RFC 9110, section 10.2.3).
    pub(super) retry_after: Option<u64>,
    /// The last chain that came.
    pub(super) chain: Option<String>,
    /// Where other chains of it are (RFC 8555, section 7.4.2).
    pub(super) alternates: Vec<String>,
}

/// The connection to one CA.
#[derive(Clone)]
pub(super) struct Transport {
    tls: TlsConnector,
    aside: Arc<Mutex<Aside>>,
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport").finish_non_exhaustive()
    }
}

impl Transport {
    /// One that believes in these roots.
    pub(super) fn new(
        roots: &[CertificateDer<'static>],
    ) -> Result<Self, tokio_rustls::rustls::Error> {
        let mut store = RootCertStore::empty();
        store.add_parsable_certificates(roots.iter().cloned());
        let provider = Arc::new(aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(store)
            .with_no_client_auth();
        Ok(Self {
            tls: TlsConnector::from(Arc::new(config)),
            aside: Arc::default(),
        })
    }

    /// What was said beside the last answers.
    pub(super) fn aside(&self) -> Aside {
        self.own_aside().clone()
    }

    fn own_aside(&self) -> MutexGuard<'_, Aside> {
        self.aside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn ask(self, request: Request<BodyWrapper<Bytes>>) -> Result<BytesResponse, Error> {
        // Where no answer comes, none said when to ask again.
        self.own_aside().retry_after = None;
        let asked = request.uri().clone();
        let is_open = request.method() == Method::GET;
        let place = Place::of(&asked).map_err(other)?;
        let answer = tokio::time::timeout(REQUEST_TIME, self.exchange(&place, request)).await;
        let late = TransportError::Late {
            place: place.to_string(),
        };
        let mut answer = answer.map_err(|_| other(late))?.map_err(other)?;
        self.note(&answer);
        if is_foreign(&answer) {
            return Err(other(TransportError::Status {
                url: asked.to_string(),
                status: answer.status(),
                text: beginning(answer.body()),
                retry_after: self.aside().retry_after,
            }));
        }
        // Of what is asked without a signature, windows for renewal alone say when to ask again, and have to for
        // instant-acme.
        if is_open && !answer.headers().contains_key(RETRY_AFTER) {
            answer.headers_mut().insert(RETRY_AFTER, ASK_AGAIN.into());
        }
        Ok(BytesResponse::from(answer.map(Full::new)))
    }

    /// A connection for each request: a CA is asked a dozen times a month.
    async fn exchange(
        &self,
        place: &Place,
        mut request: Request<BodyWrapper<Bytes>>,
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

    fn note(&self, answer: &Response<Bytes>) {
        let headers = answer.headers();
        let mut aside = self.own_aside();
        aside.retry_after = retry_after(headers);
        let is_chain = answer.status().is_success() && is_of(headers, CHAIN);
        if is_chain {
            aside.chain = Some(String::from_utf8_lossy(answer.body()).into_owned());
            aside.alternates = alternates(headers);
        }
    }
}

impl HttpClient for Transport {
    fn request(
        &self,
        request: Request<BodyWrapper<Bytes>>,
    ) -> Pin<Box<dyn Future<Output = Result<BytesResponse, Error>> + Send>> {
        Box::pin(self.clone().ask(request))
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

fn other(error: TransportError) -> Error {
    Error::Other(Box::new(error))
}

fn is_of(headers: &HeaderMap, wanted: &str) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok());
    kind.is_some_and(|kind| kind.split(';').next().unwrap_or_default().trim() == wanted)
}

/// An error that is told in another form than a problem document (RFC 7807), or what is neither JSON nor a chain: of
/// something between here and the CA. A redirect is followed by nobody (RFC 8555, section 6.4.1 knows none of signed
/// requests), unless it tells where a thing is.
fn is_foreign(answer: &Response<Bytes>) -> bool {
    let (status, body) = (answer.status(), answer.body());
    if status.is_client_error() || status.is_server_error() {
        return serde_json::from_slice::<instant_acme::Problem>(body).is_err();
    }
    if status.is_redirection() && !answer.headers().contains_key(LOCATION) {
        return true;
    }
    let is_chain = body.trim_ascii_start().starts_with(b"-----BEGIN ");
    !body.is_empty() && !is_chain && serde_json::from_slice::<IgnoredAny>(body).is_err()
}

/// After how many seconds it may be asked again (RFC 9110, section 10.2.3). A date is held against the answer's own, as
/// nothing here reads the clock.
fn retry_after(headers: &HeaderMap) -> Option<u64> {
    let text = |name| Some(headers.get(name)?.to_str().ok()?.trim());
    let told = text(RETRY_AFTER)?;
    if let Ok(seconds) = told.parse() {
        return Some(seconds);
    }
    let moment = |text| OffsetDateTime::parse(text, &Rfc2822).ok();
    let wait = moment(told)? - moment(text(DATE)?)?;
    Some(u64::try_from(wait.whole_seconds()).unwrap_or(0))
}

fn beginning(body: &[u8]) -> String {
    String::from_utf8_lossy(body).chars().take(SHOWN).collect()
}

/// The targets of `Link: <URL>;rel="alternate"` (RFC 8288).
fn alternates(headers: &HeaderMap) -> Vec<String> {
    let links = headers.get_all(LINK).iter();
    let links = links.filter_map(|link| link.to_str().ok());
    let links = links.flat_map(|link| link.split(','));
    let targets = links.filter_map(|link| {
        let (target, parameters) = link.trim().strip_prefix('<')?.split_once('>')?;
        let is_alternate = parameters.split(';').any(|parameter| {
            let rel = parameter.trim().strip_prefix("rel=");
            rel.is_some_and(|rel| rel.trim_matches('"') == "alternate")
        });
        is_alternate.then(|| target.to_owned())
    });
    targets.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_chains_are_found_in_links() {
        let mut headers = HeaderMap::new();
        for link in [
            "<https://ca.test/dir>;rel=\"index\"",
            "<https://ca.test/c/1/1>;rel=\"alternate\", <https://ca.test/c/1/2>; title=x; rel=alternate",
        ] {
            headers.append(LINK, HeaderValue::from_static(link));
        }
        assert_eq!(
            alternates(&headers),
            ["https://ca.test/c/1/1", "https://ca.test/c/1/2"]
        );
    }

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
