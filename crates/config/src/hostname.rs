//! The form of DNS names (RFC 1034 section 3.5, RFC 1123 section 2.1).

use std::borrow::Cow;
use std::net::IpAddr;

/// Bytes of a name without its trailing dot (RFC 1035 section 2.3.4: 255 on the wire).
const MAX_NAME: usize = 253;

/// Bytes of a name in letters of any language: four for each of the 253 that a name has (RFC 1035).
const MAX_LETTERS: usize = 4 * MAX_NAME;

/// Bytes of a label (RFC 1035 section 2.3.4).
pub(crate) const MAX_LABEL: usize = 63;

/// What is wrong with a label; `None` when nothing is.
pub(crate) fn label_fault(label: &str) -> Option<&'static str> {
    let bytes = label.as_bytes();
    let is_wrong = |byte: &u8| !byte.is_ascii_alphanumeric() && *byte != b'-';
    if bytes.is_empty() {
        Some("is empty")
    } else if bytes.iter().any(is_wrong) {
        Some("holds something else than letters, digits and hyphens")
    } else if bytes.first() == Some(&b'-') || bytes.last() == Some(&b'-') {
        Some("begins or ends with a hyphen")
    } else if bytes.len() > MAX_LABEL {
        Some("is longer than 63 characters")
    } else {
        None
    }
}

/// Whether a text is a DNS name in ASCII, of at least two labels.
pub(crate) fn is_name(text: &str) -> bool {
    let relative = text.strip_suffix('.').unwrap_or(text);
    relative.len() <= MAX_NAME
        && relative.contains('.')
        && relative.split('.').all(|label| label_fault(label).is_none())
        // Four numbers are an address gone wrong.
        && relative
            .rsplit('.')
            .next()
            .is_some_and(|last| !last.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether a host is letters, digits, hyphens, underscores and dots, or an address: nothing that any
/// language has another meaning for. A wildcard is not.
pub(crate) fn is_plain(host: &str) -> bool {
    let is_name = |host: &str| {
        host.len() <= MAX_NAME
            && host.split('.').all(|label| {
                !label.is_empty()
                    && !label.starts_with('-')
                    // `_` alone is any name to nginx.
                    && label != "_"
                    && label
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
            })
    };
    host.parse::<IpAddr>().is_ok() || is_name(host)
}

/// A host as the DNS and TLS know it: letters of other languages as A-labels (UTS #46, RFC 5890). What has no
/// such form stays as it is.
pub fn ascii(host: &str) -> Cow<'_, str> {
    let (star, name) = match host.strip_prefix("*.") {
        Some(name) => ("*.", name),
        None => ("", host),
    };
    if host.is_ascii() || name.len() > MAX_LETTERS {
        return host.into();
    }
    match idna::domain_to_ascii(name) {
        Ok(name) if is_plain(&name) => format!("{star}{name}").into(),
        _ => host.into(),
    }
}

/// A host as it is compared: in A-labels and lower case, without the root's dot.
pub(crate) fn plain(host: &str) -> String {
    ascii(host.trim_end_matches('.')).to_ascii_lowercase()
}

/// Whether a text is what a client can ask for: an address, or a name of one label or more, in letters of any
/// language, with a wildcard in front at most. Whether such a name can be looked up is not told. One that ends in a
/// number is an address gone wrong (URL Standard, "ends in a number").
#[must_use]
pub fn is_host(text: &str) -> bool {
    let name = text.strip_prefix("*.").unwrap_or(text);
    let name = name.strip_suffix('.').unwrap_or(name);
    let is_label = |label: &str| {
        let is_long = label.is_ascii() && label.len() > MAX_LABEL;
        let is_open = label.is_empty() || label.starts_with('-') || label.ends_with('-');
        let mut letters = label.chars();
        !is_long
            && !is_open
            && letters.all(|letter| letter.is_alphanumeric() || "-_".contains(letter))
    };
    let last = name.rsplit('.').next().unwrap_or_default();
    let is_name = name.len() <= MAX_NAME && name.split('.').all(is_label) && !is_number(last);
    text.parse::<IpAddr>().is_ok() || is_name
}

/// Whether a label is a number, decimal or hexadecimal.
fn is_number(label: &str) -> bool {
    let lower = label.to_ascii_lowercase();
    match lower.strip_prefix("0x") {
        Some(digits) => digits.bytes().all(|byte| byte.is_ascii_hexdigit()),
        None => lower.bytes().all(|byte| byte.is_ascii_digit()),
    }
}

/// The address that a host is, in any form that the system's resolver takes for one: of IPv4 one to four numbers,
/// decimal, octal or hexadecimal, the last of which fills what is left (POSIX.1-2024, `inet_addr`).
pub(crate) fn address(host: &str) -> Option<IpAddr> {
    if let Ok(address) = host.parse::<IpAddr>() {
        return Some(address.to_canonical());
    }
    let number = |text: &str| {
        let lower = text.to_ascii_lowercase();
        let (digits, radix) = match lower.strip_prefix("0x") {
            Some(digits) => (digits, 16),
            None if lower.starts_with('0') => (lower.as_str(), 8),
            None => (lower.as_str(), 10),
        };
        let are_digits = digits.bytes().all(|byte| byte.is_ascii_alphanumeric());
        u32::from_str_radix(digits, radix)
            .ok()
            .filter(|_| are_digits)
    };
    let numbers: Option<Vec<u32>> = host.split('.').take(5).map(number).collect();
    let numbers = numbers.filter(|numbers| numbers.len() <= 4)?;
    let (last, first) = numbers.split_last()?;
    let bits = 32 - 8 * u32::try_from(first.len()).ok()?;
    let is_good = first.iter().all(|number| *number < 256) && u64::from(*last) < 1 << bits;
    let mut whole = *last;
    for (index, number) in (0_u32..).zip(first) {
        whole |= number.checked_shl(24 - 8 * index)?;
    }
    is_good.then(|| IpAddr::V4(whole.into()))
}

/// The host, without brackets, and the port of a URL, or of a host and port.
pub(crate) fn host_and_port(text: &str) -> (&str, Option<u16>) {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let authority = authority.rsplit('@').next().unwrap_or_default();
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port.parse().ok()),
        _ => (authority, None),
    };
    (host.trim_start_matches('[').trim_end_matches(']'), port)
}

