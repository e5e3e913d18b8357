//! Which certificates are served at an address.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use ::aws_lc_rs::digest::{SHA256, digest};
use keyway_dns::digest::show;
use keyway_dns::verify::{Shown, Unserved as Told, Version};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    ClientConfig, ClientConnection, DigitallySignedStruct, ProtocolVersion, SignatureScheme,
};

use crate::voice;

/// Most connections that are open at a time: one thread each.
const MAX_OPEN: usize = 64;

/// Bytes that tell what is spoken: `HTTP/`, or the head of a record (RFC 8446, section 5.1).
const HEARD: usize = 5;

/// What a server showed, and has the key of.
pub(crate) struct Served {
    /// Its certificates in DER, in the order in which they were sent; at least one.
    pub(crate) chain: Vec<Vec<u8>>,
    /// SHA-256 of the first, hexadecimal.
    pub(crate) sha256: String,
    /// The version of TLS that came of the handshake.
    pub(crate) version: Version,
}

impl Served {
    /// The same, as rules about addresses know it.
    pub(crate) fn shown(&self) -> Shown {
        Shown {
            certificate: self.sha256.clone(),
            version: self.version,
        }
    }
}

/// SHA-256 of a certificate, hexadecimal.
pub(crate) fn fingerprint(der: &[u8]) -> String {
    let hash = digest(&SHA256, der);
    let hash = hash.as_ref().first_chunk();
    hash.map_or_else(String::new, show)
}

/// Why none came. Texts are those of the system and of rustls.
#[derive(Debug)]
pub(crate) enum Unserved {
    /// The machine that asks cannot get there: that says nothing of the service.
    NoWay(String),
    /// Nobody takes the connection.
    Nobody(String),
    /// Somebody takes it, and says nothing for so long.
    Silent(Duration),
    /// Somebody answers, in plain HTTP.
    Http,
    /// Somebody answers, in something else than TLS.
    NoTls,
    /// It is TLS, and takes longer than this.
    Slow(Duration),
    /// Somebody takes the connection, and ends it when TLS is offered.
    HungUp,
    /// It is TLS, and comes to nothing.
    Refused(String),
    /// Certificates came, and that the server has the key of the first was not to be seen.
    Unproven(Vec<Vec<u8>>),
}

impl Unserved {
    /// What came all the same.
    pub(crate) fn chain(&self) -> &[Vec<u8>] {
        match self {
            Self::Unproven(chain) => chain,
            _ => &[],
        }
    }

    /// The same, as rules about addresses know it; `None` where it says nothing of the service.
    pub(crate) fn told(&self) -> Option<Told> {
        let why = voice::served::unserved(self);
        match self {
            Self::NoWay(_) => None,
            Self::Nobody(_) | Self::Silent(_) | Self::Http | Self::NoTls => {
                Some(Told::NoService(why))
            }
            Self::Slow(_) | Self::HungUp | Self::Refused(_) | Self::Unproven(_) => {
                Some(Told::Handshake(why))
            }
        }
    }
}

/// Where to connect to, and whom to ask for there.
pub(crate) struct Place {
    /// The host, by its name or address.
    pub(crate) host: String,
    /// Where it is.
    pub(crate) address: SocketAddr,
}

/// Connects to every place, to at most [`MAX_OPEN`] at a time. `done` is called after each.
pub(crate) fn served_at(
    places: &[Place],
    timeout: Duration,
    done: &(dyn Fn() + Sync),
) -> Vec<Result<Served, Unserved>> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut seen = Vec::new();
        while let Some((number, place)) = {
            let number = next.fetch_add(1, Ordering::Relaxed);
            places.get(number).map(|place| (number, place))
        } {
            seen.push((number, served(place, timeout)));
            done();
        }
        seen
    };
    let mut seen: BTreeMap<usize, _> = thread::scope(|scope| {
        let workers = (1..places.len().min(MAX_OPEN))
            .map(|_| thread::Builder::new().spawn_scoped(scope, work));
        let started: Vec<_> = workers.filter_map(Result::ok).collect();
        // Where no thread can be had, this one does it all.
        let own = work();
        let theirs = started.into_iter().filter_map(|worker| worker.join().ok());
        theirs.flatten().chain(own).collect()
    });
    let each = (0..places.len()).map(|number| seen.remove(&number));
    each.map(|seen| seen.unwrap_or_else(|| Err(Unserved::NoWay(String::new()))))
        .collect()
}

/// Connects, asks for a host by its name, and takes whatever certificate comes. Nothing is sent. All of it
/// takes no longer than `timeout`, twice that where a connection comes late.
fn served(place: &Place, timeout: Duration) -> Result<Served, Unserved> {
    let seen = Arc::new(Anything::new());
    let mut client =
        client(&place.host, &seen).map_err(|error| Unserved::NoWay(error.to_string()))?;
    let socket =
        TcpStream::connect_timeout(&place.address, timeout).map_err(|error| unreached(&error))?;
    let mut socket = Timed {
        socket,
        end: Instant::now() + timeout,
        heard: Vec::new(),
    };
    while client.is_handshaking() {
        if let Err(error) = client.complete_io(&mut socket) {
            // Who has shown certificate and key, and then refuses, wants a certificate of the client, say.
            let is_refused = matches!(inner(&error), Some(rustls::Error::AlertReceived(_)));
            if is_refused && seen.proven.load(Ordering::Relaxed) {
                break;
            }
            return Err(unfinished(&error, timeout, &socket.heard, seen.chain()));
        }
    }
    let version = match client.protocol_version() {
        Some(ProtocolVersion::TLSv1_3) => Version::Tls13,
        _ => Version::Tls12,
    };
    client.send_close_notify();
    let _ = client.complete_io(&mut socket);
    let chain = seen.chain();
    let nothing = || Unserved::Refused("no certificate was sent".to_owned());
    let first = chain.first().ok_or_else(nothing)?;
    let sha256 = fingerprint(first);
    Ok(Served {
        chain,
        sha256,
        version,
    })
}

