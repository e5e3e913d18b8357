//! Why a certificate's entry does not cover a host.

use std::net::IpAddr;

use super::address::{self, IpFault};
use super::distance::within;
use super::host::{DnsName, Host};
use super::pattern::{Pattern, PatternFault};
use super::presented::Presented;
use super::syntax::NameFault;

/// Why one entry of a certificate does not cover a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Mismatch {
    /// The wildcard's own base was asked for: `example.com` against `*.example.com`.
    #[error("a wildcard does not cover the name it stands on; that name needs its own entry")]
    WildcardNotApex,
    /// The host lies deeper than the wildcard reaches: `a.b.example.com` against `*.example.com`.
    #[error("a wildcard covers exactly one label, and this host has {extra} too many")]
    WildcardTooDeep {
        /// How many labels too many.
        extra: usize,
    },
    /// The host lies above the wildcard: `example.com` against `*.www.example.com`.
    #[error("the wildcard covers names further down than this host")]
    WildcardTooShallow {
        /// How many labels are missing to reach the wildcard's base.
        missing: usize,
    },
    /// The host lies below the entry: `www.example.com` against `example.com`.
    #[error("a name covers only itself, not the names below it")]
    BelowName {
        /// How many labels below.
        extra: usize,
    },
    /// The host lies above the entry: `example.com` against `www.example.com`.
    #[error("a name covers only itself, not the names above it")]
    AboveName {
        /// How many labels above.
        missing: usize,
    },
    /// Another name.
    #[error("it is another name")]
    DifferentName {
        /// Edit distance to the entry (for a wildcard: to the entry with the host's own first
        /// label in the wildcard's place); `None` past [`super::MAX_EDIT_DISTANCE`].
        distance: Option<usize>,
        /// How many labels at the end are the same.
        shared: usize,
    },
    /// The host is an address, the entry a DNS name.
    #[error("an IP address needs an IP entry in the certificate")]
    IpNeedsIpSan,
    /// The host is an address, and the entry holds this very address, but as a DNS name.
    #[error("the address is there as a DNS name, where clients do not look for it")]
    IpWrittenAsDns,
    /// The host is a DNS name, the entry an address.
    #[error("a name needs a DNS entry in the certificate")]
    NameNeedsDnsSan,
    /// Another address.
    #[error("it is another address")]
    DifferentAddress,
    /// The same IPv4 address, once plain and once mapped into IPv6 (RFC 4291 section 2.5.5.2); the
    /// bytes differ, and bytes are what is compared.
    #[error("it is the same address in IPv4 and in IPv6-mapped form, which do not compare equal")]
    MappedAddress,
    /// The entry is malformed, so clients pass it over.
    #[error("the entry is malformed: {0}")]
    FaultyPattern(PatternFault),
    /// The entry's address is malformed, so clients pass it over.
    #[error("the entry is malformed: {0}")]
    FaultyIp(IpFault),
    /// The host is not a DNS name, so only an entry of exactly this text would cover it.
    #[error("the host asked for is not a DNS name: {0}")]
    HostIsNotAName(NameFault),
}

/// Explains an entry that is already known not to cover the host.
pub(super) fn between(entry: &Presented, host: &Host) -> Mismatch {
    match (entry, host) {
        (
            Presented::Ip {
                address: Err(fault),
                ..
            },
            _,
        ) => Mismatch::FaultyIp(*fault),
        (
            Presented::Ip {
                address: Ok(entry), ..
            },
            Host::Ip(wanted),
        ) => addresses(*entry, *wanted),
        (Presented::Ip { .. }, _) => Mismatch::NameNeedsDnsSan,
        (Presented::Dns { raw, .. }, Host::Ip(wanted)) => address_in_dns(raw, *wanted),
        (Presented::Dns { .. }, Host::Literal(literal)) => {
            Mismatch::HostIsNotAName(literal.fault())
        }
        (
            Presented::Dns {
                pattern: Err(fault),
                ..
            },
            _,
        ) => Mismatch::FaultyPattern(*fault),
        (
            Presented::Dns {
                pattern: Ok(pattern),
                ..
            },
            Host::Name(name),
        ) => names(pattern, name),
    }
}

fn addresses(entry: IpAddr, wanted: IpAddr) -> Mismatch {
    if entry.to_canonical() == wanted.to_canonical() {
        Mismatch::MappedAddress
    } else {
        Mismatch::DifferentAddress
    }
}

fn address_in_dns(raw: &[u8], wanted: IpAddr) -> Mismatch {
    match std::str::from_utf8(raw).ok().and_then(address::from_text) {
        Some(written) if written == wanted => Mismatch::IpWrittenAsDns,
        _ => Mismatch::IpNeedsIpSan,
    }
}

fn names(pattern: &Pattern, name: &DnsName) -> Mismatch {
    let (base, host) = (pattern.base(), name.ascii());
    if host == base {
        return Mismatch::WildcardNotApex;
    }
    match (
        pattern.is_wildcard(),
        labels_below(host, base),
        labels_below(base, host),
    ) {
        (true, Some(below), _) => Mismatch::WildcardTooDeep {
            extra: below.saturating_sub(1),
        },
        (true, _, Some(missing)) => Mismatch::WildcardTooShallow { missing },
        (false, Some(extra), _) => Mismatch::BelowName { extra },
        (false, _, Some(missing)) => Mismatch::AboveName { missing },
        (wildcard, None, None) => Mismatch::DifferentName {
            distance: distance(wildcard, base, host),
            shared: shared_labels(base, host),
        },
    }
}

/// How many labels `name` lies below `above`; `None` when it does not.
fn labels_below(name: &str, above: &str) -> Option<usize> {
    let front = name.strip_suffix(above)?.strip_suffix('.')?;
    Some(front.split('.').count())
}

fn distance(wildcard: bool, base: &str, host: &str) -> Option<usize> {
    let compared = match host.split_once('.') {
        Some((_, rest)) if wildcard => rest,
        _ => host,
    };
    within(base.as_bytes(), compared.as_bytes())
}

fn shared_labels(one: &str, other: &str) -> usize {
    one.rsplit('.')
        .zip(other.rsplit('.'))
        .take_while(|(a, b)| a == b)
        .count()
}
