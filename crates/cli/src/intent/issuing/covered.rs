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

/// Those of some hosts that whoever has a pair for others serves so far, and those that it is not for. A name that is wanted by
/// a wildcard alone is served, too: before that comes, the pair may be for the name itself.
pub(super) fn parted(
    wanted: &[Identifier],
    had: &[Identifier],
) -> (Vec<Identifier>, Vec<Identifier>) {
    let hosts = wanted.iter().cloned();
    let (mut so_far, left): (Vec<_>, Vec<_>) =
        hosts.partition(|host| had.iter().any(|it| takes_in(it, host)));
    let by_wildcard = had
        .iter()
        .filter(|host| left.iter().any(|it| takes_in(it, host)));
    for host in by_wildcard {
        if !so_far.contains(host) {
            so_far.push(host.clone());
        }
    }
    (so_far, left)
}

/// What a certificate is for.
pub(super) fn hosts_of(certificate: &Certificate) -> Vec<Identifier> {
    let names = certificate.dns_names().filter_map(|name| {
        let name = Identifier::parse(std::str::from_utf8(name).ok()?).ok()?;
        // An address that is written as a name is for nobody.
        matches!(name, Identifier::Dns(_)).then_some(name)
    });
    let addresses = certificate.ip_addresses().filter_map(|bytes| {
        let four = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
        let address = four.or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from));
        address.ok().map(Identifier::Ip)
    });
    names.chain(addresses).collect()
}

/// Whether one host is another, or a wildcard that takes it in (RFC 9525, section 6.3).
fn takes_in(one: &Identifier, other: &Identifier) -> bool {
    let by_wildcard = || match (one, other) {
        (Identifier::Dns(one), Identifier::Dns(other)) => {
            let above = other.split_once('.').map(|(_, above)| above);
            above.is_some() && one.strip_prefix("*.") == above
        }
        _ => false,
    };
    one == other || by_wildcard()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(words: &str) -> Vec<Identifier> {
        let words = words.split_whitespace();
        words.map(|it| Identifier::parse(it).unwrap()).collect()
    }

    #[test]
    fn what_a_pair_is_for_is_served_by_names_and_by_wildcards_of_either_side() {
        for (wanted, had, served, left) in [
            ("b.a.test a.test", "a.test", "a.test", "b.a.test"),
            // The file has wildcards now.
            (
                "*.a.test x.a.test",
                "x.a.test y.a.test",
                "x.a.test y.a.test",
                "*.a.test",
            ),
            ("*.a.test", "x.a.test y.b.test", "x.a.test", "*.a.test"),
            ("*.a.test", "a.test x.y.a.test *.b.test", "", "*.a.test"),
            // The pair has.
            (
                "x.a.test y.a.test",
                "*.a.test a.test",
                "x.a.test y.a.test",
                "",
            ),
            ("x.y.a.test a.test", "*.a.test", "", "x.y.a.test a.test"),
            ("*.a.test", "*.a.test x.a.test", "*.a.test", ""),
            // No wildcard is for addresses.
            (
                "192.0.2.1 *.a.test",
                "192.0.2.1 2001:db8::1",
                "192.0.2.1",
                "*.a.test",
            ),
        ] {
            let parted = parted(&hosts(wanted), &hosts(had));
            assert_eq!(parted, (hosts(served), hosts(left)), "{wanted}: {had}");
        }
    }
}
