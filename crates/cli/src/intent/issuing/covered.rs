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

/// Whether a client that asks for this takes it, by a wildcard, too (RFC 9525, section 6.3).
pub(super) fn is_for(certificate: &Certificate, host: &Identifier) -> bool {
    let by_wildcard = || match host {
        Identifier::Dns(name) => name.split_once('.').map(|(_, above)| format!("*.{above}")),
        Identifier::Ip(_) => None,
    };
    covers(certificate, std::slice::from_ref(host))
        || by_wildcard().is_some_and(|name| covers(certificate, &[Identifier::Dns(name)]))
}
