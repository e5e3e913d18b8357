//! How a common name stands to the names of subjectAltName (BR 7.1.4.3).

use std::net::IpAddr;

use keyway_report::escape;

use crate::check::Subject;
use crate::name::{internal, ip_san, reserved_range};
use crate::x509::{Certificate, GeneralName};

/// Where a common name stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// It is one of the names, character for character.
    Listed,
    /// It is the domain above one of them.
    Above,
    /// It is another name, or one of them written differently.
    Stray,
    /// The rule is not meant for this certificate.
    NotJudged,
}

/// The first common name of a server certificate that stands so, escaped.
pub(super) fn first(subject: &Subject<'_>, standing: Standing) -> Option<String> {
    let certificate = subject.certificate;
    let names = certificate.subject.common_names().iter();
    let mut names = names.filter(|_| subject.is_server_leaf());
    let found = names.find(|name| self::standing(certificate, name) == standing)?;
    Some(escape::text(found))
}

/// Judges one common name. Without subjectAltName there is nothing to compare it with.
fn standing(certificate: &Certificate, common_name: &str) -> Standing {
    let names = certificate.alt_names();
    if names.is_empty() {
        Standing::NotJudged
    } else if names.iter().any(|name| is_written(name, common_name)) {
        Standing::Listed
    } else if names.iter().any(|name| is_respelt(name, common_name)) {
        Standing::Stray
    } else if names.iter().any(is_internal) {
        // BR 4.2.2: no public CA issues for such names, so its rules do not bind here.
        Standing::NotJudged
    } else if names.iter().any(|name| is_below(name, common_name)) {
        Standing::Above
    } else {
        Standing::Stray
    }
}

/// Compared as texts: an address counts in its canonical form only.
fn is_written(name: &GeneralName, common_name: &str) -> bool {
    match name {
        GeneralName::Dns(raw) => raw == common_name.as_bytes(),
        GeneralName::Ip(raw) => ip_san(raw).is_ok_and(|ip| ip.to_string() == common_name),
        _ => false,
    }
}

/// The same name in other letters, or the same address in another spelling.
fn is_respelt(name: &GeneralName, common_name: &str) -> bool {
    match name {
        GeneralName::Dns(raw) => raw.eq_ignore_ascii_case(common_name.as_bytes()),
        GeneralName::Ip(raw) => ip_san(raw).is_ok_and(|ip| spells(common_name, ip)),
        _ => false,
    }
}

/// Whether a text is some spelling of an address: IPv6 not shortened, IPv4 with leading zeros, in
/// hexadecimal or as one number, as C's `inet_aton` reads them.
fn spells(text: &str, ip: IpAddr) -> bool {
    match ip {
        IpAddr::V6(_) => text.parse() == Ok(ip),
        IpAddr::V4(v4) => loose_ipv4(text, 10)
            .into_iter()
            .chain(loose_ipv4(text, 8))
            .any(|bits| bits == u32::from(v4)),
    }
}

/// One to four numbers, the last of which fills what is left; a leading zero means `zero_radix`.
fn loose_ipv4(text: &str, zero_radix: u32) -> Option<u32> {
    let parts: Vec<u32> = text
        .splitn(5, '.')
        .map(|part| number(part, zero_radix))
        .collect::<Option<_>>()?;
    let (&last, front) = parts.split_last()?;
    if front.len() > 3 {
        return None;
    }
    let room = 32 - 8 * u32::try_from(front.len()).ok()?;
    let fits = front.iter().all(|&part| part < 256) && u64::from(last) < 1 << room;
    let high = front
        .iter()
        .fold(0_u64, |bits, &part| bits << 8 | u64::from(part));
    let bits = high << room | u64::from(last);
    fits.then(|| u32::try_from(bits).ok()).flatten()
}

fn number(part: &str, zero_radix: u32) -> Option<u32> {
    let hexadecimal = part.strip_prefix("0x").or_else(|| part.strip_prefix("0X"));
    let (digits, radix) = match hexadecimal {
        Some(digits) => (digits, 16),
        None if part.starts_with('0') && part.len() > 1 => (part, zero_radix),
        None => (part, 10),
    };
    // from_str_radix would take a sign.
    let is_plain = digits.chars().all(|digit| digit.is_digit(radix));
    is_plain
        .then(|| u32::from_str_radix(digits, radix).ok())
        .flatten()
}

fn is_internal(name: &GeneralName) -> bool {
    match name {
        GeneralName::Dns(raw) => {
            std::str::from_utf8(raw).is_ok_and(|text| internal(text).is_some())
        }
        GeneralName::Ip(raw) => ip_san(raw).is_ok_and(|ip| reserved_range(ip).is_some()),
        _ => false,
    }
}

fn is_below(name: &GeneralName, common_name: &str) -> bool {
    let GeneralName::Dns(raw) = name else {
        return false;
    };
    let (raw, above) = (raw.to_ascii_lowercase(), common_name.to_ascii_lowercase());
    raw.strip_suffix(above.as_bytes())
        .is_some_and(|front| front.ends_with(b"."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_recognised_in_every_spelling() {
        let ip: IpAddr = "192.168.1.1".parse().unwrap();
        for text in [
            "0xC0A80101",
            "192.168.001.001",
            "0300.0250.1.1",
            "192.168.257",
            "3232235777",
        ] {
            assert!(spells(text, ip), "{text}");
        }
        for text in [
            "192.168.1",
            "192.168.1.1.0",
            "+192.168.1.1",
            "",
            "1.2.3.4",
            "4294967296",
            "0x",
        ] {
            assert!(!spells(text, ip), "{text}");
        }
        let six = "2001:db8::1:0:0:1".parse().unwrap();
        assert!(spells("2001:db8:0:0:1:0:0:1", six));
        assert!(!spells("2001:db8::1", six));
    }
}
