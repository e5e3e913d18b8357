//! What carries requests to an object store, with bounds on time and size.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use http::{Response, Uri};
use http_body_util::{BodyExt as _, Full};
use object_store::client::{
    ClientConfigKey, ClientOptions, HttpClient, HttpConnector, HttpError, HttpErrorKind,
    HttpRequest, HttpResponse, HttpResponseBody, HttpService,
};
use rustls_pki_types::CertificateDer;
use tokio::time::timeout;
use tokio_rustls::rustls::ClientConfig;

use super::{MAX_ENTRY, StoreError, refused};
use crate::carrier::{NoAnswer, Place, carry, tls};

/// Longest time for one request, connecting included; a store answers within a second.
const REQUEST_TIME: Duration = Duration::from_secs(10);

/// Most bytes of an answer: an entry, and no more.
const MAX_ANSWER: usize = MAX_ENTRY;

/// Makes connections that these roots vouch for.
#[derive(Debug)]
pub(super) struct Connector {
    tls: Arc<ClientConfig>,
}

/// What asks, a connection for each request.
#[derive(Debug)]
struct Carrier {
    tls: Arc<ClientConfig>,
    is_plain_allowed: bool,
}

/// Why nobody was asked, or nothing came.
#[derive(Debug, thiserror::Error)]
enum NotAsked {
    #[error("{0} has no TLS, and `allow_http` is not set")]
    Plain(Place),
    #[error("{0} is no address of a server")]
    NoServer(String),
    // What the system says is part of this: it says nothing of whom it was about.
    #[error("{at}: {said}")]
    Connect { at: Place, said: std::io::Error },
    #[error("no answer from {0} within {seconds} seconds", seconds = REQUEST_TIME.as_secs())]
    Late(Place),
    #[error("{0} answers with over {MAX_ANSWER} bytes")]
    TooBig(Place),
}

impl Connector {
    pub(super) fn new(roots: &[CertificateDer<'static>]) -> Result<Self, StoreError> {
        let tls = tls(roots).map_err(|source| {
            let source = Box::new(source);
            refused("TLS", object_store::Error::NotSupported { source })
        });
        Ok(Self { tls: tls? })
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
        let unasked = |error| HttpError::new(HttpErrorKind::Unknown, error);
        let at = Place::of(request.uri());
        let at = at.ok_or_else(|| unasked(NotAsked::NoServer(server(request.uri()))))?;
        if !at.is_tls() && !self.is_plain_allowed {
            return Err(unasked(NotAsked::Plain(at)));
        }
        let carried = carry(&at, &self.tls, request, MAX_ANSWER);
        match timeout(REQUEST_TIME, carried).await {
            Ok(Ok(answer)) => Ok(whole(answer)),
            Ok(Err(NoAnswer::Connect(said))) => Err(HttpError::new(
                HttpErrorKind::Connect,
                NotAsked::Connect { at, said },
            )),
            Ok(Err(NoAnswer::Broken(error))) => {
                Err(HttpError::new(HttpErrorKind::Interrupted, error))
            }
            Ok(Err(NoAnswer::Cut(error))) => Err(HttpError::new(HttpErrorKind::Decode, error)),
            Ok(Err(NoAnswer::TooBig)) => {
                Err(HttpError::new(HttpErrorKind::Decode, NotAsked::TooBig(at)))
            }
            Err(_) => Err(HttpError::new(HttpErrorKind::Timeout, NotAsked::Late(at))),
        }
    }
}

/// An answer that is there as a whole, as `object_store` has them.
fn whole(answer: Response<bytes::Bytes>) -> HttpResponse {
    answer.map(|body| HttpResponseBody::new(Full::new(body).map_err(|never| match never {})))
}

/// Whom an address is of; what stands behind that may hold a signature.
fn server(uri: &Uri) -> String {
    uri.authority().map_or(String::new(), ToString::to_string)
}
