//! What a CA looks for, and who shows it.

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;

use aws_lc_rs::digest::{SHA256, digest};
use base64ct::{Base64UrlUnpadded, Encoding as _};
use instant_acme::ChallengeType;

use crate::Identifier;

/// A way to show that a name or an address is one's own. A CA may offer others; they are passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// By a resource at port 80 (RFC 8555, section 8.3).
    Http01,
    /// By a certificate at port 443 (RFC 8737).
    TlsAlpn01,
    /// By a TXT record (RFC 8555, section 8.4). Wildcards need it.
    Dns01,
}

impl Kind {
    /// As ACME calls it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Http01 => "http-01",
            Self::TlsAlpn01 => "tls-alpn-01",
            Self::Dns01 => "dns-01",
        }
    }

    pub(super) const fn acme(self) -> ChallengeType {
        match self {
            Self::Http01 => ChallengeType::Http01,
            Self::TlsAlpn01 => ChallengeType::TlsAlpn01,
            Self::Dns01 => ChallengeType::Dns01,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// One thing that a CA looks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    /// The name or address that is to be shown; a wildcard as it was ordered.
    pub identifier: Identifier,
    /// In which way.
    pub kind: Kind,
    /// The CA's random word: base64url, which is looked at before it becomes part of a path.
    pub token: String,
    /// The token and the account (RFC 8555, section 8.1): public, as the CA gets it in the open.
    pub key_authorization: String,
}

impl Challenge {
    /// What a certificate of tls-alpn-01 holds (RFC 8737, section 3).
    pub fn sha256(&self) -> [u8; 32] {
        let hash = digest(&SHA256, self.key_authorization.as_bytes());
        let mut bytes = [0; 32];
        bytes.copy_from_slice(hash.as_ref());
        bytes
    }

    /// What the TXT record of dns-01 says.
    pub fn txt(&self) -> String {
        Base64UrlUnpadded::encode_string(&self.sha256())
    }

    /// Where that record is. `None` for an address.
    pub fn txt_name(&self) -> Option<String> {
        self.identifier.txt_name()
    }

    /// The name that a CA says when it comes by TLS: for an address the one of its reverse look-up (RFC 8738,
    /// section 6), as SNI has no addresses.
    pub fn server_name(&self) -> String {
        match &self.identifier {
            Identifier::Dns(name) => name.clone(),
            Identifier::Ip(address) => reverse(*address),
        }
    }
}

fn reverse(address: IpAddr) -> String {
    match address {
        IpAddr::V4(ip) => {
            let [a, b, c, d] = ip.octets();
            format!("{d}.{c}.{b}.{a}.in-addr.arpa")
        }
        IpAddr::V6(ip) => {
            let nibbles = ip.octets().into_iter().rev();
            let nibbles = nibbles.flat_map(|byte| [byte & 15, byte >> 4]);
            let labels: Vec<String> = nibbles.map(|nibble| format!("{nibble:x}")).collect();
            format!("{}.ip6.arpa", labels.join("."))
        }
    }
}

/// Why something could not be shown.
#[derive(Debug)]
pub struct Unsolved(pub Box<dyn Error + Send + Sync>);

impl<E: Error + Send + Sync + 'static> From<E> for Unsolved {
    fn from(error: E) -> Self {
        Self(Box::new(error))
    }
}

impl fmt::Display for Unsolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a solver has under way.
pub type Solving<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Whoever shows a CA what it looks for.
pub trait Solver: Send + Sync {
    /// The way that it does so.
    fn kind(&self) -> Kind;

    /// Whether it can for this name or address.
    fn can(&self, identifier: &Identifier) -> bool;

    /// Shows all of these; when it is done, the CA may look from anywhere. Where it fails, nothing is left behind that
    /// [`Solver::withdraw`] does not take away.
    fn present<'a>(&'a self, challenges: &'a [Challenge]) -> Solving<'a, Result<(), Unsolved>>;

    /// What is seen of one of these from here, in words, once a CA did not find it; `None` where nobody looks.
    fn seen<'a>(&'a self, _challenge: &'a Challenge) -> Solving<'a, Option<String>> {
        Box::pin(std::future::ready(None))
    }

    /// Takes them away again, whether the CA has seen them or not. What cannot be taken away does no harm.
    fn withdraw<'a>(&'a self, challenges: &'a [Challenge]) -> Solving<'a, ()>;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn challenge(identifier: &str) -> Challenge {
        Challenge {
            identifier: Identifier::parse(identifier).unwrap(),
            kind: Kind::Dns01,
            token: "t".to_owned(),
            key_authorization: "t.thumb".to_owned(),
        }
    }

    #[test]
    fn an_address_is_asked_for_by_the_name_of_its_reverse_look_up() {
        assert_eq!(
            challenge("192.0.2.1").server_name(),
            "1.2.0.192.in-addr.arpa"
        );
        let six = challenge("2001:db8::1").server_name();
        assert!(
            six.starts_with("1.0.0.0.") && six.ends_with("8.b.d.0.1.0.0.2.ip6.arpa"),
            "{six}"
        );
    }

    #[test]
    fn a_wildcard_is_shown_at_the_name_below_it() {
        let name = challenge("*.a.test").txt_name();
        assert_eq!(name.as_deref(), Some("_acme-challenge.a.test"));
        assert_eq!(challenge("192.0.2.1").txt_name(), None);
    }
}