fn client(host: &str, seen: &Arc<Anything>) -> Result<ClientConnection, Box<dyn Error>> {
    let config = ClientConfig::builder_with_provider(Arc::clone(&seen.provider))
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::<Anything>::clone(seen))
        .with_no_client_auth();
    let name = ServerName::try_from(host.trim_end_matches('.').to_owned())?;
    Ok(ClientConnection::new(Arc::new(config), name)?)
}

/// A firewall that drops and a port that is closed are the service's; a network that is not there is ours.
fn unreached(error: &io::Error) -> Unserved {
    match error.kind() {
        ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset | ErrorKind::TimedOut => {
            Unserved::Nobody(error.to_string())
        }
        _ => Unserved::NoWay(error.to_string()),
    }
}

fn inner(error: &io::Error) -> Option<&rustls::Error> {
    error.get_ref()?.downcast_ref()
}

/// Why a handshake did not end: by the error, by the first bytes that came, and by the certificates.
fn unfinished(error: &io::Error, timeout: Duration, heard: &[u8], chain: Vec<Vec<u8>>) -> Unserved {
    if heard.starts_with(b"HTTP/") {
        return Unserved::Http;
    }
    // Types of records, and a version that begins with 3 (RFC 8446, section 5.1).
    let is_tls = matches!(heard, [20..=24, 3, ..] | [20..=24] | []);
    if !is_tls {
        return Unserved::NoTls;
    }
    match (inner(error), error.kind()) {
        (Some(rustls::Error::InvalidCertificate(_)), _) if !chain.is_empty() => {
            Unserved::Unproven(chain)
        }
        (Some(error), _) => Unserved::Refused(error.to_string()),
        (None, ErrorKind::TimedOut) if heard.is_empty() => Unserved::Silent(timeout),
        (None, ErrorKind::TimedOut) => Unserved::Slow(timeout),
        _ if heard.is_empty() => Unserved::HungUp,
        _ => Unserved::Refused(error.to_string()),
    }
}

/// A connection that ends at a moment, however slowly the other side speaks: time limits of sockets begin anew
/// with every byte.
struct Timed {
    socket: TcpStream,
    end: Instant,
    /// The first bytes that came.
    heard: Vec<u8>,
}

impl Timed {
    fn left(&self) -> io::Result<Option<Duration>> {
        let left = self.end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(ErrorKind::TimedOut.into());
        }
        Ok(Some(left))
    }
}

/// Systems differ in what they call it.
fn late(error: io::Error) -> io::Error {
    match error.kind() {
        ErrorKind::WouldBlock => ErrorKind::TimedOut.into(),
        _ => error,
    }
}

impl Read for Timed {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.socket.set_read_timeout(self.left()?)?;
        let count = self.socket.read(into).map_err(late)?;
        let first = into.iter().take(count);
        let more = HEARD.saturating_sub(self.heard.len());
        self.heard.extend(first.take(more));
        Ok(count)
    }
}

impl Write for Timed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.socket.set_write_timeout(self.left()?)?;
        self.socket.write(bytes).map_err(late)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.socket.flush()
    }
}

/// Takes every certificate: it is looked at, not trusted. That the server has the key is checked.
#[derive(Debug)]
struct Anything {
    provider: Arc<CryptoProvider>,
    /// What came.
    chain: Mutex<Vec<Vec<u8>>>,
    /// Whether the server has shown that it has the key.
    proven: AtomicBool,
}

impl Anything {
    fn new() -> Self {
        Self {
            provider: Arc::new(aws_lc_rs::default_provider()),
            chain: Mutex::default(),
            proven: AtomicBool::new(false),
        }
    }

    fn chain(&self) -> Vec<Vec<u8>> {
        let chain = self.chain.lock();
        chain.unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn proven(
        &self,
        held: Result<HandshakeSignatureValid, rustls::Error>,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.proven.store(held.is_ok(), Ordering::Relaxed);
        held
    }
}

impl ServerCertVerifier for Anything {
    fn verify_server_cert(
        &self,
        first: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let sent = std::iter::once(first).chain(others);
        let sent = sent.map(|certificate| certificate.to_vec()).collect();
        let mut chain = self.chain.lock().unwrap_or_else(PoisonError::into_inner);
        *chain = sent;
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        self.proven(verify_tls12_signature(
            message,
            certificate,
            signed,
            algorithms,
        ))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        self.proven(verify_tls13_signature(
            message,
            certificate,
            signed,
            algorithms,
        ))
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        let algorithms = &self.provider.signature_verification_algorithms;
        algorithms.supported_schemes()
    }
}
