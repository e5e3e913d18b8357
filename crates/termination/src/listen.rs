//! Sockets that are listened on.

use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::time::Duration;

use keyway_config::Service;
use keyway_config::model::Status;
use socket2::{Domain, Protocol, SockRef, Socket, Type};

use crate::site::SiteError;

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

impl Listener {
    /// Where a service is listened for: at the addresses that it names, else at the port of https of every address,
    /// or of http where TLS is off; and with `tls.redirect` at the port of http of the same addresses.
    ///
    /// # Errors
    /// [`SiteError::Listen`]: an address that is none, or has no port.
    pub fn all_of(service: &Service) -> Result<Vec<Self>, SiteError> {
        let is_tls = service.status() != Status::Disabled;
        let usual = if is_tls { "[::]:443" } else { "[::]:80" };
        let written = service.listen.iter();
        let usual = Some(usual).filter(|_| service.listen.is_empty());
        let mut all = Vec::new();
        for text in written.chain(usual) {
            let address = text.parse::<SocketAddr>();
            let address = address.map_err(|_| SiteError::Listen(text.to_owned()))?;
            all.push(Self {
                address,
                role: Role::Service,
            });
        }
        if is_tls && service.tls.redirect {
            let port = all.first().map_or(443, |listener| listener.address.port());
            let mut places: Vec<IpAddr> = all.iter().map(|one| one.address.ip()).collect();
            places.sort_unstable();
            places.dedup();
            all.extend(places.into_iter().map(|place| Self {
                address: (place, 80).into(),
                role: Role::Redirect { port },
            }));
        }
        Ok(all)
    }

    /// Tries whether it can be bound, and lets it go again: nobody who comes meanwhile comes to it. Where others of this
    /// user listen as this would, it can.
    ///
    /// # Errors
    /// What the system says against it.
    pub fn try_bind(&self) -> io::Result<()> {
        bound(self.address).map(drop)
    }
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

/// Binds one socket.
pub(crate) fn one(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = bound(address)?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

fn bound(address: SocketAddr) -> io::Result<Socket> {
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
    Ok(socket)
}

/// Lets in nobody new at a socket that is about to be closed, and everybody who has begun to come: packets that ask
/// for a connection (SYN, RFC 9293, section 3.1) are passed over. Whoever sent one sends it again a second later
/// (RFC 6298, section 2), and comes to another socket of the same address where there is one; closed at once, those
/// in its queue would be refused.
#[cfg(target_os = "linux")]
pub(crate) fn turn_away(socket: &SockRef<'_>) -> io::Result<()> {
    use socket2::SockFilter;
    // The thirteenth byte of the header holds the flags; its second bit is SYN. (bpf(4): ldb [13]; jset #2; ret 0;
    // ret all.)
    socket.attach_filter(&[
        SockFilter::new(0x30, 0, 0, 13),
        SockFilter::new(0x45, 0, 1, 2),
        SockFilter::new(0x06, 0, 0, 0),
        SockFilter::new(0x06, 0, 0, u32::MAX),
    ])
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn turn_away(_: &SockRef<'_>) -> io::Result<()> {
    Ok(())
}

/// Whether connections have the options of the socket that they were taken from, as on Linux: what is set up there once
/// need not be set up for each, at three calls of the system a connection.
pub(crate) const IS_HANDED_DOWN: bool = cfg!(target_os = "linux");

/// What every connection is set up with: answers leave at once, and a peer that is gone is noticed.
pub(crate) fn set_up(socket: &SockRef<'_>) -> io::Result<()> {
    /// Silence after which the system asks whether the peer is there.
    const ALIVE: Duration = Duration::from_secs(60);
    socket.set_tcp_nodelay(true)?;
    socket.set_tcp_keepalive(&socket2::TcpKeepalive::new().with_time(ALIVE))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_connection_is_set_up_as_the_socket_that_it_was_taken_from() {
        let listener = one((std::net::Ipv4Addr::LOCALHOST, 0).into()).unwrap();
        listener.set_nonblocking(false).unwrap();
        set_up(&SockRef::from(&listener)).unwrap();
        let _client = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (taken, _) = listener.accept().unwrap();
        let taken = SockRef::from(&taken);
        assert!(taken.tcp_nodelay().unwrap() && taken.keepalive().unwrap());
        assert_eq!(taken.tcp_keepalive_time().unwrap().as_secs(), 60);
    }
}
