//! What is served at the addresses of a name.

use std::fmt::Write as _;
use std::net::SocketAddr;

use super::Verified;
use crate::name::Name;
use crate::rules::address_without_service::AddressWithoutService;
use crate::rules::other_certificate::OtherCertificate;

/// What is served at one address: SHA-256 of the certificate, or why there is none, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At {
    /// The address.
    pub address: SocketAddr,
    /// What is served.
    pub served: Result<[u8; 32], String>,
}

/// Holds what is served at the addresses of a host against the certificate on disk.
pub fn at_addresses(host: &Name, seen: &[At], on_disk: [u8; 32], verified: &mut Verified) {
    for at in seen {
        let (name, address) = (host.to_string(), at.address.to_string());
        match &at.served {
            Ok(served) if *served == on_disk => {}
            Ok(served) => verified.found(OtherCertificate {
                name,
                address,
                served: hex(served),
                on_disk: hex(&on_disk),
            }),
            Err(why) => {
                let why = why.clone();
                verified.found(AddressWithoutService { name, address, why });
            }
        }
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(out, "{byte:02x}");
    }
    out
}
