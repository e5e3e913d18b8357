//! What a certificate is asked for.

use std::fmt;
use std::net::IpAddr;

use keyway_chain::name::Host;

/// A name, a wildcard of one label, or an address (RFC 8555, section 7.1.3; RFC 8738).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Identifier {
    /// A DNS name in lower case and in ASCII (RFC 5890), without its last dot; it may begin with `*.`.
    Dns(String),
    /// An address.
    Ip(IpAddr),
}

/// Something is neither a name nor an address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{given:?} is neither a host name, nor *. and a host name, nor an address: {why}")]
pub struct IdentifierError {
    /// What was given.
    pub given: String,
    /// What is wrong with it.
    pub why: String,
}

impl Identifier {
    /// Reads what somebody typed.
    ///
    /// # Errors
    /// [`IdentifierError`] where it is no host.
    pub fn parse(given: &str) -> Result<Self, IdentifierError> {
        let refused = |why: String| IdentifierError {
            given: given.to_owned(),
            why,
        };
        let (wildcard, rest) = match given.strip_prefix("*.") {
            Some(rest) => ("*.", rest),
            None => ("", given),
        };
        match Host::parse(rest).map_err(|error| refused(error.to_string()))? {
            Host::Name(name) => Ok(Self::Dns(format!("{wildcard}{}", name.ascii()))),
            Host::Ip(_) if !wildcard.is_empty() => {
                Err(refused("there are no wildcards of addresses".to_owned()))
            }
            Host::Ip(address) => Ok(Self::Ip(address)),
            Host::Literal(_) => Err(refused("no DNS name is written like that".to_owned())),
        }
    }

    /// Where a CA looks for a TXT record of it (RFC 8555, section 8.4). `None` for an address.
    pub fn txt_name(&self) -> Option<String> {
        match self {
            Self::Dns(name) => {
                let base = name.strip_prefix("*.").unwrap_or(name);
                Some(format!("_acme-challenge.{base}"))
            }
            Self::Ip(_) => None,
        }
    }

    /// A host that it is about: itself, or for a wildcard a name that it covers.
    pub fn sample(&self) -> String {
        match self {
            Self::Dns(name) => match name.strip_prefix("*.") {
                Some(rest) => format!("any.{rest}"),
                None => name.clone(),
            },
            Self::Ip(address) => address.to_string(),
        }
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dns(name) => f.write_str(name),
            Self::Ip(address) => address.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(given: &str) -> Result<String, String> {
        let read = Identifier::parse(given);
        read.map(|it| it.to_string()).map_err(|it| it.to_string())
    }

    #[test]
    fn names_wildcards_and_addresses_are_asked_for() {
        assert_eq!(read("WWW.Example.Test."), Ok("www.example.test".to_owned()));
        assert_eq!(read("*.app.localhost"), Ok("*.app.localhost".to_owned()));
        assert_eq!(read("bücher.test"), Ok("xn--bcher-kva.test".to_owned()));
        assert_eq!(read("::1"), Ok("::1".to_owned()));
        assert_eq!(read("127.0.0.1"), Ok("127.0.0.1".to_owned()));
    }

    #[test]
    fn what_is_no_host_is_refused_with_what_was_given() {
        for given in [
            "",
            "*",
            "*.*.test",
            "a..test",
            "*.127.0.0.1",
            "https://a.test",
            "a b",
        ] {
            let told = read(given).unwrap_err();
            assert!(told.contains(&format!("{given:?}")), "{told}");
        }
    }
}
