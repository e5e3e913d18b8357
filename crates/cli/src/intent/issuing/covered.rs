//! What a certificate is for.

use std::net::IpAddr;

use keyway_chain::x509::Certificate;

/// Whether a certificate is for all of these.
pub(super) fn covers(certificate: &Certificate, hosts: &[String]) -> bool {
    let names = certificate.dns_names();
    let names = names.map(|name| String::from_utf8_lossy(name).into_owned());
    let addresses = certificate.ip_addresses().filter_map(|bytes| {
        let four = <[u8; 4]>::try_from(bytes).map(|it| IpAddr::from(it).to_string());
        let six = <[u8; 16]>::try_from(bytes).map(|it| IpAddr::from(it).to_string());
        four.or(six).ok()
    });
    let has: Vec<String> = names.chain(addresses).collect();
    hosts.iter().all(|host| has.contains(host))
}
