//! What a CA for development may vouch for (RFC 5280, section 4.2.1.10).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use keyway_chain::name::{has_public_suffixes_below, public_suffix};
use keyway_chain::x509::GeneralName;
use rcgen::{CidrSubnet, GeneralSubtree};

use crate::identifier::Identifier;

/// Names below which nobody owns anything: RFC 6761 (localhost, test), RFC 6762 (local), RFC 8375 (home.arpa), ICANN's
/// resolution of 2024-07-29 (internal).
const NAMES: [&str; 5] = ["localhost", "test", "local", "home.arpa", "internal"];

/// Addresses that are not routed: loopback (RFC 1122, section 3.2.1.3; RFC 4291, section 2.5.3), private (RFC 1918,
/// RFC 4193) and link-local (RFC 3927; RFC 4291, section 2.5.6).
const ADDRESSES: [(IpAddr, u8); 8] = [
    (IpAddr::V4(Ipv4Addr::new(127, 0, 0, 0)), 8),
    (IpAddr::V4(Ipv4Addr::new(10, 0, 0, 0)), 8),
    (IpAddr::V4(Ipv4Addr::new(172, 16, 0, 0)), 12),
    (IpAddr::V4(Ipv4Addr::new(192, 168, 0, 0)), 16),
    (IpAddr::V4(Ipv4Addr::new(169, 254, 0, 0)), 16),
    (IpAddr::V6(Ipv6Addr::LOCALHOST), 128),
    (IpAddr::V6(Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0)), 7),
    (IpAddr::V6(Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0)), 10),
];

/// What nobody owns, and what its owner permits, with all below it.
pub(super) fn subtrees(permitted: &[Identifier]) -> Vec<GeneralSubtree> {
    let names = NAMES.map(str::to_owned).into_iter();
    let own = permitted.iter().filter_map(|it| match it {
        Identifier::Dns(name) => Some(name.trim_start_matches("*.").to_owned()),
        Identifier::Ip(_) => None,
    });
    let own_addresses = permitted.iter().filter_map(|it| match it {
        Identifier::Ip(address) => Some((*address, host_bits(*address))),
        Identifier::Dns(_) => None,
    });
    let addresses = ADDRESSES.into_iter().chain(own_addresses);
    let addresses =
        addresses.map(|(address, bits)| GeneralSubtree::IpAddress(subnet(address, bits)));
    let names = names.chain(own).map(GeneralSubtree::DnsName);
    names.chain(addresses).collect()
}

/// Of what a CA may vouch for, what its owner permitted.
pub(super) fn own(permitted: &[GeneralName]) -> Vec<Identifier> {
    let own = permitted.iter().filter_map(|subtree| match subtree {
        GeneralName::Dns(name) => {
            let name = std::str::from_utf8(name).ok()?;
            (!NAMES.contains(&name)).then(|| Identifier::parse(name).ok())?
        }
        GeneralName::Ip(bytes) => {
            let half = bytes.len() / 2;
            let address = match bytes.get(..half)? {
                bytes if half == 4 => IpAddr::from(<[u8; 4]>::try_from(bytes).ok()?),
                bytes => IpAddr::from(<[u8; 16]>::try_from(bytes).ok()?),
            };
            let is_one = bytes.get(half..)?.iter().all(|byte| *byte == 0xff);
            let is_usual = address == IpAddr::V6(Ipv6Addr::LOCALHOST);
            (is_one && !is_usual).then_some(Identifier::Ip(address))
        }
        _ => None,
    });
    own.collect()
}

/// Whether strangers have names below one: it is a public suffix (`com`, `github.io`), or there are some below it (`ck`,
/// `amazonaws.com`).
pub(super) fn is_everybodys(permitted: &Identifier) -> bool {
    let Identifier::Dns(name) = permitted else {
        return false;
    };
    let base = name.trim_start_matches("*.");
    // `home.arpa` is on the list, too, and vouched for as it is.
    let is_suffix = || public_suffix(base).is_some_and(|suffix| suffix.name == base);
    !NAMES.contains(&base) && (is_suffix() || has_public_suffixes_below(base))
}

const fn host_bits(address: IpAddr) -> u8 {
    match address {
        IpAddr::V4(_) => 32,
        IpAddr::V6(_) => 128,
    }
}

fn subnet(address: IpAddr, bits: u8) -> CidrSubnet {
    let mask = |width: u8| u128::MAX.checked_shl(u32::from(width - bits)).unwrap_or(0);
    match address {
        IpAddr::V4(address) => {
            let bytes = mask(32).to_be_bytes();
            CidrSubnet::V4(
                address.octets(),
                [bytes[12], bytes[13], bytes[14], bytes[15]],
            )
        }
        IpAddr::V6(address) => CidrSubnet::V6(address.octets(), mask(128).to_be_bytes()),
    }
}

/// Whether an address is in a subnet: its address and its mask, one after the other (RFC 5280, section 4.2.1.10).
pub(super) fn covers(subnet: &[u8], address: IpAddr) -> bool {
    let octets = match address {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().to_vec(),
    };
    let (base, mask) = subnet.split_at(subnet.len() / 2);
    base.len() == octets.len()
        && base
            .iter()
            .zip(mask)
            .zip(&octets)
            .all(|((base, mask), octet)| base & mask == octet & mask)
}
