//! Which certificate is served at an address.

use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use ::aws_lc_rs::digest::{SHA256, digest};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, ClientConnection, DigitallySignedStruct, SignatureScheme};

/// Connects, asks for a host by its name, and takes whatever certificate comes: its SHA-256. Nothing is sent.
/// The error is in words.
pub(crate) fn served(
    address: SocketAddr,
    host: &str,
    timeout: Duration,
) -> Result<[u8; 32], String> {
    let failed = |error: &dyn std::fmt::Display| error.to_string();
    let provider = Arc::new(aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| failed(&error))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Anything(provider)))
        .with_no_client_auth();
    let name = host.trim_end_matches('.').to_owned();
    let name = ServerName::try_from(name).map_err(|error| failed(&error))?;
    let mut client =
        ClientConnection::new(Arc::new(config), name).map_err(|error| failed(&error))?;
    let mut socket =
        TcpStream::connect_timeout(&address, timeout).map_err(|error| failed(&error))?;
    for set in [TcpStream::set_read_timeout, TcpStream::set_write_timeout] {
        set(&socket, Some(timeout)).map_err(|error| failed(&error))?;
    }
    while client.is_handshaking() {
        client
            .complete_io(&mut socket)
            .map_err(|error| failed(&error))?;
    }
    client.send_close_notify();
    let _ = client.complete_io(&mut socket);
    let first = client.peer_certificates().and_then(<[_]>::first);
    let first = first.ok_or("no certificate was sent")?;
    let hash = digest(&SHA256, first);
    hash.as_ref().try_into().map_err(|_| "no hash".to_owned())
}

/// Takes every certificate: it is looked at, not trusted. That the server has the key is checked.
#[derive(Debug)]
struct Anything(Arc<CryptoProvider>);

impl ServerCertVerifier for Anything {
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
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
