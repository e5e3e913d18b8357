//! What happens, told to whoever embeds the server.

mod traced;

use std::net::SocketAddr;
use std::time::Duration;

use rustls::{CipherSuite, NamedGroup, ProtocolVersion};

pub use traced::Traced;

/// Is told what happens, on the thread that it happens on: an answer that takes long holds connections up.
/// Every text is as a client or an upstream wrote it: it is escaped before it is shown.
pub trait Observer: Send + Sync + std::fmt::Debug {
    /// A handshake was made.
    fn shaken(&self, handshake: &Handshake<'_>);
    /// A connection was turned away or a handshake came to nothing.
    fn refused(&self, refusal: &Refusal<'_>);
    /// A request was answered, or given up. Of one of HTTP/1.1 that was malformed, or of too many bytes or fields, host,
    /// method and target are empty.
    fn answered(&self, exchange: &Exchange<'_>);
    /// A connection that is passed on byte for byte has ended.
    fn passed(&self, passage: &Passage);
    /// An upstream could not be used.
    fn upstream_failed(&self, upstream: &str, why: &str);
    /// A look at an upstream went otherwise than the one before; the first one only when it failed. `why` is empty
    /// where it passed.
    fn upstream_is(&self, upstream: &str, is_up: bool, why: &str);
}

/// Tells nobody.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Observer for Silent {
    fn shaken(&self, _: &Handshake<'_>) {}
    fn refused(&self, _: &Refusal<'_>) {}
    fn answered(&self, _: &Exchange<'_>) {}
    fn passed(&self, _: &Passage) {}
    fn upstream_failed(&self, _: &str, _: &str) {}
    fn upstream_is(&self, _: &str, _: bool, _: &str) {}
}

/// A handshake that was made.
#[derive(Debug, Clone)]
pub struct Handshake<'a> {
    /// Who came.
    pub peer: SocketAddr,
    /// The name that was asked for.
    pub name: Option<&'a str>,
    /// `TLSv1_2`, `TLSv1_3`.
    pub version: Option<ProtocolVersion>,
    /// The cipher suite.
    pub suite: Option<CipherSuite>,
    /// The group of the key exchange; `None` where none was needed.
    pub group: Option<NamedGroup>,
    /// Whether an earlier session was taken up.
    pub is_resumed: bool,
    /// Whether the client showed a certificate, which was verified.
    pub has_certificate: bool,
}

/// A connection that came to nothing.
#[derive(Debug, Clone)]
pub struct Refusal<'a> {
    /// Who came.
    pub peer: SocketAddr,
    /// Where to.
    pub local: SocketAddr,
    /// The name that was asked for, where a hello came so far.
    pub name: Option<&'a str>,
    /// Why.
    pub reason: Reason<'a>,
}

/// Why a connection came to nothing.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Reason<'a> {
    /// There are as many connections as the limit allows.
    Connections,
    /// The address has as many connections as the limit allows.
    Address,
    /// As many handshakes are under way as the limit allows.
    Handshakes,
    /// A proxy that is trusted to say for whom it connects did not say it.
    NoProxyHeader,
    /// The client asked for a name that nobody here has, or for none.
    UnknownName,
    /// What came is no TLS.
    NotTls,
    /// The handshake took too long.
    Slow,
    /// The client went away in the middle of it.
    Left,
    /// The client came back by a ticket, and its certificate has ended since.
    ClientExpired,
    /// The handshake failed.
    Handshake(&'a rustls::Error),
}

/// A request and what became of it.
#[derive(Debug, Clone)]
pub struct Exchange<'a> {
    /// Who asked.
    pub peer: SocketAddr,
    /// The host that was asked for.
    pub host: &'a str,
    /// Method.
    pub method: &'a str,
    /// Path and query, as they came.
    pub target: &'a str,
    /// `HTTP/1.1`, `HTTP/2.0`.
    pub version: &'static str,
    /// The status of the answer.
    pub status: u16,
    /// Where it was passed on to; `None` where it was answered here.
    pub upstream: Option<&'a str>,
    /// From the end of the request's header to the beginning of the answer.
    pub time: Duration,
}

/// A connection that was passed on byte for byte.
#[derive(Debug, Clone)]
pub struct Passage {
    /// Who came.
    pub peer: SocketAddr,
    /// Bytes from the client.
    pub received: u64,
    /// Bytes to the client.
    pub sent: u64,
    /// How long it was open.
    pub time: Duration,
}
