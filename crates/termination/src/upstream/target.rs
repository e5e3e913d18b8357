use std::fmt;

use keyway_config::model::Mode;

use crate::site::SiteError;

/// What is spoken to an upstream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Scheme {
    /// HTTP/1.1 in plain text.
    Http,
    /// HTTP/1.1 or HTTP/2 over TLS, whichever it prefers.
    Https,
    /// HTTP/2 in plain text, known beforehand (RFC 9113, section 3.3).
    H2c,
    /// Bytes.
    Tcp,
}

/// Where an upstream is, and what is spoken to it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Target {
    pub(crate) scheme: Scheme,
    /// As it is written, without a path.
    written: Box<str>,
    /// Name or address, without brackets.
    pub(crate) host: Box<str>,
    pub(crate) port: u16,
}

impl Target {
    pub(crate) fn parse(text: &str, mode: Mode) -> Result<Self, SiteError> {
        let refused = || SiteError::Upstream(text.to_owned());
        let (scheme, rest, port) = match (mode, text.split_once("://")) {
            (Mode::Tcp, None) => (Scheme::Tcp, text, None),
            (Mode::Http, Some((scheme, rest))) => match scheme.to_ascii_lowercase().as_str() {
                "http" => (Scheme::Http, rest, Some(80)),
                "h2c" => (Scheme::H2c, rest, Some(80)),
                "https" => (Scheme::Https, rest, Some(443)),
                _ => return Err(refused()),
            },
            _ => return Err(refused()),
        };
        let authority = rest.split('/').next().unwrap_or_default();
        // Letters of other languages are looked up as A-labels (RFC 5891, section 4.4).
        let (name, behind) = match authority.rsplit_once(':') {
            Some((name, port)) if !name.ends_with(':') && !authority.ends_with(']') => {
                (name, format!(":{port}"))
            }
            _ => (authority, String::new()),
        };
        let plain = format!("{}{behind}", keyway_config::ascii_host(name));
        let parsed: http::uri::Authority = plain.parse().map_err(|_| refused())?;
        let host = parsed.host().trim_start_matches('[').trim_end_matches(']');
        let port = parsed.port_u16().or(port).ok_or_else(refused)?;
        if host.is_empty() || authority.contains('@') {
            return Err(refused());
        }
        Ok(Self {
            scheme,
            written: text[..text.len() - rest.len() + authority.len()].into(),
            host: host.into(),
            port,
        })
    }

    /// As it is written.
    pub(crate) fn text(&self) -> &str {
        &self.written
    }

    /// Whether TLS is spoken to it.
    pub(crate) fn is_tls(&self) -> bool {
        self.scheme == Scheme::Https
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_those_of_the_scheme_where_none_is_written() {
        let port = |text| Target::parse(text, Mode::Http).unwrap().port;
        assert_eq!(port("http://127.0.0.1"), 80);
        assert_eq!(port("https://a.example"), 443);
        assert_eq!(port("h2c://[::1]:5001"), 5001);
        assert_eq!(port("http://[::1]"), 80);
    }

    #[test]
    fn a_host_in_letters_of_another_language_is_its_a_label() {
        let target = Target::parse("https://bücher.example:8443", Mode::Http).unwrap();
        assert_eq!(&*target.host, "xn--bcher-kva.example");
        assert_eq!(target.port, 8443);
        let target = Target::parse("bücher.example:5432", Mode::Tcp).unwrap();
        assert_eq!(&*target.host, "xn--bcher-kva.example");
    }

    #[test]
    fn what_the_mode_does_not_speak_is_refused() {
        assert!(Target::parse("ftp://a", Mode::Http).is_err());
        assert!(Target::parse("127.0.0.1:80", Mode::Http).is_err());
        assert!(Target::parse("http://127.0.0.1:80", Mode::Tcp).is_err());
        assert!(Target::parse("127.0.0.1", Mode::Tcp).is_err());
        assert!(Target::parse("http://user@a", Mode::Http).is_err());
    }
}
