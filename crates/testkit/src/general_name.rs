//! General names: what a subject alternative name, a name constraint or a distribution point holds.

use std::net::IpAddr;

use crate::{Name, der};

/// A `GeneralName` (RFC 5280 4.2.1.6).
#[derive(Clone, Debug)]
pub enum GeneralName {
    /// dNSName; the text is taken as it is.
    Dns(String),
    /// iPAddress of four or sixteen bytes.
    Ip(IpAddr),
    /// iPAddress with a mask, as name constraints write it.
    Network(IpAddr, IpAddr),
    /// rfc822Name.
    Email(String),
    /// uniformResourceIdentifier.
    Uri(String),
    /// directoryName.
    Directory(Name),
    /// Any context tag number with any content, primitive.
    Raw(u8, Vec<u8>),
}

impl GeneralName {
    /// A dNSName.
    pub fn dns(name: &str) -> Self {
        Self::Dns(name.to_owned())
    }

    /// An iPAddress, from text.
    pub fn ip(address: &str) -> Self {
        Self::Ip(address.parse().expect("an IP address"))
    }

    /// The name in DER.
    pub fn der(&self) -> Vec<u8> {
        match self {
            Self::Email(text) => der::implicit(1, text.as_bytes()),
            Self::Dns(text) => der::implicit(2, text.as_bytes()),
            Self::Directory(name) => der::explicit(4, &name.der()),
            Self::Uri(text) => der::implicit(6, text.as_bytes()),
            Self::Ip(address) => der::implicit(7, &octets(*address)),
            Self::Network(address, mask) => {
                der::implicit(7, &[octets(*address), octets(*mask)].concat())
            }
            Self::Raw(number, content) => der::implicit(*number, content),
        }
    }
}

fn octets(address: IpAddr) -> Vec<u8> {
    match address {
        IpAddr::V4(four) => four.octets().to_vec(),
        IpAddr::V6(six) => six.octets().to_vec(),
    }
}
