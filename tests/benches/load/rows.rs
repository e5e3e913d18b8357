//! What is measured.

use crate::terminator::Kind;

/// What clients do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Work {
    /// A connection, a full handshake, a request.
    Full,
    /// The same with a ticket of the connection before.
    Resumed,
    /// A request of HTTP/1.1 on a connection that stays.
    Request,
    /// The same for a file of 1 MiB.
    Large,
    /// A request of HTTP/2.
    Stream,
    /// Nothing, after a request.
    Idle,
}

/// One comparison.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) work: Work,
    pub(crate) peer: Option<Kind>,
    pub(crate) is_rsa: bool,
    pub(crate) is_tcp: bool,
}

const fn http(name: &'static str, work: Work, peer: Kind) -> Row {
    Row {
        name,
        work,
        peer: Some(peer),
        is_rsa: false,
        is_tcp: false,
    }
}

const fn tcp(name: &'static str, work: Work, peer: Kind) -> Row {
    Row {
        is_tcp: true,
        ..http(name, work, peer)
    }
}

/// All of them.
pub(crate) const ROWS: &[Row] = &[
    http("full-ecdsa", Work::Full, Kind::Nginx),
    Row {
        is_rsa: true,
        ..http("full-rsa", Work::Full, Kind::Nginx)
    },
    http("resumed", Work::Resumed, Kind::Nginx),
    http("request-h1", Work::Request, Kind::Haproxy),
    http("request-h2", Work::Stream, Kind::Nginx),
    http("large", Work::Large, Kind::Nginx),
    http("idle-http", Work::Idle, Kind::Nginx),
    tcp("tcp-full", Work::Full, Kind::Nginx),
    tcp("tcp-request", Work::Request, Kind::Nginx),
    tcp("tcp-full", Work::Full, Kind::Hitch),
    tcp("tcp-request", Work::Request, Kind::Hitch),
    tcp("tcp-full", Work::Full, Kind::Stunnel),
    tcp("tcp-request", Work::Request, Kind::Stunnel),
    tcp("idle-tcp", Work::Idle, Kind::Nginx),
];

impl Work {
    /// How many clients do it at once: over connections that stay, as many as a small service has; few where each
    /// keeps both processors busy.
    pub(crate) fn hands(self) -> usize {
        match self {
            Self::Full | Self::Resumed => 16,
            Self::Request | Self::Stream => 64,
            Self::Large => 8,
            Self::Idle => 1,
        }
    }

    /// How often each does it before the time is looked at.
    pub(crate) fn batch(self) -> usize {
        match self {
            Self::Full => 30,
            Self::Resumed => 60,
            Self::Request | Self::Stream => 150,
            Self::Large => 15,
            Self::Idle => 1,
        }
    }

    pub(crate) fn path(self) -> &'static str {
        if self == Self::Large { "/1m" } else { "/" }
    }
}
