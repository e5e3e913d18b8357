//! Texts that are not a host but hold one: what is pasted by mistake, and what was meant.

use std::net::Ipv6Addr;

use super::address;
use super::host::DnsName;
use super::idn;
use super::syntax::NameFault;

/// Why a text was refused as a host.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HostError {
    /// Nothing was given.
    #[error("no host name was given")]
    Empty,
    /// Longer than [`super::MAX_HOST_BYTES`].
    #[error("the host name has {bytes} bytes, far more than any DNS name")]
    TooLong {
        /// Length in bytes.
        bytes: usize,
    },
    /// A URL.
    #[error("this is a URL; a certificate names only the host in it")]
    Url {
        /// The host in it, where one can be read.
        host: Option<String>,
    },
    /// A host and a port.
    #[error("this is a host with a port; a certificate names the host alone, for every port")]
    Port {
        /// The host in it, where one can be read.
        host: Option<String>,
    },
    /// A host and a path.
    #[error("this is a host with a path; a certificate names only the host")]
    Path {
        /// The host in it, where one can be read.
        host: Option<String>,
    },
    /// An e-mail address, or a host with a user before it.
    #[error("this is a user at a host; a server's certificate names only the host")]
    User {
        /// The host in it, where one can be read.
        host: Option<String>,
    },
    /// A range of addresses (RFC 4632 notation).
    #[error("this is a range of addresses; a certificate names single addresses")]
    Range {
        /// The address before the slash.
        host: String,
    },
    /// An IPv6 address with a zone (RFC 4007 section 11), which means something on one machine only.
    #[error("this IPv6 address carries a zone; a zone means nothing outside one machine")]
    Zone {
        /// The address without its zone.
        host: String,
    },
    /// Brackets or colons, as in an IPv6 address, but it is none.
    #[error("this is not an IPv6 address, and a DNS name holds no colons or brackets")]
    NotIpv6,
    /// An international name that UTS 46 refuses.
    #[error("this international name has no valid ASCII form (UTS 46)")]
    NotConvertible,
    /// An international name whose ASCII form is not a DNS name.
    #[error("the ASCII form of this international name is not a DNS name: {0}")]
    Converted(#[source] NameFault),
}

impl HostError {
    /// The host that was probably meant; reading it again succeeds.
    pub fn suggestion(&self) -> Option<&str> {
        match self {
            Self::Url { host }
            | Self::Port { host }
            | Self::Path { host }
            | Self::User { host } => host.as_deref(),
            Self::Range { host } | Self::Zone { host } => Some(host),
            Self::Empty
            | Self::TooLong { .. }
            | Self::NotIpv6
            | Self::NotConvertible
            | Self::Converted(_) => None,
        }
    }
}

/// Refuses what is plainly something else than a host.
pub(super) fn refuse(text: &str) -> Result<(), HostError> {
    let url = text
        .split_once("://")
        .map(|(_, rest)| rest)
        .or_else(|| text.strip_prefix("//"));
    if let Some(rest) = url {
        return Err(HostError::Url {
            host: authority(rest),
        });
    }
    if let Some((before, after)) = text.split_once('/') {
        return Err(slash(before, after));
    }
    if let Some(host) = zone(text) {
        return Err(HostError::Zone { host });
    }
    if text.contains('@') {
        return Err(HostError::User {
            host: authority(text),
        });
    }
    if port(text) {
        return Err(HostError::Port {
            host: authority(text),
        });
    }
    if text.contains([':', '[', ']']) {
        return Err(HostError::NotIpv6);
    }
    Ok(())
}

fn slash(before: &str, after: &str) -> HostError {
    match address::from_text(before) {
        Some(host) if after.bytes().all(|byte| byte.is_ascii_digit()) => HostError::Range {
            host: host.to_string(),
        },
        _ => HostError::Path {
            host: authority(before),
        },
    }
}

fn zone(text: &str) -> Option<String> {
    let bare = text.strip_prefix('[').unwrap_or(text);
    let (address, _) = bare.split_once('%')?;
    address
        .parse::<Ipv6Addr>()
        .ok()
        .map(|address| address.to_string())
}

/// `host:port` or `[address]:port`, also with the port left out.
fn port(text: &str) -> bool {
    text.rsplit_once(':').is_some_and(|(host, port)| {
        port.bytes().all(|byte| byte.is_ascii_digit())
            && (!host.contains(':') || (host.starts_with('[') && host.ends_with(']')))
    })
}

/// The host of a URL's authority part (RFC 3986 section 3.2), when it is a sound one.
fn authority(text: &str) -> Option<String> {
    let end = text.find(['/', '?', '#', '\\']).unwrap_or(text.len());
    let authority = text.get(..end)?;
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    let host = match host.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?.0,
        None => host.split_once(':').map_or(host, |(host, _)| host),
    };
    if let Some(address) = address::from_text(host) {
        return Some(address.to_string());
    }
    let ascii = if host.is_ascii() {
        host.to_owned()
    } else {
        idn::to_ascii(host)?
    };
    DnsName::from_ascii(&ascii)
        .ok()
        .map(|name| name.ascii().to_owned())
}
