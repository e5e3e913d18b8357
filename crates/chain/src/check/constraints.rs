//! Name constraints (RFC 5280, section 4.2.1.10): which names a constraint covers.

use std::net::{Ipv4Addr, Ipv6Addr};

use keyway_report::escape;

use crate::x509::GeneralName;

/// What a constraint says of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cover {
    /// It is about another kind of name.
    OtherKind,
    /// The name lies within it.
    Inside,
    /// Some of the names lie within it that a wildcard stands for.
    Partly,
    /// The name lies outside of it.
    Outside,
    /// It cannot be understood, or this kind cannot be compared.
    Unclear,
}

impl Cover {
    fn of(is_inside: bool) -> Self {
        if is_inside {
            Self::Inside
        } else {
            Self::Outside
        }
    }
}

/// Whether a permitted subtree covers all that a name stands for.
pub(crate) fn permits(base: &GeneralName, name: &GeneralName) -> Cover {
    match cover(base, name) {
        Cover::Partly => Cover::Outside,
        cover => cover,
    }
}

/// Whether an excluded subtree covers anything that a name stands for: a wildcard stands for many.
pub(crate) fn excludes(base: &GeneralName, name: &GeneralName) -> Cover {
    cover(base, name)
}

fn cover(base: &GeneralName, name: &GeneralName) -> Cover {
    use GeneralName as Name;
    let inside = match (base, name) {
        (Name::Dns(base), Name::Dns(name)) => return dns(base, name).unwrap_or(Cover::Unclear),
        (Name::Ip(base), Name::Ip(name)) => address(base, name),
        (Name::Email(base), Name::Email(name)) => mailbox(base, name),
        (Name::Uri(base), Name::Uri(name)) => uri(base, name),
        (Name::Directory(base), Name::Directory(name)) => {
            let (base, name) = (base.der(), name.der());
            Some(super::contents(name).starts_with(super::contents(base)))
        }
        // Nobody here knows how to compare these: RFC 5280 then wants the certificate rejected.
        (Name::Other(base), Name::Other(name)) if base == name => None,
        (Name::Unread(base), Name::Unread(name)) if base == name => None,
        _ => return Cover::OtherKind,
    };
    inside.map_or(Cover::Unclear, Cover::of)
}

/// A name and everything that adds labels to its left. An empty base covers all; a leading dot, which
/// the standard does not know, is taken as "names below" as everybody takes it: not the domain itself.
fn dns(base: &[u8], name: &[u8]) -> Option<Cover> {
    let (base, name) = (lower(base)?, lower(name)?);
    if matches!(base.as_str(), "" | ".") {
        return Some(Cover::Inside);
    }
    if base.starts_with('.') {
        return Some(Cover::of(name.ends_with(&base)));
    }
    let Some(parent) = name.strip_prefix("*.") else {
        return Some(Cover::of(within(&name, &base)));
    };
    // `*.example.com` stands for every single label in front of example.com.
    let one_below = base
        .split_once('.')
        .is_some_and(|(_, above)| above == parent);
    let whole = Cover::of(within(parent, &base));
    Some(if one_below { Cover::Partly } else { whole })
}

