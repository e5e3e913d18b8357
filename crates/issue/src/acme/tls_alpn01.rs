//! tls-alpn-01 (RFC 8737): certificates that a CA alone asks for, at port 443.

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rcgen::{CertificateParams, CustomExtension, DistinguishedName, KeyPair, SanType};
use rustls_pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert};
use tokio_rustls::rustls::sign::CertifiedKey;

use super::challenge::{Challenge, Kind, Solver, Solving, Unsolved};
use super::sockets::{Reserved, Sockets};
use crate::Identifier;

/// The protocol that a CA asks for (RFC 8737, section 6.2).
pub const PROTOCOL: &[u8] = b"acme-tls/1";

/// How long a handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// Certificates for a CA's look, by the name that it asks for.
#[derive(Clone, Default)]
pub struct Certificates {
    shown: Arc<Mutex<HashMap<String, Arc<CertifiedKey>>>>,
}

impl fmt::Debug for Certificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificates").finish_non_exhaustive()
    }
}

impl Certificates {
    fn put(&self, challenge: &Challenge) -> Result<(), Unsolved> {
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::default();
        params.distinguished_name = DistinguishedName::new();
        params.subject_alt_names = vec![match &challenge.identifier {
            Identifier::Dns(name) => SanType::DnsName(name.as_str().try_into()?),
            Identifier::Ip(address) => SanType::IpAddress(*address),
        }];
        let extension = CustomExtension::new_acme_identifier(&challenge.sha256());
        params.custom_extensions = vec![extension];
        let certificate = params.self_signed(&key)?;
        let private = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let signing = aws_lc_rs::sign::any_supported_type(&private)?;
        let certified = CertifiedKey::new(vec![certificate.der().clone()], signing);
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        shown.insert(challenge.server_name(), Arc::new(certified));
        Ok(())
    }

    /// How a server answers who asks for [`PROTOCOL`], and nobody else.
    ///
    /// # Errors
    /// TLS cannot be set up.
    pub fn config(&self) -> Result<Arc<ServerConfig>, tokio_rustls::rustls::Error> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider);
        let mut config = config
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(self.clone()));
        config.alpn_protocols = vec![PROTOCOL.to_vec()];
        Ok(Arc::new(config))
    }
}

impl ResolvesServerCert for Certificates {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let asks = hello.alpn()?.any(|protocol| protocol == PROTOCOL);
        let name = hello.server_name()?.to_ascii_lowercase();
        let shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        asks.then(|| shown.get(&name).cloned()).flatten()
    }
}

impl Solver for Certificates {
    fn kind(&self) -> Kind {
        Kind::TlsAlpn01
    }

    /// No wildcard (RFC 8737, section 3).
    fn can(&self, identifier: &Identifier) -> bool {
        !matches!(identifier, Identifier::Dns(name) if name.starts_with("*."))
    }

    fn present<'a>(&'a self, challenges: &'a [Challenge]) -> Solving<'a, Result<(), Unsolved>> {
        let shown = challenges.iter().try_for_each(|it| self.put(it));
        Box::pin(std::future::ready(shown))
    }

    fn withdraw<'a>(&'a self, challenges: &'a [Challenge]) -> Solving<'a, ()> {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        for challenge in challenges {
            shown.remove(&challenge.server_name());
        }
        Box::pin(std::future::ready(()))
    }
}

/// Somebody who shakes hands with a CA at addresses, until it is dropped.
#[derive(Debug)]
pub struct Listener {
    _sockets: Sockets,
}

impl Listener {
    /// Answers at these addresses, those among them that are bound already by those sockets. It is called within a runtime
    /// of tokio.
    ///
    /// # Errors
    /// Somebody else is there, or it is not allowed to.
    pub fn start(
        addresses: &[SocketAddr],
        reserved: &Reserved,
        certificates: &Certificates,
    ) -> io::Result<Self> {
        let config = certificates.config().map_err(io::Error::other)?;
        let acceptor = TlsAcceptor::from(config);
        let sockets = Sockets::start(addresses, reserved, move |stream| {
            shake(stream, acceptor.clone())
        });
        Ok(Self { _sockets: sockets? })
    }
}

/// The handshake is all there is (RFC 8737, section 3).
async fn shake(stream: TcpStream, acceptor: TlsAcceptor) {
    let shaken = tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)).await;
    if let Ok(Ok(mut stream)) = shaken {
        let _ = tokio::time::timeout(HANDSHAKE, stream.shutdown()).await;
    }
}
