//! What is served at the addresses of a name.

use std::net::SocketAddr;

use super::found;
use crate::digest;
use crate::name::Name;
use crate::rules::address_without_service::AddressWithoutService;
use crate::rules::no_address::NoAddress;
use crate::rules::other_certificate::OtherCertificate;
use crate::zone::Finding;

/// What is served at one address: SHA-256 of the certificate, or why there is none, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At {
    /// The address.
    pub address: SocketAddr,
    /// What is served.
    pub served: Result<[u8; 32], String>,
}

/// Holds what is served at the addresses of a host against the certificate on disk. `seen` is empty where the host
/// leads to none.
pub fn at_addresses(host: &Name, seen: &[At], on_disk: [u8; 32]) -> Vec<Finding> {
    let name = host.to_string();
    if seen.is_empty() {
        return vec![found(NoAddress { name })];
    }
    let mut findings = Vec::new();
    for at in seen {
        let (name, address) = (name.clone(), at.address.to_string());
        match &at.served {
            Ok(served) if *served == on_disk => {}
            Ok(served) => findings.push(found(OtherCertificate {
                name,
                address,
                served: digest::show(served),
                on_disk: digest::show(&on_disk),
            })),
            Err(why) => {
                let why = why.clone();
                findings.push(found(AddressWithoutService { name, address, why }));
            }
        }
    }
    findings
}