fn within(name: &str, base: &str) -> bool {
    name.strip_suffix(base)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// Address and mask, 8 or 32 bytes.
fn address(base: &[u8], name: &[u8]) -> Option<bool> {
    if !matches!(base.len(), 8 | 32) || !is_prefix_mask(&base[base.len() / 2..]) {
        return None;
    }
    if !matches!(name.len(), 4 | 16) {
        return None;
    }
    let (network, mask) = base.split_at(base.len() / 2);
    let same = network.len() == name.len()
        && network
            .iter()
            .zip(mask)
            .zip(name)
            .all(|((network, mask), name)| network & mask == name & mask);
    Some(same)
}

/// Ones, then zeros (RFC 4632 notation).
fn is_prefix_mask(mask: &[u8]) -> bool {
    let ones: u32 = mask
        .iter()
        .map(|byte| byte.leading_ones())
        .take_while(|&ones| ones > 0)
        .sum();
    let all: u32 = mask.iter().map(|byte| byte.count_ones()).sum();
    let first_gap = mask.iter().position(|&byte| byte != 0xff);
    let rest_is_zero = first_gap.is_none_or(|gap| mask[gap + 1..].iter().all(|&byte| byte == 0));
    rest_is_zero && ones == all
}

/// One mailbox, every mailbox at a host, or (with a leading dot) every mailbox below a domain.
fn mailbox(base: &[u8], name: &[u8]) -> Option<bool> {
    let (base, name) = (
        std::str::from_utf8(base).ok()?,
        std::str::from_utf8(name).ok()?,
    );
    let (local, host) = name.rsplit_once('@')?;
    let host = host.to_ascii_lowercase();
    if let Some((base_local, base_host)) = base.rsplit_once('@') {
        return (!base_local.contains('@'))
            .then(|| base_local == local && base_host.eq_ignore_ascii_case(&host));
    }
    Some(on_host(base, &host))
}

/// The host of a URI.
fn uri(base: &[u8], name: &[u8]) -> Option<bool> {
    let (base, name) = (
        std::str::from_utf8(base).ok()?,
        std::str::from_utf8(name).ok()?,
    );
    let (_, rest) = name.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    let host = host.split(':').next()?.to_ascii_lowercase();
    (!host.is_empty()).then(|| on_host(base, &host))
}

fn on_host(base: &str, host: &str) -> bool {
    let base = base.to_ascii_lowercase();
    if base.is_empty() {
        return true;
    }
    if base.starts_with('.') {
        host.ends_with(&base)
    } else {
        host == base
    }
}

fn lower(name: &[u8]) -> Option<String> {
    name.is_ascii()
        .then(|| String::from_utf8_lossy(name).to_ascii_lowercase())
}

/// Whether a constraint is written as the standard allows; why not.
pub(crate) fn fault(base: &GeneralName) -> Option<&'static str> {
    match base {
        GeneralName::Dns(name) if name.starts_with(b".") => Some(
            "a DNS name constraint starts with a dot, which only e-mail and URI constraints may",
        ),
        GeneralName::Dns(name) if name.contains(&b'*') => {
            Some("a DNS name constraint holds a wildcard")
        }
        GeneralName::Dns(name) if !name.is_ascii() => Some("a DNS name constraint is not ASCII"),
        GeneralName::Ip(bytes) if !matches!(bytes.len(), 8 | 32) => {
            Some("an address constraint is not an address and a mask of the same length")
        }
        GeneralName::Ip(bytes) if !is_prefix_mask(&bytes[bytes.len() / 2..]) => {
            Some("the mask of an address constraint has gaps")
        }
        GeneralName::Email(name) if name.split(|&byte| byte == b'@').count() > 2 => {
            Some("an e-mail constraint holds more than one @")
        }
        _ => None,
    }
}

/// A name or constraint for people, with its kind; escaped.
pub(crate) fn text(name: &GeneralName) -> String {
    match name {
        GeneralName::Dns(name) if name.is_empty() => "every DNS name".to_owned(),
        GeneralName::Dns(name) => escape::bytes(name),
        GeneralName::Ip(bytes) => address_text(bytes),
        GeneralName::Email(name) => format!("e-mail {}", escape::bytes(name)),
        GeneralName::Uri(name) => format!("URI {}", escape::bytes(name)),
        GeneralName::Directory(name) if name.is_empty() => "every directory name".to_owned(),
        GeneralName::Directory(name) => format!("directory name {}", name.text()),
        GeneralName::Other(oid) => format!("other name {oid}"),
        GeneralName::Unread(tag) => format!("name of kind {tag}"),
    }
}

