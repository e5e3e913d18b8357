//! What is served at the addresses of a name.

use std::net::SocketAddr;

use super::found;
use crate::name::Name;
use crate::rules::address_without_service::AddressWithoutService;
use crate::rules::handshake_fails::HandshakeFails;
use crate::rules::no_address::NoAddress;
use crate::rules::other_certificate::OtherCertificate;
use crate::rules::protocol_below_minimum::ProtocolBelowMinimum;
use crate::zone::Finding;

/// What is served at one address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At {
    /// The address.
    pub address: SocketAddr,
    /// What came of connecting.
    pub served: Result<Shown, Unserved>,
}

/// What a server of TLS showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// SHA-256 of its certificate, hexadecimal.
    pub certificate: String,
    /// The version of TLS.
    pub version: Version,
}

/// Why nothing is served, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unserved {
    /// Nobody answers in TLS.
    NoService(String),
    /// Somebody does, and the handshake comes to nothing.
    Handshake(String),
}

/// A version of TLS that today's clients speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// TLS 1.2 (RFC 5246).
    Tls12,
    /// TLS 1.3 (RFC 8446).
    Tls13,
}

impl Version {
    /// `TLS 1.2`, `TLS 1.3`.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Tls12 => "TLS 1.2",
            Self::Tls13 => "TLS 1.3",
        }
    }
}

/// What has to be served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// SHA-256 of the certificates, hexadecimal, of which one has to be it; none where any may be.
    pub certificates: Vec<String>,
    /// The oldest version of TLS that is allowed.
    pub oldest: Version,
}

/// Holds what is served at the addresses of a host against what has to be. `seen` is empty where the host leads to
/// none.
pub fn at_addresses(host: &Name, seen: &[At], expected: &Expected) -> Vec<Finding> {
    let name = host.to_string();
    if seen.is_empty() {
        return vec![found(NoAddress { name })];
    }
    seen.iter()
        .flat_map(|at| at_address(&name, at, expected))
        .collect()
}

/// Holds what is served at one address of a name against what has to be.
pub fn at_address(name: &str, at: &At, expected: &Expected) -> Vec<Finding> {
    let (name, address) = (name.to_owned(), at.address.to_string());
    let shown = match &at.served {
        Ok(shown) => shown,
        Err(Unserved::NoService(why)) => {
            let why = why.clone();
            return vec![found(AddressWithoutService { name, address, why })];
        }
        Err(Unserved::Handshake(why)) => {
            let why = why.clone();
            return vec![found(HandshakeFails { name, address, why })];
        }
    };
    let mut findings = Vec::new();
    if let Some(first) = expected.certificates.first()
        && !expected.certificates.contains(&shown.certificate)
    {
        findings.push(found(OtherCertificate {
            name: name.clone(),
            address: address.clone(),
            served: shown.certificate.clone(),
            on_disk: first.clone(),
        }));
    }
    if shown.version < expected.oldest {
        findings.push(found(ProtocolBelowMinimum {
            name,
            address,
            spoken: shown.version.text().to_owned(),
            oldest: expected.oldest.text().to_owned(),
        }));
    }
    findings
}
