use std::io;
use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::Target;
use crate::listen::set_up;

/// How TLS is spoken to upstreams.
#[derive(Debug)]
pub(crate) struct UpstreamTls {
    any: Arc<ClientConfig>,
    /// The same, and HTTP/1.1 is all that is spoken above it.
    first: Arc<ClientConfig>,
}

impl UpstreamTls {
    pub(crate) fn new(any: Arc<ClientConfig>) -> Self {
        let mut first = (*any).clone();
        first.alpn_protocols = vec![b"http/1.1".to_vec()];
        Self {
            any,
            first: Arc::new(first),
        }
    }
}

/// Which versions of HTTP serve a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// Any.
    Any,
    /// HTTP/1.1: it asks for another protocol, and HTTP/2 has no such word (RFC 9113, section 8.6).
    First,
}

/// Both ways at once.
pub(crate) trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConnectError {
    #[error("it did not take the connection in time")]
    Slow,
    #[error("{0}")]
    Refused(io::Error),
    #[error("TLS to it: {0}")]
    Tls(io::Error),
    #[error("its host is no name for TLS")]
    Name,
    #[error("it does not speak HTTP: {0}")]
    Http(hyper::Error),
}

/// Connects, and speaks TLS where that is spoken. With it: whether HTTP/2 was agreed on.
pub(crate) async fn connect(
    target: &Target,
    tls: Option<&UpstreamTls>,
    way: Way,
    limit: Duration,
) -> Result<(Box<dyn Duplex>, bool), ConnectError> {
    let connecting = async {
        let address = (&*target.host, target.port);
        let stream = TcpStream::connect(address).await;
        let stream = stream.map_err(ConnectError::Refused)?;
        set_up(&SockRef::from(&stream)).map_err(ConnectError::Refused)?;
        let Some(tls) = tls.filter(|_| target.is_tls()) else {
            return Ok((Box::new(stream) as Box<dyn Duplex>, false));
        };
        let name = ServerName::try_from(target.host.to_string());
        let name = name.map_err(|_| ConnectError::Name)?;
        let config = match way {
            Way::Any => &tls.any,
            Way::First => &tls.first,
        };
        let connector = TlsConnector::from(Arc::clone(config));
        let stream = connector.connect(name, stream).await;
        let stream = stream.map_err(ConnectError::Tls)?;
        let is_h2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
        Ok((Box::new(stream) as Box<dyn Duplex>, is_h2))
    };
    let connected = tokio::time::timeout(limit, connecting).await;
    connected.map_err(|_| ConnectError::Slow)?
}
