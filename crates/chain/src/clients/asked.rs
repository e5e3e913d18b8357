//! Why some families take a name that the certificate does not carry as it should, and why some do not
//! take one that it carries.

use std::net::IpAddr;

use crate::check::PathView;
use crate::name::{DnsName, Host, PatternFault, Presented, Section, wildcard_on_public_suffix};
use crate::x509::{Certificate, GeneralName};

/// What is special about a name that was asked for and is not among the leaf's; empty for nothing.
pub(super) fn not_carried(leaf: &Certificate, asked: &str, view: &PathView<'_>) -> &'static str {
    let Ok(host) = Host::parse(asked) else {
        return "";
    };
    let entries = leaf.presented();
    let common = |is_meant: &dyn Fn(&str) -> bool| {
        leaf.subject
            .common_names()
            .iter()
            .any(|name| is_meant(name))
    };
    if let Host::Ip(address) = host {
        return if is_mapped(leaf, address) {
            "address in the form of IPv6"
        } else if common(&|name| name == asked) && !has_dns(leaf, |_| true) {
            "address as common name"
        } else {
            ""
        };
    }
    let fault = entries.iter().find_map(|entry| fault(entry, &host));
    if let Some(fault) = fault {
        return fault;
    }
    let is_common = common(&|name| Presented::dns(name.as_bytes()).matches(&host));
    if !is_common || has_dns(leaf, |_| true) {
        ""
    } else if !entries.is_empty() {
        "common name beside an address"
    } else if view.issuers().any(|at| view.constraints(at).is_some()) {
        "common name, constrained"
    } else if leaf
        .alt_names()
        .iter()
        .any(|name| matches!(name, GeneralName::Uri(_)))
    {
        "common name beside a locator"
    } else {
        "common name"
    }
}

/// Whether the leaf carries an address of IPv4 in the form of IPv6 only.
fn is_mapped(leaf: &Certificate, address: IpAddr) -> bool {
    leaf.presented().iter().any(|entry| match (entry, address) {
        (
            Presented::Ip {
                address: Ok(IpAddr::V6(six)),
                ..
            },
            IpAddr::V4(four),
        ) => six.to_ipv4_mapped() == Some(four),
        _ => false,
    })
}

/// What an entry has to do with a host that it does not match by the book.
fn fault(entry: &Presented, host: &Host) -> Option<&'static str> {
    let Presented::Dns { raw, pattern } = entry else {
        return None;
    };
    match pattern.as_ref().err()? {
        PatternFault::TrailingDot => {
            let without = raw.strip_suffix(b".")?;
            Presented::dns(without)
                .matches(host)
                .then_some("dot at its end")
        }
        PatternFault::EmbeddedWildcard => Some("wildcard within a label"),
        PatternFault::WildcardNotLeftmost => Some("wildcard further on"),
        PatternFault::WildcardTooBroad if raw.len() > 1 => Some("broad wildcard"),
        _ => None,
    }
}

/// Whether the leaf carries a name only by a wildcard for everything below a suffix of ICANN's.
pub(super) fn is_by_suffix_wildcard(leaf: &Certificate, hosts: &[Host]) -> bool {
    hosts.iter().any(|host| {
        let mut matching = leaf
            .presented()
            .iter()
            .filter(|entry| entry.matches(host))
            .peekable();
        matching.peek().is_some() && matching.all(is_on_suffix)
    })
}

fn is_on_suffix(entry: &Presented) -> bool {
    let text = entry.pattern().map(ToString::to_string);
    let suffix = text.and_then(|text| wildcard_on_public_suffix(&text));
    suffix.is_some_and(|suffix| suffix.section == Section::Icann)
}

/// Whether a host was asked for that holds an underscore.
pub(super) fn has_underscore(hosts: &[Host]) -> bool {
    hosts.iter().any(|host| host.to_string().contains('_'))
}

/// Whether the leaf carries a host with an underscore by a wildcard only.
pub(super) fn has_underscore_below_wildcard(leaf: &Certificate, hosts: &[Host]) -> bool {
    hosts.iter().any(|host| {
        let name = host.to_string();
        name.contains('_') && !has_dns(leaf, |raw| raw.eq_ignore_ascii_case(name.as_bytes()))
    })
}

/// Whether a host was asked for with a dot at its end.
pub(super) fn has_final_dot(hosts: &[Host]) -> bool {
    hosts.iter().filter_map(Host::name).any(DnsName::is_rooted)
}

/// The entry for which most refuse the whole certificate; empty for one that is passed over.
pub(super) fn worst(leaf: &Certificate) -> &'static str {
    let entries = leaf.presented();
    let is_odd_address = |entry: &Presented| {
        matches!(
            entry,
            Presented::Ip {
                address: Err(_),
                ..
            }
        )
    };
    if entries.iter().any(is_odd_address) {
        "address"
    } else if has_dns(leaf, |raw| !raw.is_ascii()) {
        "not ASCII"
    } else if has_dns(leaf, <[u8]>::is_empty) {
        "empty"
    } else {
        ""
    }
}

fn has_dns(leaf: &Certificate, is_meant: impl Fn(&[u8]) -> bool) -> bool {
    let mut entries = leaf.presented().iter();
    entries.any(|entry| matches!(entry, Presented::Dns { raw, .. } if is_meant(raw)))
}
