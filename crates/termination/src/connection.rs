//! One connection, from its first byte to its last.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use keyway_config::model::Mode;
use rustls::crypto::SupportedKxGroup;
use rustls::server::Acceptor;
use rustls::{HandshakeKind, ServerConfig, ServerConnection};
use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};
use tokio_rustls::server::TlsStream;
use tokio_rustls::{LazyConfigAcceptor, StartHandshake};

use crate::admission::{Full, Place};
use crate::held::Held;
use crate::http::{self, Client};
use crate::listen::{IS_HANDED_DOWN, Role, set_up};
use crate::observe::{Handshake, Reason, Refusal};
use crate::proxy_header;
use crate::site::Site;
use crate::store::Asked;
use crate::stream::Watched;
use crate::supplies;
use crate::tcp;
use crate::worker::{Stage, Worker};

/// `unrecognized_name`, as a fatal alert in plain text: nothing is encrypted yet (RFC 8446, section 6).
const UNRECOGNIZED_NAME: [u8; 7] = [21, 3, 3, 0, 2, 2, 112];

/// Both ends of a connection.
#[derive(Clone, Copy)]
struct Ends {
    peer: SocketAddr,
    local: SocketAddr,
}

/// Serves a connection to its end.
pub(crate) async fn serve(mut stream: TcpStream, peer: SocketAddr, role: Role, worker: Worker) {
    let Ok(local) = stream.local_addr() else {
        return;
    };
    let mut ends = Ends { peer, local };
    let site = worker.site();
    let mut place = match worker.admission().enter(&site.bounds) {
        Ok(place) => place,
        Err(full) => return tell(&worker, ends, None, reason(full)),
    };
    let shaken_by = Instant::now() + site.times.handshake;
    if site.proxy.is_trusted(peer.ip()) {
        match timeout_at(shaken_by, announced(&mut stream, ends)).await {
            Ok(Ok(real)) => ends = real,
            Ok(Err(reason)) => return tell(&worker, ends, None, reason),
            Err(_) => return tell(&worker, ends, None, Reason::Slow),
        }
    }
    if let Err(full) = place.count(ends.peer.ip(), &site.bounds) {
        return tell(&worker, ends, None, reason(full));
    }
    let place = Arc::new(place);
    if !IS_HANDED_DOWN && set_up(&SockRef::from(&stream)).is_err() {
        return;
    }
    if role != Role::Service || !site.is_tls() {
        let stream = Box::new(Watched::new(stream, site.times.idle + http::GRACE));
        let kind = Kind {
            is_h2: false,
            certificate: None,
            role,
        };
        return talk(stream, kind, ends, &site, worker, place).await;
    }
    // What a phase needs is kept for the phase alone.
    let Some(stream) = Box::pin(shake(stream, ends, shaken_by, &site, &worker)).await else {
        return;
    };
    let session = stream.get_ref().1;
    told_of(session, ends.peer, &worker);
    if session.alpn_protocol() == Some(supplies::TLS) {
        // The handshake was all that the CA came for (RFC 8737, section 3).
        let mut stream = stream;
        drop(timeout_at(shaken_by, stream.shutdown()).await);
        return;
    }
    let is_h2 = session.alpn_protocol() == Some(b"h2");
    let certificate = session
        .peer_certificates()
        .and_then(|chain| chain.first())
        .map(|leaf| leaf.as_ref().to_vec());
    let is_resumed = session.handshake_kind() == Some(HandshakeKind::Resumed);
    if let Some(leaf) = certificate.as_deref().filter(|_| is_resumed)
        && !site.is_current(leaf)
    {
        let name = session.server_name();
        return tell(&worker, ends, name, Reason::ClientExpired);
    }
    // Whatever it is handed to holds a pointer, and no room for all of it.
    let stream = Box::new(Watched::new(stream, site.times.idle + http::GRACE));
    let kind = Kind {
        is_h2,
        certificate,
        role,
    };
    talk(stream, kind, ends, &site, worker, place).await;
}

fn told_of(session: &ServerConnection, peer: SocketAddr, worker: &Worker) {
    let group = session.negotiated_key_exchange_group();
    worker.observer().shaken(&Handshake {
        peer,
        name: session.server_name(),
        version: session.protocol_version(),
        suite: session.negotiated_cipher_suite().map(|suite| suite.suite()),
        group: group.map(SupportedKxGroup::name),
        is_resumed: session.handshake_kind() == Some(HandshakeKind::Resumed),
        has_certificate: session.peer_certificates().is_some(),
    });
}

/// What is known of a connection before anything is said on it.
struct Kind {
    is_h2: bool,
    /// In DER; it was verified.
    certificate: Option<Vec<u8>>,
    role: Role,
}

/// What comes after the handshake.
async fn talk<S>(stream: S, kind: Kind, ends: Ends, site: &Site, worker: Worker, place: Arc<Place>)
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let Kind {
        is_h2,
        certificate,
        role,
    } = kind;
    if role == Role::Service && site.mode == Mode::Tcp {
        return tcp::pass(stream, (ends.peer, ends.local), site, &worker).await;
    }
    let client = Arc::new(Client::new(
        ends.peer,
        site.is_tls() && role == Role::Service,
        certificate.as_deref(),
        role,
        worker.clone(),
        place,
        Arc::clone(&site.policy),
    ));
    http::serve(stream, is_h2, site, client, &worker).await;
}

