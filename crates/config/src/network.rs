//! Networks by address and prefix.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// Bits in front of an IPv4 address that is written as an IPv6 one (RFC 4291, section 2.5.5.2).
const MAPPED: u32 = 96;

/// A network: `10.0.0.0/8`, `2001:db8::/32`, or one address (RFC 4632, section 3.1; RFC 4291, section 2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u32,
}

/// A text that is no network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an address, or an address and the length of its prefix such as 10.0.0.0/8, is wanted")]
pub struct NotANetwork;

impl FromStr for Network {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| NotANetwork)?;
        let whole = width(address);
        let prefix = match prefix {
            None => whole,
            // No sign, no space: `parse` would take a plus.
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                digits.parse().map_err(|_| NotANetwork)?
            }
            Some(_) => return Err(NotANetwork),
        };
        if prefix > whole {
            return Err(NotANetwork);
        }
        // Who comes from a mapped address comes from the IPv4 one, and a network of those is one of IPv4.
        Ok(match (address.to_canonical(), prefix.checked_sub(MAPPED)) {
            (canonical @ IpAddr::V4(_), Some(prefix)) if address.is_ipv6() => Self {
                address: canonical,
                prefix,
            },
            _ => Self { address, prefix },
        })
    }
}

impl fmt::Display for Network {
    /// An address alone where that is all of it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.address)?;
        if self.prefix < width(self.address) {
            write!(f, "/{}", self.prefix)?;
        }
        Ok(())
    }
}

impl Network {
    /// Whether every address of its family is in it.
    pub(crate) const fn is_everything(&self) -> bool {
        self.prefix == 0
    }

    /// Whether an address is in it. An IPv4 address that is written as an IPv6 one (RFC 4291, section 2.5.5.2) is the
    /// IPv4 address.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        let beyond = width(self.address) - self.prefix;
        let differ = match (self.address, address) {
            (IpAddr::V4(ours), IpAddr::V4(theirs)) => u128::from(ours.to_bits() ^ theirs.to_bits()),
            (IpAddr::V6(ours), IpAddr::V6(theirs)) => ours.to_bits() ^ theirs.to_bits(),
            _ => return false,
        };
        differ.checked_shr(beyond).unwrap_or(0) == 0
    }
}

fn width(address: IpAddr) -> u32 {
    match address {
        IpAddr::V4(_) => 32,
        IpAddr::V6(_) => 128,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(network: &str, address: &str) -> bool {
        let network: Network = network.parse().unwrap();
        network.contains(address.parse().unwrap())
    }

    #[test]
    fn an_address_is_in_a_network_by_its_first_bits() {
        assert!(holds("10.0.0.0/8", "10.255.0.1"));
        assert!(!holds("10.0.0.0/8", "11.0.0.1"));
        assert!(holds("2001:db8::/32", "2001:db8:ffff::1"));
        assert!(!holds("2001:db8::/32", "2001:db9::1"));
        assert!(holds("192.0.2.1", "192.0.2.1"));
        assert!(!holds("192.0.2.1", "192.0.2.2"));
        assert!(holds("0.0.0.0/0", "198.51.100.1"));
        assert!(holds("::/0", "2001:db8::1"));
    }

    #[test]
    fn the_two_families_are_apart_but_for_mapped_addresses() {
        assert!(!holds("0.0.0.0/0", "2001:db8::1"));
        assert!(!holds("::/0", "192.0.2.1"));
        assert!(holds("192.0.2.0/24", "::ffff:192.0.2.9"));
    }

    #[test]
    fn a_network_of_mapped_addresses_is_one_of_ipv4() {
        for (written, meant) in [
            ("::ffff:192.0.2.9", "192.0.2.9"),
            ("::ffff:192.0.2.0/120", "192.0.2.0/24"),
            ("::ffff:0:0/96", "0.0.0.0/0"),
            // More than what is mapped.
            ("::/80", "::/80"),
            ("10.0.0.0/8", "10.0.0.0/8"),
        ] {
            assert_eq!(written.parse::<Network>().unwrap().to_string(), meant);
        }
        assert!(holds("::ffff:192.0.2.0/120", "192.0.2.1"));
        assert!(!holds("::ffff:192.0.2.0/120", "192.0.3.1"));
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for text in [
            "",
            "10.0.0.0/33",
            "10.0.0.0/+8",
            "10.0.0.0/",
            "10.0.0/8",
            "a/8",
            "::/129",
        ] {
            assert_eq!(text.parse::<Network>(), Err(NotANetwork), "{text}");
        }
    }
}
