//! Why no certificate came.

use std::io::{self, ErrorKind};
use std::time::Duration;

use keyway_dns::verify::Unserved as Told;
use rustls::AlertDescription;

use super::starttls::Fault;
use crate::arguments::Starttls;
use crate::voice;

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
    /// TLS was to begin within another protocol, and did not.
    Starttls(Starttls, Fault),
    /// It is TLS, and takes longer than this.
    Slow(Duration),
    /// Somebody takes the connection, and ends it when TLS is offered.
    HungUp,
    /// It is TLS, and nobody is known by the name that was asked for, or none was (RFC 6066, section 3).
    UnknownName,
    /// It is TLS, and comes to nothing.
    Refused(String),
    /// Certificates came, and that the server has the key of the first was not to be seen.
    Unproven(Vec<Vec<u8>>),
}

impl Unserved {
    /// A handshake without a certificate.
    pub(super) fn nothing() -> Self {
        Self::Refused("no certificate was sent".to_owned())
    }

    /// What came all the same.
    pub(crate) fn chain(&self) -> &[Vec<u8>] {
        match self {
            Self::Unproven(chain) => chain,
            _ => &[],
        }
    }

    /// Whether the server was heard, and does not want what it was offered. Who only ends the connection may have
    /// had enough of connections.
    pub(super) const fn is_refusal(&self) -> bool {
        matches!(self, Self::Refused(_) | Self::UnknownName)
    }

    /// Whether nobody took the connection.
    pub(crate) const fn is_unreached(&self) -> bool {
        matches!(self, Self::NoWay(_) | Self::Nobody(_))
    }

    /// The same, as rules about addresses know it; `None` where it says nothing of the service.
    pub(crate) fn told(&self) -> Option<Told> {
        let why = voice::served::unserved(self);
        match self {
            Self::NoWay(_) => None,
            Self::Nobody(_) | Self::Silent(_) | Self::Http | Self::NoTls | Self::Starttls(..) => {
                Some(Told::NoService(why))
            }
            Self::Slow(_)
            | Self::HungUp
            | Self::UnknownName
            | Self::Refused(_)
            | Self::Unproven(_) => Some(Told::Handshake(why)),
        }
    }

    /// Why a handshake did not end: by the error, by the first bytes that came, and by the certificates.
    pub(super) fn unfinished(
        error: &io::Error,
        timeout: Duration,
        heard: &[u8],
        chain: Vec<Vec<u8>>,
    ) -> Self {
        if heard.starts_with(b"HTTP/") {
            return Self::Http;
        }
        // Types of records, and a version that begins with 3 (RFC 8446, section 5.1).
        let is_tls = matches!(heard, [20..=24, 3, ..] | [20..=24] | []);
        if !is_tls {
            return Self::NoTls;
        }
        match (inner(error), error.kind()) {
            (Some(rustls::Error::InvalidCertificate(_)), _) if !chain.is_empty() => {
                Self::Unproven(chain)
            }
            (Some(rustls::Error::AlertReceived(AlertDescription::UnrecognisedName)), _) => {
                Self::UnknownName
            }
            (Some(error), _) => Self::Refused(error.to_string()),
            (None, ErrorKind::TimedOut) if heard.is_empty() => Self::Silent(timeout),
            (None, ErrorKind::TimedOut) => Self::Slow(timeout),
            _ if heard.is_empty() => Self::HungUp,
            _ => Self::Refused(error.to_string()),
        }
    }
}

/// What rustls says of it.
pub(super) fn inner(error: &io::Error) -> Option<&rustls::Error> {
    error.get_ref()?.downcast_ref()
}
