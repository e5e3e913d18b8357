//! What a person asks for: the name or address a client will connect to.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::net::IpAddr;

use rustls_pki_types::ServerName;

use super::paste::{self, HostError};
use super::syntax::{self, NameFault};
use super::{address, idn};

/// Longest host text that is looked at, in bytes. Four times what the DNS allows (253): room for an
/// international name before its conversion; anything longer is no name.
pub const MAX_HOST_BYTES: usize = 1024;

/// What a person asks for: a DNS name, an IP address, or text that is neither.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Host {
    /// A DNS name.
    Name(DnsName),
    /// An IPv4 or IPv6 address.
    Ip(IpAddr),
    /// Text that is not a DNS name; it can only equal a certificate's entry as a whole.
    Literal(Literal),
}

/// A valid DNS name, relative form (no trailing dot), lower case. Whether it was typed with a trailing
/// dot is kept beside it and tells no two names apart.
#[derive(Clone, Debug)]
pub struct DnsName {
    ascii: String,
    unicode: Option<String>,
    is_rooted: bool,
}

impl PartialEq for DnsName {
    fn eq(&self, other: &Self) -> bool {
        self.ascii == other.ascii
    }
}

impl Eq for DnsName {}

impl Hash for DnsName {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.ascii.hash(state);
    }
}

/// ASCII text that is not a DNS name, kept as it was given.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Literal {
    text: String,
}

impl Host {
    /// Reads what was typed. White space around it is dropped, a trailing dot is allowed, an
    /// international name is converted to its A-label form (UTS 46), IPv6 may stand in brackets.
    ///
    /// # Errors
    /// [`HostError`] when the text is something else than a host (a URL, `host:port`, an e-mail
    /// address, a range of addresses, an address with a zone) or cannot be converted. It offers
    /// the host that was probably meant.
    ///
    /// ```
    /// use keyway_chain::name::Host;
    ///
    /// let host = Host::parse("Bücher.example.")?;
    /// assert_eq!(host.to_string(), "xn--bcher-kva.example");
    ///
    /// let error = Host::parse("https://example.com:443/x").unwrap_err();
    /// assert_eq!(error.suggestion(), Some("example.com"));
    /// # Ok::<(), keyway_chain::name::HostError>(())
    /// ```
    pub fn parse(given: &str) -> Result<Self, HostError> {
        if given.len() > MAX_HOST_BYTES {
            return Err(HostError::TooLong { bytes: given.len() });
        }
        let text = match given.trim() {
            "" => given,
            trimmed => trimmed,
        };
        if text.is_empty() {
            return Err(HostError::Empty);
        }
        if let Some(address) = address::from_text(text) {
            return Ok(Self::Ip(address));
        }
        paste::refuse(text)?;
        if text.is_ascii() {
            Ok(Self::from_ascii(text))
        } else {
            Self::from_unicode(text)
        }
    }

    fn from_ascii(text: &str) -> Self {
        match DnsName::from_ascii(text) {
            Ok(name) => Self::Name(name),
            Err(_) => Self::Literal(Literal {
                text: text.to_owned(),
            }),
        }
    }

    fn from_unicode(text: &str) -> Result<Self, HostError> {
        let ascii = idn::to_ascii(text).ok_or(HostError::NotConvertible)?;
        let name = DnsName::from_ascii(&ascii).map_err(HostError::Converted)?;
        Ok(Self::Name(name))
    }

    /// The DNS name, if it is one.
    pub fn name(&self) -> Option<&DnsName> {
        match self {
            Self::Name(name) => Some(name),
            Self::Ip(_) | Self::Literal(_) => None,
        }
    }

    /// The address, if it is one.
    pub fn address(&self) -> Option<IpAddr> {
        match self {
            Self::Ip(address) => Some(*address),
            Self::Name(_) | Self::Literal(_) => None,
        }
    }

    /// The same host in rustls' vocabulary; `None` for a [`Host::Literal`], which it cannot express.
    pub fn server_name(&self) -> Option<ServerName<'static>> {
        match self {
            Self::Name(name) => ServerName::try_from(name.ascii.clone()).ok(),
            Self::Ip(address) => Some(ServerName::IpAddress((*address).into())),
            Self::Literal(_) => None,
        }
    }
}

impl DnsName {
    /// Reads an ASCII name, with or without trailing dot.
    pub(super) fn from_ascii(text: &str) -> Result<Self, NameFault> {
        let relative = text.strip_suffix('.').unwrap_or(text);
        syntax::check(relative.as_bytes())?;
        if syntax::ends_in_number(relative.as_bytes()) {
            return Err(NameFault::EndsInNumber);
        }
        let ascii = relative.to_ascii_lowercase();
        let unicode = idn(&ascii).and_then(|idn| idn.unicode);
        Ok(Self {
            ascii,
            unicode,
            is_rooted: relative.len() < text.len(),
        })
    }

    /// Whether it was typed with a trailing dot.
    pub(crate) fn is_rooted(&self) -> bool {
        self.is_rooted
    }

    /// The name in ASCII, lower case, international labels as `xn--…`.
    pub fn ascii(&self) -> &str {
        &self.ascii
    }

    /// The name as people write it, when that differs from [`DnsName::ascii`]. Untrusted text:
    /// escape it before it is shown.
    pub fn unicode(&self) -> Option<&str> {
        self.unicode.as_deref()
    }
}

impl Literal {
    /// The text as given.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The first label and the rest, where hyphens at the end of labels are all that keeps it from being
    /// a DNS name: browsers, Go and Node let a wildcard stand for such a label. A trailing dot is
    /// dropped.
    pub(super) fn hyphenated(&self) -> Option<(&str, &str)> {
        let text = self.text.strip_suffix('.').unwrap_or(&self.text);
        if text.starts_with('-') || text.contains(".-") {
            return None;
        }
        let closed = |label: &str| match label.strip_suffix('-') {
            Some(front) => format!("{front}x"),
            None => label.to_owned(),
        };
        let labels: Vec<String> = text.split('.').map(closed).collect();
        DnsName::from_ascii(&labels.join(".")).ok()?;
        text.split_once('.')
    }

    /// Why it is not a DNS name.
    pub fn fault(&self) -> NameFault {
        DnsName::from_ascii(&self.text)
            .err()
            .unwrap_or(NameFault::Empty)
    }
}

impl fmt::Display for Host {
    /// DNS names in ASCII, addresses by RFC 5952, other text as it was given (not escaped).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(&name.ascii),
            Self::Ip(address) => address.fmt(f),
            Self::Literal(literal) => f.write_str(&literal.text),
        }
    }
}
