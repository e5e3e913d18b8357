//! What carries requests to an object store: HTTP/1.1 over rustls with aws-lc-rs, with bounds on time and size.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use http::header::HOST;
use http::{HeaderValue, Uri};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::rt::{Read, Write};
use hyper_util::rt::TokioIo;
use object_store::client::{
    ClientConfigKey, ClientOptions, HttpClient, HttpConnector, HttpError, HttpErrorKind,
    HttpRequest, HttpResponse, HttpResponseBody, HttpService,
};
use rustls_pki_types::{CertificateDer, InvalidDnsNameError, ServerName};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::{MAX_ENTRY, StoreError, refused};

/// Longest time for one request, connecting included; a store answers within a second.
const REQUEST_TIME: Duration = Duration::from_secs(10);

/// Most bytes of an answer: an entry, and no more.
const MAX_ANSWER: usize = MAX_ENTRY;

/// Makes connections that these roots vouch for.
#[derive(Debug)]
pub(super) struct Connector {
    tls: Arc<ClientConfig>,
}

/// A connection for each request: a store is asked some times an hour.
#[derive(Debug)]
struct Carrier {
    tls: Arc<ClientConfig>,
    is_plain_allowed: bool,
}

/// Why nobody was asked.
#[derive(Debug, thiserror::Error)]
enum NotAsked {
    #[error("{0} has no TLS, and `allow_http` is not set")]
    Plain(String),
    #[error("{0} is no address of a server")]
    NoServer(String),
    #[error(transparent)]
    Name(#[from] InvalidDnsNameError),
    #[error(transparent)]
    Header(#[from] http::header::InvalidHeaderValue),
    #[error(transparent)]
    Path(#[from] http::uri::InvalidUri),
    // What the system says is part of this: it says nothing of whom it was about.
    #[error("{at}: {said}")]
    Connect { at: String, said: std::io::Error },
    #[error("no answer from {0} within {seconds} seconds", seconds = REQUEST_TIME.as_secs())]
    Late(String),
}

impl Connector {
    pub(super) fn new(roots: &[CertificateDer<'static>]) -> Result<Self, StoreError> {
        let mut store = RootCertStore::empty();
        store.add_parsable_certificates(roots.iter().cloned());
        let provider = Arc::new(aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|source| {
                let source = Box::new(source);
                refused("TLS", object_store::Error::NotSupported { source })
            })?
            .with_root_certificates(store)
            .with_no_client_auth();
        Ok(Self {
            tls: Arc::new(config),
        })
    }
}

impl HttpConnector for Connector {
    fn connect(&self, options: &ClientOptions) -> object_store::Result<HttpClient> {
        let allowed = options.get_config_value(&ClientConfigKey::AllowHttp);
        Ok(HttpClient::new(Carrier {
            tls: Arc::clone(&self.tls),
            is_plain_allowed: allowed.as_deref() == Some("true"),
        }))
    }
}

#[async_trait]
impl HttpService for Carrier {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let at = server(request.uri());
        let carried = timeout(REQUEST_TIME, self.carried(request)).await;
        carried.unwrap_or_else(|_| Err(HttpError::new(HttpErrorKind::Timeout, NotAsked::Late(at))))
    }
}

impl Carrier {
    async fn carried(&self, mut request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let unasked = |error| HttpError::new(HttpErrorKind::Unknown, error);
        let uri = request.uri().clone();
        let is_tls = match uri.scheme_str() {
            Some("https") => true,
            Some("http") if self.is_plain_allowed => false,
            _ => return Err(unasked(NotAsked::Plain(server(&uri)))),
        };
        let authority = uri.authority();
        let authority =
            authority.ok_or_else(|| unasked(NotAsked::NoServer(uri.path().to_owned())))?;
        let host = authority.host().trim_matches(['[', ']']).to_owned();
        let port = if is_tls { 443 } else { 80 };
        let port = authority.port_u16().unwrap_or(port);
        let header = HeaderValue::from_str(authority.as_str());
        let header = header.map_err(|error| unasked(error.into()))?;
        request.headers_mut().insert(HOST, header);
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        let path: Uri = path
            .parse()
            .map_err(|error| unasked(NotAsked::Path(error)))?;
        *request.uri_mut() = path;
        let connect = |said| {
            let at = authority.to_string();
            HttpError::new(HttpErrorKind::Connect, NotAsked::Connect { at, said })
        };
        let stream = TcpStream::connect((host.as_str(), port)).await;
        let stream = stream.map_err(&connect)?;
        if !is_tls {
            return exchange(TokioIo::new(stream), request).await;
        }
        let name = ServerName::try_from(host).map_err(|error| unasked(error.into()))?;
        let tls = TlsConnector::from(Arc::clone(&self.tls));
        let stream = tls.connect(name, stream).await.map_err(connect)?;
        exchange(TokioIo::new(stream), request).await
    }
}

/// Whom an address is of; what stands behind that may hold a signature.
fn server(uri: &Uri) -> String {
    uri.authority().map_or(String::new(), ToString::to_string)
}

/// A request and its answer, whole and within a bound.
async fn exchange(
    stream: impl Read + Write + Unpin + Send + 'static,
    request: HttpRequest,
) -> Result<HttpResponse, HttpError> {
    let broken = |error| HttpError::new::<hyper::Error>(HttpErrorKind::Interrupted, error);
    let handshake = hyper::client::conn::http1::handshake(stream).await;
    let (mut sender, connection) = handshake.map_err(broken)?;
    let exchange = async {
        let answer = sender.send_request(request).await.map_err(broken)?;
        let (parts, body) = answer.into_parts();
        let body = Limited::new(body, MAX_ANSWER).collect().await;
        let body = body.map_err(|error| HttpError::new_boxed(HttpErrorKind::Decode, error))?;
        let body = Full::new(body.to_bytes()).map_err(|never| match never {});
        Ok(HttpResponse::from_parts(parts, HttpResponseBody::new(body)))
    };
    tokio::pin!(exchange);
    tokio::select! {
        biased;
        answer = &mut exchange => answer,
        // The connection is driven beside it; when it ends, what was read is there.
        _ = connection => exchange.await,
    }
}
