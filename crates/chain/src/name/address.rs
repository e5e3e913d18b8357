//! IP addresses: the bytes of an iPAddress entry, and the ranges that the internet does not route.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// An iPAddress entry that is not 4 or 16 bytes long (RFC 5280 section 4.2.1.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an IP entry has 4 or 16 bytes, this one has {bytes}")]
pub struct IpFault {
    /// How many bytes there are. 8 and 32 are the lengths of a range, which belongs in name
    /// constraints only.
    pub bytes: usize,
}

/// Reads the bytes of an iPAddress entry. The address displays by RFC 5952.
///
/// # Errors
/// [`IpFault`] unless there are 4 or 16 bytes.
pub fn ip_san(raw: &[u8]) -> Result<IpAddr, IpFault> {
    if let Ok(octets) = <[u8; 4]>::try_from(raw) {
        return Ok(Ipv4Addr::from(octets).into());
    }
    <[u8; 16]>::try_from(raw)
        .map(|octets| Ipv6Addr::from(octets).into())
        .map_err(|_| IpFault { bytes: raw.len() })
}

/// An address as text; IPv6 may stand in brackets.
pub(super) fn from_text(text: &str) -> Option<IpAddr> {
    match text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
    {
        Some(inner) => inner.parse::<Ipv6Addr>().ok().map(IpAddr::V6),
        None => text.parse().ok(),
    }
}

/// A range of addresses that the public internet does not route, so that no public CA may name
/// one (BR 7.1.2.7.12, IANA's special-purpose address registries).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReservedRange {
    /// The range, such as `10.0.0.0/8`.
    pub range: &'static str,
    /// What it is for, in a few words.
    pub purpose: &'static str,
    /// Where that is written.
    pub source: &'static str,
}

/// First address of a range, length of its prefix in bits, and what it is.
type Row<A> = (A, u32, ReservedRange);

const fn row<A: Copy>(
    start: A,
    length: u32,
    range: &'static str,
    purpose: &'static str,
    source: &'static str,
) -> Row<A> {
    (
        start,
        length,
        ReservedRange {
            range,
            purpose,
            source,
        },
    )
}

/// IANA IPv4 Special-Purpose Address Registry, what is not globally reachable; and multicast.
#[rustfmt::skip] // one range, one line
const V4: &[Row<u32>] = &[
    row(0x0000_0000, 8, "0.0.0.0/8", "this network", "RFC 791 section 3.2"),
    row(0x0a00_0000, 8, "10.0.0.0/8", "private network", "RFC 1918"),
    row(0x6440_0000, 10, "100.64.0.0/10", "carrier-grade NAT", "RFC 6598"),
    row(0x7f00_0000, 8, "127.0.0.0/8", "this machine", "RFC 1122 section 3.2.1.3"),
    row(0xa9fe_0000, 16, "169.254.0.0/16", "link-local", "RFC 3927"),
    row(0xac10_0000, 12, "172.16.0.0/12", "private network", "RFC 1918"),
    row(0xc000_0000, 24, "192.0.0.0/24", "protocol assignments", "RFC 6890"),
    row(0xc000_0200, 24, "192.0.2.0/24", "documentation", "RFC 5737"),
    row(0xc058_6300, 24, "192.88.99.0/24", "former 6to4 relays", "RFC 7526"),
    row(0xc0a8_0000, 16, "192.168.0.0/16", "private network", "RFC 1918"),
    row(0xc612_0000, 15, "198.18.0.0/15", "benchmarks", "RFC 2544"),
    row(0xc633_6400, 24, "198.51.100.0/24", "documentation", "RFC 5737"),
    row(0xcb00_7100, 24, "203.0.113.0/24", "documentation", "RFC 5737"),
    row(0xe000_0000, 4, "224.0.0.0/4", "multicast", "RFC 5771"),
    row(0xf000_0000, 4, "240.0.0.0/4", "reserved", "RFC 1112 section 4"),
];

/// IANA IPv6 Special-Purpose Address Registry, what is not globally reachable; and multicast.
#[rustfmt::skip] // one range, one line
const V6: &[Row<u128>] = &[
    row(0, 128, "::/128", "unspecified address", "RFC 4291 section 2.5.2"),
    row(1, 128, "::1/128", "this machine", "RFC 4291 section 2.5.3"),
    row(0xffff << 32, 96, "::ffff:0:0/96", "IPv4-mapped", "RFC 4291 section 2.5.5.2"),
    row(0x0064_ff9b_0001 << 80, 48, "64:ff9b:1::/48", "local translation", "RFC 8215"),
    row(0x0100 << 112, 64, "100::/64", "discarded", "RFC 6666"),
    row(0x2001 << 112, 23, "2001::/23", "protocol assignments", "RFC 2928"),
    row(0x2001_0db8 << 96, 32, "2001:db8::/32", "documentation", "RFC 3849"),
    row(0x2002 << 112, 16, "2002::/16", "6to4", "RFC 3056"),
    row(0x3fff << 112, 20, "3fff::/20", "documentation", "RFC 9637"),
    row(0x5f00 << 112, 16, "5f00::/16", "segment routing", "RFC 9602"),
    row(0xfc00 << 112, 7, "fc00::/7", "unique local", "RFC 4193"),
    row(0xfe80 << 112, 10, "fe80::/10", "link-local", "RFC 4291 section 2.5.6"),
    row(0xff00 << 112, 8, "ff00::/8", "multicast", "RFC 4291 section 2.7"),
];

/// The reserved range an address lies in, if any.
pub fn reserved_range(address: IpAddr) -> Option<ReservedRange> {
    match address {
        IpAddr::V4(v4) => {
            let bits = v4.to_bits();
            let row = V4
                .iter()
                .find(|(start, length, _)| (bits ^ start) >> (32 - length) == 0);
            row.map(|(_, _, range)| *range)
        }
        IpAddr::V6(v6) => {
            let bits = v6.to_bits();
            let row = V6
                .iter()
                .find(|(start, length, _)| (bits ^ start) >> (128 - length) == 0);
            row.map(|(_, _, range)| *range)
        }
    }
}