fn address_text(bytes: &[u8]) -> String {
    let prefix = |mask: &[u8]| mask.iter().map(|byte| byte.count_ones()).sum::<u32>();
    let ip = |bytes: &[u8]| -> Option<String> {
        if let Ok(octets) = <[u8; 4]>::try_from(bytes) {
            return Some(Ipv4Addr::from(octets).to_string());
        }
        let octets = <[u8; 16]>::try_from(bytes).ok()?;
        Some(Ipv6Addr::from(octets).to_string())
    };
    let (half, rest) = bytes.split_at(bytes.len() / 2);
    let network = || {
        let address = ip(half)?;
        Some(if is_prefix_mask(rest) {
            format!("{address}/{}", prefix(rest))
        } else {
            format!("{address} with the mask {}", ip(rest)?)
        })
    };
    let text = if matches!(bytes.len(), 8 | 32) {
        network()
    } else {
        ip(bytes)
    };
    text.unwrap_or_else(|| format!("address #{}", crate::report::hex(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dns_name(name: &str) -> GeneralName {
        GeneralName::Dns(name.as_bytes().to_vec())
    }

    #[test]
    fn a_dns_constraint_covers_the_name_and_all_below_it_by_label() {
        let base = dns_name("example.com");
        assert_eq!(permits(&base, &dns_name("example.com")), Cover::Inside);
        assert_eq!(permits(&base, &dns_name("a.b.EXAMPLE.com")), Cover::Inside);
        assert_eq!(permits(&base, &dns_name("badexample.com")), Cover::Outside);
        assert_eq!(permits(&dns_name(""), &dns_name("x.test")), Cover::Inside);
    }

    #[test]
    fn a_dns_constraint_with_a_leading_dot_covers_only_what_lies_below() {
        let base = dns_name(".example.com");
        assert_eq!(permits(&base, &dns_name("a.b.example.com")), Cover::Inside);
        assert_eq!(permits(&base, &dns_name("*.EXAMPLE.com")), Cover::Inside);
        assert_eq!(permits(&base, &dns_name("example.com")), Cover::Outside);
        assert_eq!(permits(&base, &dns_name("badexample.com")), Cover::Outside);
        let below = dns_name(".a.example.com");
        assert_eq!(excludes(&below, &dns_name("*.example.com")), Cover::Outside);
    }

    #[test]
    fn a_wildcard_must_lie_inside_a_permitted_tree_whole_and_outside_an_excluded_one_whole() {
        let base = dns_name("foo.example.com");
        assert_eq!(permits(&base, &dns_name("*.example.com")), Cover::Outside);
        assert_eq!(excludes(&base, &dns_name("*.example.com")), Cover::Partly);
        assert_eq!(
            permits(&base, &dns_name("*.foo.example.com")),
            Cover::Inside
        );
        assert_eq!(excludes(&base, &dns_name("*.test")), Cover::Outside);
    }

    #[test]
    fn an_address_constraint_with_a_gap_in_its_mask_is_not_understood() {
        let name = GeneralName::Ip(vec![192, 0, 2, 7]);
        let base = |mask: [u8; 4]| GeneralName::Ip([[192, 0, 2, 0], mask].concat());
        assert_eq!(permits(&base([255, 255, 255, 0]), &name), Cover::Inside);
        assert_eq!(permits(&base([255, 255, 255, 255]), &name), Cover::Outside);
        assert_eq!(permits(&base([255, 0, 255, 0]), &name), Cover::Unclear);
        assert_eq!(text(&base([255, 255, 255, 0])), "192.0.2.0/24");
    }

    #[test]
    fn an_e_mail_constraint_is_a_mailbox_a_host_or_a_domain() {
        let mail = |text: &str| GeneralName::Email(text.as_bytes().to_vec());
        let name = mail("ann@mail.example.com");
        assert_eq!(permits(&mail("ann@mail.example.com"), &name), Cover::Inside);
        assert_eq!(permits(&mail("mail.example.com"), &name), Cover::Inside);
        assert_eq!(permits(&mail(".example.com"), &name), Cover::Inside);
        assert_eq!(permits(&mail("example.com"), &name), Cover::Outside);
        assert_eq!(
            permits(&mail("bob@mail.example.com"), &name),
            Cover::Outside
        );
    }
}
