//! Sockets that are listened on.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use socket2::{Domain, Protocol, Socket, Type};

/// Connections that the system keeps for a server that is busy.
const BACKLOG: i32 = 4096;

/// What those are answered with who come to an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// The service: with TLS, or in plain text where that is off.
    Service,
    /// The same by https: a redirect to this port (RFC 9110, section 15.4.9).
    Redirect {
        /// The port of https that the service is at.
        port: u16,
    },
}

/// An address, and what is answered there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Listener {
    /// Address and port; port 0 lets the system choose.
    pub address: SocketAddr,
    /// What is answered.
    pub role: Role,
}

/// Binds one socket for each thread, so that the system shares connections among them without a lock
/// (`SO_REUSEPORT`, socket(7)). Another process of the same user may bind the address, too: that is how the next
/// one takes over.
pub(crate) fn bind(address: SocketAddr, threads: usize) -> io::Result<Vec<TcpListener>> {
    let first = one(address)?;
    let address = first.local_addr()?;
    let mut all = vec![first];
    while all.len() < threads {
        all.push(one(address)?);
    }
    Ok(all)
}

fn one(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(
        Domain::for_address(address),
        Type::STREAM,
        Some(Protocol::TCP),
    )?;
    socket.set_reuse_address(true)?;
    #[cfg(unix)]
    socket.set_reuse_port(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

/// What every connection is set up with: answers leave at once, and a peer that is gone is noticed.
pub(crate) fn set_up(stream: &tokio::net::TcpStream) -> io::Result<()> {
    /// Silence after which the system asks whether the peer is there.
    const ALIVE: Duration = Duration::from_secs(60);
    stream.set_nodelay(true)?;
    let alive = socket2::TcpKeepalive::new().with_time(ALIVE);
    socket2::SockRef::from(stream).set_tcp_keepalive(&alive)
}