/// Reads for whom a proxy connects, and nothing behind that.
async fn announced(stream: &mut TcpStream, ends: Ends) -> Result<Ends, Reason<'static>> {
    let mut came = Vec::new();
    let mut more = [0; 512];
    loop {
        let count = match stream.peek(&mut more).await {
            Ok(0) | Err(_) => return Err(Reason::Left),
            Ok(count) => count,
        };
        let before = came.len();
        came.extend_from_slice(&more[..count]);
        let read = proxy_header::read(&came).map_err(|_| Reason::NoProxyHeader)?;
        let own = read.map_or(count, |(_, length)| length.saturating_sub(before));
        let taken = stream.read_exact(&mut more[..own.min(count)]).await;
        taken.map_err(|_| Reason::Left)?;
        if let Some((said, _)) = read {
            return Ok(said.map_or(ends, |(peer, local)| Ends { peer, local }));
        }
    }
}

/// Shakes hands, within the time that there is for it; `None` where nothing came of it, which was told.
async fn shake(
    stream: TcpStream,
    ends: Ends,
    end: Instant,
    site: &Site,
    worker: &Worker,
) -> Option<Box<TlsStream<Held<TcpStream>>>> {
    let _handshaking = match worker.admission().shake(ends.peer.ip(), &site.bounds) {
        Ok(place) => place,
        Err(full) => {
            tell(worker, ends, None, reason(full));
            return None;
        }
    };
    let mut name = None;
    let mut stage = worker.stage();
    let shaking = timeout_at(end, handshake(stream, ends, site, &mut name));
    let failed = tokio::select! {
        done = shaking => match done {
            Ok(Ok(stream)) => return Some(Box::new(stream)),
            Ok(Err(failed)) => failed,
            Err(_) => Failed::Slow,
        },
        _ = stage.wait_for(|stage| *stage == Stage::Over) => return None,
    };
    tell(worker, ends, name.as_deref(), failed.reason());
    None
}

/// Why a handshake came to nothing.
enum Failed {
    UnknownName,
    Slow,
    Broken(io::Error),
}

async fn handshake(
    stream: TcpStream,
    ends: Ends,
    site: &Site,
    name: &mut Option<String>,
) -> Result<TlsStream<Held<TcpStream>>, Failed> {
    let accepting = LazyConfigAcceptor::new(Acceptor::default(), Held::new(stream));
    let mut start = accepting.await.map_err(Failed::Broken)?;
    *name = start.client_hello().server_name().map(str::to_owned);
    if let Some(challenges) = &site.challenges
        && asks_for(start.client_hello().alpn(), supplies::TLS)
    {
        return shaken(start, &challenges.tls).await;
    }
    let asked = match name {
        Some(name) => Asked::Name(name),
        None => Asked::Address(ends.local.ip()),
    };
    let Some(config) = site.config(asked) else {
        // Whether it arrives is the client's affair.
        drop(start.io.write_all(&UNRECOGNIZED_NAME).await);
        drop(start.io.shutdown().await);
        return Err(Failed::UnknownName);
    };
    shaken(start, config).await
}

/// Shakes hands as it is configured. Where a request came with the end of it, a ticket goes with the answer.
async fn shaken(
    start: StartHandshake<Held<TcpStream>>,
    config: &Arc<ServerConfig>,
) -> Result<TlsStream<Held<TcpStream>>, Failed> {
    let shaking = start.into_stream(Arc::clone(config)).into_fallible();
    let mut stream = match shaking.await {
        Ok(stream) => stream,
        Err((error, mut stream)) => {
            // Why it failed; whether that arrives is the client's affair.
            drop(stream.release().await);
            return Err(Failed::Broken(error));
        }
    };
    let (held, session) = stream.get_mut();
    let state = session.process_new_packets();
    if state.is_ok_and(|state| state.plaintext_bytes_to_read() == 0) {
        held.release().await.map_err(Failed::Broken)?;
    }
    held.open();
    Ok(stream)
}

/// Whether this protocol is all that a client speaks.
fn asks_for<'a>(protocols: Option<impl Iterator<Item = &'a [u8]>>, wanted: &[u8]) -> bool {
    protocols.is_some_and(|mut all| all.next() == Some(wanted) && all.next().is_none())
}

impl Failed {
    fn reason(&self) -> Reason<'_> {
        let error = match self {
            Self::UnknownName => return Reason::UnknownName,
            Self::Slow => return Reason::Slow,
            Self::Broken(error) => error,
        };
        match error.get_ref().and_then(|inner| inner.downcast_ref()) {
            Some(rustls::Error::InvalidMessage(_)) => Reason::NotTls,
            Some(error) => Reason::Handshake(error),
            None => Reason::Left,
        }
    }
}

fn reason(full: Full) -> Reason<'static> {
    match full {
        Full::Connections => Reason::Connections,
        Full::Address => Reason::Address,
        Full::Handshakes => Reason::Handshakes,
    }
}

fn tell(worker: &Worker, ends: Ends, name: Option<&str>, reason: Reason<'_>) {
    worker.observer().refused(&Refusal {
        peer: ends.peer,
        local: ends.local,
        name,
        reason,
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bytes that a connection takes besides what is kept for its TLS and its requests.
    fn size<A, B, C, D, F: Future>(_: impl Fn(A, B, C, D) -> F) -> usize {
        size_of::<F>()
    }

    #[test]
    fn a_connection_that_does_nothing_takes_little_room() {
        let bytes = size(serve);
        assert!(bytes <= 2048, "{bytes}");
    }
}
