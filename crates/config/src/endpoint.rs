use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU16;

use crate::hostname;

/// Where DNS has to point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Endpoint {
    /// An address: A or AAAA records.
    Address(IpAddr),
    /// A name: a CNAME record.
    Name(String),
}

impl Endpoint {
    /// From an address, a name (letters of other languages become A-labels), or a URL that holds one: `http://104.214.29.152:80/api/v1/score`. Port,
    /// path and user are passed over.
    ///
    /// `None` when there is neither in it, or a port that is none.
    pub fn parse(text: &str) -> Option<Self> {
        Place::read(text).map(|place| place.endpoint)
    }

    /// The port that clients of TLS come to, where the text says one: that of an `http://` URL is for others.
    pub fn port(text: &str) -> Option<u16> {
        let place = Place::read(text)?;
        place.port.filter(|_| !place.is_plain).map(NonZeroU16::get)
    }
}

/// What a text says of an endpoint.
struct Place {
    endpoint: Endpoint,
    port: Option<NonZeroU16>,
    /// Whether it is a URL of HTTP without TLS.
    is_plain: bool,
}

impl Place {
    fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        // An IPv6 address without brackets has colons, and no port.
        if let Ok(address) = text.parse() {
            return Some(Self {
                endpoint: Endpoint::Address(address),
                port: None,
                is_plain: false,
            });
        }
        let (scheme, rest) = text.split_once("://").unwrap_or(("", text));
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let authority = authority.rsplit('@').next().unwrap_or_default();
        let (endpoint, port) = if let Some(inside) = authority.strip_prefix('[') {
            let (address, after) = inside.split_once(']')?;
            let address: Ipv6Addr = address.parse().ok()?;
            let port = match after {
                "" => "",
                after => after.strip_prefix(':')?,
            };
            (Endpoint::Address(address.into()), port)
        } else {
            let (host, port) = authority.split_once(':').unwrap_or((authority, ""));
            (host_of(host)?, port)
        };
        Some(Self {
            endpoint,
            port: port_of(port)?,
            is_plain: scheme.eq_ignore_ascii_case("http"),
        })
    }
}

fn host_of(text: &str) -> Option<Endpoint> {
    if let Ok(address) = text.parse() {
        return Some(Endpoint::Address(address));
    }
    let host = hostname::ascii(text);
    hostname::is_name(&host).then(|| Endpoint::Name(host.to_ascii_lowercase()))
}

/// The port that digits say; `Some(None)` where there are none, as a URL may have it (RFC 3986, section 3.2.3).
#[expect(
    clippy::option_option,
    reason = "no port is one answer, and a port that is none another"
)]
fn port_of(digits: &str) -> Option<Option<NonZeroU16>> {
    if digits.is_empty() {
        return Some(None);
    }
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| is_number).map(Some)
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(address) => address.fmt(f),
            Self::Name(name) => name.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Endpoint;

    #[test]
    fn a_name_in_letters_of_another_language_is_that_of_the_dns() {
        let name = Some(Endpoint::Name("xn--bcher-kva.example".to_owned()));
        for text in ["http://B\u{fc}cher.example:80/score", "b\u{fc}cher.example"] {
            assert_eq!(Endpoint::parse(text), name, "{text}");
        }
    }

    #[test]
    fn a_port_is_told_where_clients_of_tls_come_to_it() {
        for (text, port) in [
            ("https://www.example.com:8443/score", Some(8443)),
            ("www.example.com:8443", Some(8443)),
            ("[2001:db8::1]:8443", Some(8443)),
            ("http://104.214.29.152:80/api", None),
            ("https://www.example.com/a:b", None),
            ("2001:db8::1", None),
            ("[2001:db8::1]", None),
            ("192.0.2.1", None),
            ("https://user:word@192.0.2.1:08443", Some(8443)),
            ("https://192.0.2.1:", None),
        ] {
            assert_eq!(Endpoint::port(text), port, "{text}");
        }
    }

    #[test]
    fn what_says_a_port_that_is_none_is_no_endpoint() {
        for text in [
            "www.example.com:99999",
            "https://192.0.2.1:65536",
            "https://192.0.2.1:0",
            "192.0.2.1:+8443",
            "https://[2001:db8::1]:99999",
            "[2001:db8::1]8443",
        ] {
            assert_eq!(Endpoint::parse(text), None, "{text}");
            assert_eq!(Endpoint::port(text), None, "{text}");
        }
        let address = "192.0.2.1".parse().map(Endpoint::Address).ok();
        assert_eq!(Endpoint::parse("https://192.0.2.1:65535/"), address);
    }
}
