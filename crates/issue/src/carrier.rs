//! One request and its answer, over a connection of their own: HTTP/1.1, over TLS by roots that somebody names, with a
//! bound on the answer's size. How long it may take is up to whoever asks: a CA and a store are asked some times a day.

use std::error::Error;
use std::fmt;
use std::io;
use std::sync::Arc;

use bytes::Bytes;
use http::header::HOST;
use http::{HeaderValue, Request, Response, Uri};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Body;
use hyper::rt::{Read, Write};
use hyper_util::rt::TokioIo;
use rustls_pki_types::{CertificateDer, ServerName};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::{self, ClientConfig, RootCertStore};

/// How TLS is spoken to servers that these roots vouch for.
pub(crate) fn tls(roots: &[CertificateDer<'static>]) -> Result<Arc<ClientConfig>, rustls::Error> {
    let mut store = RootCertStore::empty();
    store.add_parsable_certificates(roots.iter().cloned());
    let provider = Arc::new(aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(store)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

/// Who is asked, and for what.
#[derive(Debug)]
pub(crate) struct Place {
    host: String,
    port: u16,
    /// Whose certificate is wanted, where TLS is spoken.
    name: Option<ServerName<'static>>,
    authority: HeaderValue,
    path: Uri,
}

impl Place {
    /// That of a URL with `https` or `http`; `None` of any other.
    pub(crate) fn of(uri: &Uri) -> Option<Self> {
        let authority = uri.authority()?;
        let host = authority.host().trim_matches(['[', ']']).to_owned();
        let (name, port) = match uri.scheme_str()? {
            "https" => (Some(ServerName::try_from(host.clone()).ok()?), 443),
            "http" => (None, 80),
            _ => return None,
        };
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        Some(Self {
            host,
            port: authority.port_u16().unwrap_or(port),
            name,
            authority: HeaderValue::from_str(authority.as_str()).ok()?,
            path: path.parse().ok()?,
        })
    }

    /// Whether TLS is spoken there.
    pub(crate) fn is_tls(&self) -> bool {
        self.name.is_some()
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

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum NoAnswer {
    /// Nobody is come to, by what the system or TLS says.
    Connect(io::Error),
    /// The connection broke off before an answer began.
    Broken(hyper::Error),
    /// It broke off in an answer.
    Cut(hyper::Error),
    /// There is more of it than is read.
    TooBig,
}

/// Carries a request to a place, and its answer back, of which at most so many bytes are read.
pub(crate) async fn carry<B>(
    place: &Place,
    tls: &Arc<ClientConfig>,
    mut request: Request<B>,
    most: usize,
) -> Result<Response<Bytes>, NoAnswer>
where
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    request.headers_mut().insert(HOST, place.authority.clone());
    *request.uri_mut() = place.path.clone();
    let stream = TcpStream::connect((place.host.as_str(), place.port));
    let stream = stream.await.map_err(NoAnswer::Connect)?;
    let Some(name) = place.name.clone() else {
        return exchange(TokioIo::new(stream), request, most).await;
    };
    let connected = TlsConnector::from(Arc::clone(tls)).connect(name, stream);
    let stream = connected.await.map_err(NoAnswer::Connect)?;
    exchange(TokioIo::new(stream), request, most).await
}

async fn exchange<B>(
    stream: impl Read + Write + Unpin + Send + 'static,
    request: Request<B>,
    most: usize,
) -> Result<Response<Bytes>, NoAnswer>
where
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let handshake = hyper::client::conn::http1::handshake(stream).await;
    let (mut sender, connection) = handshake.map_err(NoAnswer::Broken)?;
    let exchange = async {
        let answer = sender.send_request(request).await;
        let (parts, body) = answer.map_err(NoAnswer::Broken)?.into_parts();
        let body = Limited::new(body, most).collect().await;
        let body = body.map_err(|error| match error.downcast() {
            Ok(source) => NoAnswer::Cut(*source),
            Err(_) => NoAnswer::TooBig,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_name_or_an_address_with_the_port_of_its_scheme() {
        let place = |uri: &str| Place::of(&uri.parse().unwrap());
        for (uri, at, is_tls) in [
            ("https://[::1]:14000/dir", "[::1]:14000", true),
            ("https://ca.test/dir", "ca.test:443", true),
            ("http://127.0.0.1/", "127.0.0.1:80", false),
        ] {
            let place = place(uri).unwrap();
            assert_eq!((place.to_string().as_str(), place.is_tls()), (at, is_tls));
        }
        for uri in ["ftp://ca.test/dir", "/dir", "https://a..b/"] {
            assert!(place(uri).is_none(), "{uri}");
        }
    }
}
