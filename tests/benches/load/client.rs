//! One client: TLS 1.3 with the same suite and group whoever answers, and requests.

use std::net::SocketAddr;
use std::sync::Arc;

use rustls::client::Resumption;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, HandshakeKind, SignatureScheme};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// Bytes that a client reads at once.
const BUFFER: usize = 64 * 1024;

/// How clients greet.
#[derive(Clone)]
pub(crate) struct Greeting {
    connector: TlsConnector,
    /// Whether a full handshake is what is wanted.
    is_full: bool,
}

impl Greeting {
    /// A greeting of its own memory: tickets are for whoever was given them.
    pub(crate) fn new(alpn: Option<&str>, is_full: bool) -> Self {
        let provider = CryptoProvider {
            cipher_suites: vec![aws_lc_rs::cipher_suite::TLS13_AES_128_GCM_SHA256],
            kx_groups: vec![aws_lc_rs::kx_group::X25519],
            ..aws_lc_rs::default_provider()
        };
        let config = ClientConfig::builder_with_provider(Arc::new(provider))
            .with_protocol_versions(&[&rustls::version::TLS13])
            .expect("a suite of TLS 1.3");
        let mut config = config
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(Anybody))
            .with_no_client_auth();
        if is_full {
            config.resumption = Resumption::disabled();
        }
        config.alpn_protocols = alpn
            .map(|alpn| alpn.as_bytes().to_vec())
            .into_iter()
            .collect();
        Self {
            connector: TlsConnector::from(Arc::new(config)),
            is_full,
        }
    }

    /// Connects and shakes hands; whether the handshake was the wanted one is told with it.
    pub(crate) async fn connect(
        &self,
        address: SocketAddr,
        name: String,
    ) -> (TlsStream<TcpStream>, bool) {
        let stream = TcpStream::connect(address).await.expect("a connection");
        stream.set_nodelay(true).expect("an option");
        let name = ServerName::try_from(name).expect("a name");
        let shaken = self.connector.connect(name, stream).await;
        let stream = shaken.expect("a handshake");
        let kind = stream.get_ref().1.handshake_kind();
        let was_full = kind != Some(HandshakeKind::Resumed);
        (stream, was_full == self.is_full)
    }
}

/// A client that asks and reads, again and again.
pub(crate) struct Asker {
    stream: TlsStream<TcpStream>,
    request: String,
    buffer: Vec<u8>,
}

impl Asker {
    pub(crate) fn new(stream: TlsStream<TcpStream>, host: &str, path: &str) -> Self {
        Self {
            stream,
            request: format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept: */*\r\n\r\n"),
            buffer: Vec::new(),
        }
    }

    /// Sends the request and reads the answer to its end.
    pub(crate) async fn ask(&mut self) {
        let sent = self.stream.write_all(self.request.as_bytes()).await;
        sent.expect("a request sent");
        self.buffer.clear();
        let (header, length) = loop {
            self.read().await;
            if let Some(end) = find(&self.buffer, b"\r\n\r\n") {
                break (end, length(&self.buffer[..end]));
            }
        };
        let mut left = (header + length).saturating_sub(self.buffer.len());
        while left > 0 {
            self.buffer.clear();
            self.read().await;
            left = left
                .checked_sub(self.buffer.len())
                .expect("no more than was told");
        }
    }

    async fn read(&mut self) {
        self.buffer.reserve(BUFFER);
        let read = self.stream.read_buf(&mut self.buffer).await;
        assert_ne!(read.expect("an answer"), 0, "an answer was cut");
    }

    /// Says goodbye.
    pub(crate) async fn leave(mut self) {
        // Whoever is gone already has been heard.
        drop(self.stream.shutdown().await);
    }
}

/// The end of the first place where these bytes are.
fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    let at = bytes
        .windows(wanted.len())
        .position(|bytes| bytes == wanted)?;
    Some(at + wanted.len())
}

/// Bytes of the body of an answer that went well.
fn length(header: &[u8]) -> usize {
    let text = String::from_utf8_lossy(header).to_ascii_lowercase();
    assert!(text.starts_with("http/1.1 200"), "{text}");
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"));
    line.and_then(|length| length.trim().parse().ok())
        .expect("its length")
}

/// Believes everybody: what the client's side costs is not measured.
#[derive(Debug)]
struct Anybody;

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![
            SignatureScheme::ECDSA_NISTP256_SHA256,
            SignatureScheme::RSA_PSS_SHA256,
        ]
    }
}
