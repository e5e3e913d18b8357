//! One entry of a certificate's subjectAltName, sound or not.

use std::fmt;
use std::net::IpAddr;

use super::address::{IpFault, ip_san};
use super::host::Host;
use super::mismatch::{self, Mismatch};
use super::pattern::{Pattern, PatternFault};

/// One dNSName or iPAddress entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Presented {
    /// A dNSName.
    Dns {
        /// The bytes in the certificate.
        raw: Vec<u8>,
        /// What clients make of them.
        pattern: Result<Pattern, PatternFault>,
    },
    /// An iPAddress.
    Ip {
        /// The bytes in the certificate.
        raw: Vec<u8>,
        /// What clients make of them.
        address: Result<IpAddr, IpFault>,
    },
}

impl Presented {
    /// Reads the bytes of a dNSName.
    pub fn dns(raw: &[u8]) -> Self {
        Self::Dns {
            raw: raw.to_vec(),
            pattern: Pattern::parse(raw),
        }
    }

    /// Reads the bytes of an iPAddress.
    pub fn ip(raw: &[u8]) -> Self {
        Self::Ip {
            raw: raw.to_vec(),
            address: ip_san(raw),
        }
    }

    /// The pattern of a sound dNSName.
    pub fn pattern(&self) -> Option<&Pattern> {
        match self {
            Self::Dns { pattern, .. } => pattern.as_ref().ok(),
            Self::Ip { .. } => None,
        }
    }

    /// Whether it covers this host. DNS names need a sound dNSName, addresses an iPAddress of the
    /// same length; a literal equals a dNSName's whole text, letter case aside.
    pub fn matches(&self, host: &Host) -> bool {
        match (self, host) {
            (
                Self::Dns {
                    pattern: Ok(pattern),
                    ..
                },
                Host::Name(name),
            ) => pattern.covers(name),
            (Self::Dns { raw, .. }, Host::Literal(literal)) => {
                raw != b"." && raw.eq_ignore_ascii_case(literal.text().as_bytes())
            }
            (
                Self::Ip {
                    address: Ok(address),
                    ..
                },
                Host::Ip(wanted),
            ) => address == wanted,
            _ => false,
        }
    }

    /// Why it does not cover this host; `None` when it does.
    pub fn why_not(&self, host: &Host) -> Option<Mismatch> {
        (!self.matches(host)).then(|| mismatch::between(self, host))
    }
}

impl fmt::Display for Presented {
    /// A dNSName as it stands, every byte that is not printable ASCII escaped (`\xNN`); an address by
    /// RFC 5952; of a malformed address only how many bytes it has.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dns { raw, .. } => raw.escape_ascii().fmt(f),
            Self::Ip {
                address: Ok(address),
                ..
            } => address.fmt(f),
            Self::Ip {
                address: Err(fault),
                ..
            } => write!(f, "({} bytes)", fault.bytes),
        }
    }
}
