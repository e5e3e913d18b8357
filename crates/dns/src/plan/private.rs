//! Addresses that are not for everybody.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::rdata::Type;

/// An address that is not for everybody, and what it is of (IANA's registries of special-purpose addresses).
pub fn private(kind: Type, data: &[u8]) -> Option<(IpAddr, &'static str)> {
    let address = of(kind, data)?;
    let range = match address {
        IpAddr::V4(four) => private_four(four)?,
        IpAddr::V6(six) => private_six(six)?,
    };
    Some((address, range))
}

/// An address that nobody has, as it is kept for examples, and what it is of.
pub(super) fn documentation(kind: Type, data: &[u8]) -> Option<(IpAddr, &'static str)> {
    let address = of(kind, data)?;
    let is_kept = match address {
        IpAddr::V4(four) => four.is_documentation(),
        IpAddr::V6(six) => is_documentation(six),
    };
    let range = match address {
        IpAddr::V4(_) => "an address kept for documentation (RFC 5737)",
        IpAddr::V6(_) => "an address kept for documentation (RFC 3849, RFC 9637)",
    };
    is_kept.then_some((address, range))
}

fn of(kind: Type, data: &[u8]) -> Option<IpAddr> {
    match kind {
        Type::A => Some(IpAddr::from(<[u8; 4]>::try_from(data).ok()?)),
        Type::AAAA => Some(IpAddr::from(<[u8; 16]>::try_from(data).ok()?)),
        _ => None,
    }
}

fn is_documentation(six: Ipv6Addr) -> bool {
    let [first, second, ..] = six.segments();
    (first, second) == (0x2001, 0xdb8) || (first == 0x3fff && second < 0x1000)
}

fn private_four(four: Ipv4Addr) -> Option<&'static str> {
    let [first, second, third, _] = four.octets();
    Some(match four {
        _ if four.is_private() => "an address of a private network (RFC 1918)",
        _ if four.is_loopback() => "the machine itself (RFC 1122)",
        _ if four.is_link_local() => "an address of one link (RFC 3927)",
        _ if first == 100 && (64..128).contains(&second) => {
            "an address behind a provider's NAT (RFC 6598)"
        }
        _ if four.is_unspecified() => "no address",
        _ if four.is_multicast() => "an address of many machines at once (RFC 5771)",
        _ if four.is_broadcast() => "an address of all machines of a link (RFC 919)",
        _ if first == 0 => "an address of this network alone (RFC 791)",
        _ if (first, second, third) == (192, 0, 0) => {
            "an address of protocols between machines of one network (RFC 6890)"
        }
        _ if first == 198 && (18..20).contains(&second) => {
            "an address for measuring networks (RFC 2544)"
        }
        _ if first >= 240 => "an address of nobody yet (RFC 1112)",
        _ => return None,
    })
}

fn private_six(six: Ipv6Addr) -> Option<&'static str> {
    let [first, second, third, fourth, fifth, sixth, ..] = six.segments();
    let four = |at: usize| {
        let octets = six.octets();
        let four = octets.get(at..)?.first_chunk::<4>()?;
        Some(Ipv4Addr::from(*four))
    };
    // An IPv4 address inside that nobody outside comes to.
    let is_inside = |at: usize| {
        four(at).is_some_and(|four| private_four(four).is_some() || four.is_documentation())
    };
    Some(match six {
        _ if six.is_unique_local() => "an address of a private network (RFC 4193)",
        _ if six.is_loopback() => "the machine itself (RFC 4291)",
        _ if six.is_unicast_link_local() => "an address of one link (RFC 4291)",
        _ if six.is_unspecified() => "no address",
        _ if six.is_multicast() => "an address of many machines at once (RFC 4291)",
        _ if first & 0xffc0 == 0xfec0 => "an address of one site, which are no more (RFC 3879)",
        _ if (first, second, third) == (0x64, 0xff9b, 1) => {
            "an IPv4 address by way of a NAT of one's own (RFC 8215)"
        }
        _ if (first, second) == (0x64, 0xff9b)
            && [third, fourth, fifth, sixth] == [0; 4]
            && is_inside(12) =>
        {
            "an IPv4 address that is not for everybody, by way of a NAT (RFC 6052, section 3.1)"
        }
        _ if first == 0x2002 && is_inside(2) => {
            "an IPv4 address that is not for everybody, by way of a tunnel (RFC 3056, section 2)"
        }
        _ if six.segments().starts_with(&[0x100, 0, 0, 0]) => {
            "an address that leads nowhere (RFC 6666)"
        }
        _ if six.to_ipv4_mapped().is_some() => "an IPv4 address in the clothes of IPv6 (RFC 4291)",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_that_nobody_can_be_reached_at_are_told_from_those_beside_them() {
        let range = |text: &str| match text.parse().expect("an address") {
            IpAddr::V4(four) => private_four(four),
            IpAddr::V6(six) => private_six(six),
        };
        for text in [
            "0.1.2.3",
            "198.18.0.1",
            "198.19.255.255",
            "240.0.0.1",
            "fec0::1",
            "64:ff9b::a00:1",
            "64:ff9b:1::1",
            "64:ff9b::c000:201",
            "2002:a00:1::1",
            "2002:c633:6401::1",
            "192.0.0.8",
            "100::1",
        ] {
            assert!(range(text).is_some(), "{text}");
        }
        for text in [
            "198.17.0.1",
            "198.20.0.1",
            "2600::1",
            "64:ff9c::1",
            "64:ff9b::808:808",
            "64:ff9b:2::a00:1",
            "2002:808:808::1",
            "192.0.1.8",
            "100:1::1",
        ] {
            assert_eq!(range(text), None, "{text}");
        }
    }

    #[test]
    fn addresses_of_examples_are_told_from_those_beside_them() {
        let kept = |text: &str| match text.parse().expect("an address") {
            IpAddr::V4(four) => documentation(Type::A, &four.octets()).is_some(),
            IpAddr::V6(six) => documentation(Type::AAAA, &six.octets()).is_some(),
        };
        for text in [
            "192.0.2.0",
            "198.51.100.255",
            "203.0.113.7",
            "2001:db8:ffff::1",
            "3fff::1",
            "3fff:fff::1",
        ] {
            assert!(kept(text), "{text}");
        }
        for text in [
            "192.0.3.0",
            "198.51.101.1",
            "203.0.112.255",
            "2001:db9::1",
            "3fff:1000::1",
            "3ffe::1",
        ] {
            assert!(!kept(text), "{text}");
        }
    }
}
