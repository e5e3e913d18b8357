//! Names that are good names, and were hardly meant.

use std::net::Ipv6Addr;

use crate::name;
use crate::rdata::Type;

/// Whether a host's name has bytes beyond ASCII. What stands at or below names with an underscore is for those who look
/// for services, and may be called as people call it (RFC 6763, section 4.1.1).
pub(super) fn is_beyond_ascii(name: &[u8]) -> bool {
    // Lengths are below 128, too.
    !name.is_ascii() && !name::labels(name).any(|label| label.starts_with(b"_"))
}

/// Whether a name is an address, and nothing else or the zone's name behind it.
pub(super) fn is_address(name: &[u8], zone: &[u8]) -> bool {
    let is_part =
        |label: &[u8]| std::str::from_utf8(label).is_ok_and(|it| it.parse::<u8>().is_ok());
    let mut labels = name::labels(name);
    let Some(first) = labels.next() else {
        return false;
    };
    let is_six = std::str::from_utf8(first).is_ok_and(|it| it.parse::<Ipv6Addr>().is_ok());
    let is_four = is_part(first) && labels.by_ref().take(3).filter(|it| is_part(it)).count() == 3;
    let above = if is_six { 1 } else { 4 };
    let mut rest = Some(name);
    for _ in 0..above {
        rest = rest.and_then(name::parent);
    }
    (is_six || is_four) && rest.is_some_and(|rest| rest == [0] || rest == zone)
}

/// Whether a name is one that a host may have (RFC 952; RFC 1123, section 2.1): labels of letters, digits and hyphens, none
/// of these at an end. BIND's check-names asks for it, of owners with a wildcard's star in front, too.
pub(super) fn is_host(name: &[u8], may_be_wildcard: bool) -> bool {
    let mut labels = name::labels(name).peekable();
    labels.next_if(|label| may_be_wildcard && *label == b"*");
    labels.all(|label| {
        let is_end = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
        let is_inner = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
        is_end(label.first()) && is_end(label.last()) && label.iter().all(is_inner)
    })
}

/// Whether a name has addresses and is no host's by custom, as BIND 9.18 has it: where mail servers look for who may send
/// (RFC 7208, section 5.7), and where those of Active Directory are.
pub(super) fn is_excepted(name: &[u8], kind: Type) -> bool {
    let senders: [&[u8]; 3] = [b"_spf", b"_spf_verify", b"_spf_rate"];
    let is_for_mail = kind == Type::A && name::labels(name).any(|label| senders.contains(&label));
    is_for_mail || name::labels(name).take(2).eq([&b"gc"[..], b"_msdcs"])
}

#[cfg(test)]
mod tests {
    use super::{is_address, is_beyond_ascii, is_host};
    use crate::name::Name;

    fn wire(text: &str) -> Vec<u8> {
        Name::read(text)
            .map(|name| name.wire().to_vec())
            .unwrap_or_default()
    }

    #[test]
    fn addresses_are_told_from_names_that_begin_with_numbers() {
        let zone = wire("example.com");
        for (text, expected) in [
            ("1.2.3.4", true),
            ("1.2.3.4.example.com", true),
            ("2001:db8::1.example.com", true),
            ("1.2.3", false),
            ("1.2.3.256", false),
            ("1.2.3.4.example.net", false),
            ("4.3.2.1.in-addr.arpa", false),
            ("1.2.3.4.www.example.com", false),
            ("www.example.com", false),
        ] {
            assert_eq!(is_address(&wire(text), &zone), expected, "{text}");
        }
    }

    #[test]
    fn names_of_services_may_be_as_people_write_them() {
        for (text, expected) in [
            ("b\\195\\188cher.example.com", true),
            ("xn--bcher-kva.example.com", false),
            ("B\\195\\188ro._ipp._tcp.example.com", false),
        ] {
            assert_eq!(is_beyond_ascii(&wire(text)), expected, "{text}");
        }
    }

    #[test]
    fn hosts_have_names_of_letters_digits_and_hyphens() {
        for (text, owner, named) in [
            ("a-1.example.com", true, true),
            ("1.example.com", true, true),
            (".", true, true),
            ("*.example.com", true, false),
            ("a.*.example.com", false, false),
            ("a_b.example.com", false, false),
            ("-a.example.com", false, false),
            ("a-.example.com", false, false),
            ("::1.example.com", false, false),
            ("a\\.b.example.com", false, false),
        ] {
            let name = wire(text);
            assert_eq!(
                (is_host(&name, true), is_host(&name, false)),
                (owner, named),
                "{text}"
            );
        }
    }
}
