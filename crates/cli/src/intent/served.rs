//! Which certificate is served at an address.

use std::collections::BTreeMap;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use ::aws_lc_rs::digest::{SHA256, digest};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, ClientConnection, DigitallySignedStruct, SignatureScheme};

/// Most connections that are open at a time: one thread each.
const MAX_OPEN: usize = 64;

/// A certificate that a server showed, and has the key of.
pub(crate) struct Served {
    /// Its DER.
    pub(crate) der: Vec<u8>,
    /// SHA-256 of that.
    pub(crate) sha256: [u8; 32],
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
    /// Somebody answers, in something else than TLS.
    NoTls(String),
    /// It is TLS, and comes to nothing.
    Refused(String),
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
    let mut client = client(&place.host).map_err(|error| Unserved::NoWay(error.to_string()))?;
    let socket =
        TcpStream::connect_timeout(&place.address, timeout).map_err(|error| unreached(&error))?;
    let mut socket = Timed {
        socket,
        end: Instant::now() + timeout,
    };
    while client.is_handshaking() {
        client
            .complete_io(&mut socket)
            .map_err(|error| unfinished(&error, timeout))?;
    }
    client.send_close_notify();
    let _ = client.complete_io(&mut socket);
    let first = client.peer_certificates().and_then(<[_]>::first);
    let nothing = || Unserved::Refused("no certificate was sent".to_owned());
    let der = first.ok_or_else(nothing)?.to_vec();
    let hash = digest(&SHA256, &der);
    let sha256 = hash.as_ref().first_chunk().ok_or_else(nothing)?;
    let sha256 = *sha256;
    Ok(Served { der, sha256 })
}

fn client(host: &str) -> Result<ClientConnection, Box<dyn std::error::Error>> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Anything(provider)))
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

fn unfinished(error: &io::Error, timeout: Duration) -> Unserved {
    let inner = error.get_ref();
    match inner.and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        Some(rustls::Error::InvalidMessage(_)) => Unserved::NoTls(error.to_string()),
        _ if error.kind() == ErrorKind::TimedOut => Unserved::Silent(timeout),
        _ => Unserved::Refused(error.to_string()),
    }
}

/// A connection that ends at a moment, however slowly the other side speaks: time limits of sockets begin anew
/// with every byte.
struct Timed {
    socket: TcpStream,
    end: Instant,
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
        self.socket.read(into).map_err(late)
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
