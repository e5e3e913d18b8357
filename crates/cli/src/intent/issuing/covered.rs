//! What a certificate is for.

use std::net::IpAddr;

use keyway_chain::x509::Certificate;
use keyway_issue::Identifier;

/// Whether a certificate is for all of these.
pub(crate) fn covers(certificate: &Certificate, hosts: &[Identifier]) -> bool {
    let has_name = |name: &str| certificate.dns_names().any(|it| it == name.as_bytes());
    let has_address = |bytes: &[u8]| certificate.ip_addresses().any(|it| it == bytes);
    hosts.iter().all(|host| match host {
        Identifier::Dns(name) => has_name(name),
        Identifier::Ip(IpAddr::V4(address)) => has_address(&address.octets()),
        Identifier::Ip(IpAddr::V6(address)) => has_address(&address.octets()),
    })
}