/// Whether a host is this machine for whoever asks for it: a loopback, any of its addresses, or a name for one
/// (RFC 6761, section 6.3).
pub(crate) fn is_this_machine(host: &str) -> bool {
    let name = plain(host);
    let is_own = name == "localhost" || name.ends_with(".localhost");
    is_own || address(host).is_some_and(|at| at.is_loopback() || at.is_unspecified())
}

/// The place of what stands before `@` in a URL, or in a host and port: a user, and often a password.
pub(crate) fn user(text: &str) -> Option<std::ops::Range<usize>> {
    let start = text.find("://").map_or(0, |at| at + "://".len());
    let rest = text.get(start..)?;
    let authority = rest.split(['/', '?', '#']).next()?;
    authority.rfind('@').map(|end| start..start + end)
}

/// A text without that.
pub(crate) fn without_user(text: &str) -> String {
    let mut text = text.to_owned();
    if let Some(user) = user(&text) {
        text.replace_range(user, "[redacted]");
    }
    text
}

/// Whether a text is a host, with a port behind it or, where it need not be, without.
pub(crate) fn is_authority(text: &str, needs_port: bool) -> bool {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (text, None),
    };
    let is_port = port.map_or(!needs_port, |port| {
        port.parse::<u16>().is_ok_and(|port| port != 0)
    });
    let inside = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    // A system looks up what clients do not ask for: `127.1` is an address to it.
    let is_named = |host: &str| {
        let is_one = !host.contains(':') && !host.starts_with("*.");
        is_one && (is_host(host) || address(host).is_some())
    };
    let is_good = match inside {
        Some(inside) => inside.parse::<std::net::Ipv6Addr>().is_ok(),
        None => is_named(host),
    };
    is_port && is_good
}

/// Whether a text is a domain name as a zone file writes it, without escapes and blanks (RFC 1035, section 5.1):
/// that of a zone or of a key, which may hold what no host's does.
pub(crate) fn is_domain(text: &str) -> bool {
    let relative = text.strip_suffix('.').unwrap_or(text);
    let is_good = |byte: &u8| byte.is_ascii_graphic() && !b"\"$();@\\".contains(byte);
    text == "."
        || relative.len() <= MAX_NAME
            && relative.split('.').all(|label| {
                (1..=MAX_LABEL).contains(&label.len()) && label.as_bytes().iter().all(is_good)
            })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_known_in_every_form_that_systems_take() {
        for (written, meant) in [
            ("127.1", Some("127.0.0.1")),
            ("0", Some("0.0.0.0")),
            ("2130706433", Some("127.0.0.1")),
            ("0x7f.0.1", Some("127.0.0.1")),
            ("0177.0.0.1", Some("127.0.0.1")),
            ("::ffff:127.0.0.1", Some("127.0.0.1")),
            ("1.2.3.4", Some("1.2.3.4")),
            ("256.1", None),
            ("1.2.3.256", None),
            ("1.2.3.4.5", None),
            ("4294967296", None),
            ("+1", None),
            ("0x", None),
            ("", None),
            ("a.example", None),
        ] {
            let meant = meant.map(|meant| meant.parse().unwrap());
            assert_eq!(address(written), meant, "{written}");
        }
    }
}
