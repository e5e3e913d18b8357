//! Clients: rustls over blocking sockets, and what they read.

use std::io::{self, BufRead as _, BufReader, Read as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex};

use keyway_testkit::{Chain, HOST};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName, UnixTime};
use rustls::{
    ClientConfig, ClientConnection, DigitallySignedStruct, RootCertStore, SignatureScheme,
    StreamOwned,
};

use crate::support::{Clock, connect};

pub(crate) type Tls = StreamOwned<ClientConnection, TcpStream>;

/// A client that trusts the root of a chain.
pub(crate) fn trusting(chain: &Chain) -> ClientConfig {
    with_provider(chain, aws_lc_rs::default_provider(), rustls::ALL_VERSIONS)
}

pub(crate) fn with_provider(
    chain: &Chain,
    provider: CryptoProvider,
    versions: &[&'static rustls::SupportedProtocolVersion],
) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.add(chain.root.der().to_vec().into()).unwrap();
    ClientConfig::builder_with_details(Arc::new(provider), Arc::new(Clock))
        .with_protocol_versions(versions)
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth()
}

/// The same, with a certificate of its own.
pub(crate) fn showing(chain: &Chain, own: &Chain) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.add(chain.root.der().to_vec().into()).unwrap();
    let certificates = [&own.leaf, &own.issuing, &own.policy];
    let certificates = certificates.map(|one| one.der().to_vec().into()).to_vec();
    let pem = own.key_pem();
    let der = keyway_testkit::pem::decode(&pem);
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(der));
    ClientConfig::builder_with_details(Arc::new(aws_lc_rs::default_provider()), Arc::new(Clock))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_client_auth_cert(certificates, key)
        .unwrap()
}

/// Connects and shakes hands, asking for a name or an address.
pub(crate) fn shake(
    address: SocketAddr,
    config: &Arc<ClientConfig>,
    name: &str,
) -> io::Result<Tls> {
    shake_on(connect(address), config, name)
}

/// The same on a connection that is there.
pub(crate) fn shake_on(
    mut socket: TcpStream,
    config: &Arc<ClientConfig>,
    name: &str,
) -> io::Result<Tls> {
    let name = ServerName::try_from(name.to_owned()).unwrap();
    let mut client = ClientConnection::new(Arc::clone(config), name).unwrap();
    while client.is_handshaking() {
        client.complete_io(&mut socket)?;
    }
    Ok(StreamOwned::new(client, socket))
}

/// The same for the usual host, which has to succeed.
pub(crate) fn tls(address: SocketAddr, chain: &Chain) -> Tls {
    shake(address, &Arc::new(trusting(chain)), HOST).unwrap()
}

/// An answer of HTTP/1.1.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: Vec<String>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        let mut fields = self.head.iter().skip(1);
        fields.find_map(|line| {
            let (known, value) = line.split_once(':')?;
            known.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

/// A connection that requests are written to as they are.
pub(crate) struct Raw<S> {
    pub(crate) stream: BufReader<S>,
}

impl<S: io::Read + io::Write> Raw<S> {
    pub(crate) fn new(stream: S) -> Self {
        Self {
            stream: BufReader::new(stream),
        }
    }

    pub(crate) fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.get_mut().write_all(bytes)?;
        self.stream.get_mut().flush()
    }

    /// A GET, and its answer.
    pub(crate) fn get(&mut self, path: &str) -> io::Result<Answer> {
        self.send(format!("GET {path} HTTP/1.1\r\nHost: {HOST}\r\n\r\n").as_bytes())?;
        self.answer()
    }

    pub(crate) fn ask(&mut self, request: &str) -> io::Result<Answer> {
        self.send(request.as_bytes())?;
        self.answer()
    }

    /// Reads an answer: head, and a body with a length or in chunks.
    pub(crate) fn answer(&mut self) -> io::Result<Answer> {
        let mut head = Vec::new();
        loop {
            let line = self.line()?;
            if line.is_empty() {
                break;
            }
            head.push(line);
        }
        let status = head[0].split(' ').nth(1).unwrap().parse().unwrap();
        let mut answer = Answer {
            status,
            head,
            body: Vec::new(),
        };
        if let Some(length) = answer.field("content-length") {
            let mut body = vec![0; length.parse().unwrap()];
            self.stream.read_exact(&mut body)?;
            answer.body = body;
        } else if answer.field("transfer-encoding").is_some() {
            loop {
                let length = usize::from_str_radix(&self.line()?, 16).unwrap();
                let mut chunk = vec![0; length + 2];
                self.stream.read_exact(&mut chunk)?;
                if length == 0 {
                    break;
                }
                answer.body.extend(&chunk[..length]);
            }
        }
        Ok(answer)
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        if self.stream.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(line.trim_end_matches("\r\n").to_owned())
    }

    /// Everything until the end of the connection, however it ends.
    pub(crate) fn rest(&mut self) -> Vec<u8> {
        let mut rest = Vec::new();
        drop(self.stream.read_to_end(&mut rest));
        rest
    }
}

/// Takes every certificate, and keeps what is stapled to it.
#[derive(Debug, Default)]
pub(crate) struct Anything {
    stapled: Mutex<Vec<u8>>,
}

impl Anything {
    /// What was stapled to the last one.
    pub(crate) fn stapled(&self) -> Vec<u8> {
        self.stapled.lock().unwrap().clone()
    }
}

impl ServerCertVerifier for Anything {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        stapled: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        *self.stapled.lock().unwrap() = stapled.to_vec();
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
        aws_lc_rs::default_provider()
            .signature_verification_algorithms
            .supported_schemes()
    }
}
