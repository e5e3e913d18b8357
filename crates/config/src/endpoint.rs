use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

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
    /// `None` when there is neither in it.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Ok(address) = text.parse() {
            return Some(Self::Address(address));
        }
        let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let authority = authority.rsplit('@').next().unwrap_or_default();
        if let Some(inside) = authority.strip_prefix('[') {
            let (address, _) = inside.split_once(']')?;
            let address: Ipv6Addr = address.parse().ok()?;
            return Some(Self::Address(address.into()));
        }
        let host = match authority.split_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            Some(_) => return None,
            None => authority,
        };
        if let Ok(address) = host.parse() {
            return Some(Self::Address(address));
        }
        let host = hostname::ascii(host);
        hostname::is_name(&host).then(|| Self::Name(host.to_ascii_lowercase()))
    }

    /// The port that clients of TLS come to, where the text says one: that of an `http://` URL is for others.
    pub fn port(text: &str) -> Option<u16> {
        let text = text.trim();
        // An IPv6 address without brackets has colons, and no port.
        if text.parse::<IpAddr>().is_ok() {
            return None;
        }
        let (scheme, rest) = text.split_once("://").unwrap_or(("", text));
        if scheme.eq_ignore_ascii_case("http") {
            return None;
        }
        let authority = rest.split(['/', '?', '#']).next()?;
        authority.rsplit_once(':')?.1.parse().ok()
    }
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
            ("www.example.com:99999", None),
        ] {
            assert_eq!(Endpoint::port(text), port, "{text}");
        }
    }
}
