//! One entry of a certificate's subjectAltName, sound or not.

use std::fmt;
use std::net::IpAddr;

use super::address::{IpFault, ip_san};
use super::host::{Host, Literal};
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

    /// Whether it covers this host. DNS names need a sound dNSName, or with a trailing dot one that has
    /// it as well; addresses an iPAddress of the same length; a literal equals a dNSName's whole text,
    /// letter case aside, or is covered by a wildcard where it has labels that only end in a hyphen.
    pub fn matches(&self, host: &Host) -> bool {
        match (self, host) {
            (
                Self::Dns {
                    pattern: Ok(pattern),
                    ..
                },
                Host::Name(name),
            ) => pattern.covers(name),
            (
                Self::Dns {
                    raw,
                    pattern: Err(PatternFault::TrailingDot),
                },
                Host::Name(name),
            ) => name.is_rooted() && equals(raw.strip_suffix(b"."), name.ascii()),
            (Self::Dns { raw, .. }, Host::Literal(literal)) => {
                raw != b"." && equals(Some(raw), literal.text()) || covers(raw, literal)
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

/// Letter case aside.
fn equals(raw: Option<&[u8]>, text: &str) -> bool {
    raw.is_some_and(|raw| raw.eq_ignore_ascii_case(text.as_bytes()))
}

/// Whether a dNSName covers a host whose labels may end in a hyphen: it has no [`Pattern`] to match
/// where the entry holds such a label itself.
fn covers(raw: &[u8], literal: &Literal) -> bool {
    let Some((first, rest)) = literal.hyphenated() else {
        return false;
    };
    match raw.strip_prefix(b"*.") {
        // As for a sound wildcard: two labels behind it.
        Some(base) => rest.contains('.') && equals(Some(base), rest),
        None => equals(Some(raw), &format!("{first}.{rest}")),
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
