//! Where somebody wants to look: a host and a port, and the addresses of that.

use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs as _};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use keyway_chain::name::{Host, HostError, NameFault};

use crate::arguments::{ConnectArguments, Starttls};
use crate::failure::Failure;
use crate::intent::host::host;

/// Most addresses that are looked at. Services with more than a few leave it to whoever answers which are told.
const MAX_ADDRESSES: usize = 32;

/// The port of https (RFC 9110, section 4.2.2).
const PORT: u16 = 443;

/// Why nothing can be looked at.
#[derive(Debug)]
pub(crate) enum TargetFault {
    /// An address of IPv6 without brackets: which colon would be the port's cannot be told.
    Bare(String),
    /// No number of a port.
    Port(String),
    /// A URL and the like.
    Host {
        /// The option.
        option: &'static str,
        /// The text as it was given.
        given: String,
        /// Why it is no host.
        source: HostError,
    },
    /// Text that is no name of a host.
    NotAHost {
        /// The option.
        option: &'static str,
        /// The text as it was given.
        given: String,
        /// Why.
        fault: NameFault,
    },
    /// An address where the name to ask for is wanted.
    SniAddress(String),
    /// The system says that it knows no address.
    Unknown {
        /// The name.
        host: String,
        /// What it says.
        source: io::Error,
    },
    /// It knows the name, and no address.
    NoAddress(String),
    /// It takes longer than this.
    Late {
        /// The name.
        host: String,
        /// The limit.
        limit: Duration,
    },
    /// This machine cannot get to any of the addresses.
    OutOfReach {
        /// The host and the port.
        target: String,
        /// What the system says.
        why: String,
    },
    /// A key, and no file with its certificate.
    KeyAlone,
    /// An option that gives what a service file says itself.
    BesideService(&'static str),
}

/// A host and a port.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// The host.
    pub(crate) host: Host,
    /// The port.
    pub(crate) port: u16,
    /// The name to ask for, or the address to which no name belongs.
    pub(crate) asked: String,
}

/// The addresses of a target.
pub(crate) struct Resolved {
    /// Those that may be looked at, each once, in the order in which the system wants them tried.
    pub(crate) addresses: Vec<SocketAddr>,
    /// How many more there are.
    pub(crate) beyond: usize,
}

impl Target {
    /// Reads what was typed.
    pub(crate) fn read(given: &str, arguments: &ConnectArguments) -> Result<Self, Failure> {
        let default = arguments.starttls.map_or(PORT, Starttls::port);
        let (name, port) = split(given.trim())?;
        let port = match port {
            None => default,
            Some(port) => number(port).ok_or_else(|| TargetFault::Port(given.to_owned()))?,
        };
        let host = named("--connect", name)?;
        let asked = match &arguments.sni {
            None => host.to_string(),
            Some(name) => sni(name)?,
        };
        Ok(Self { host, port, asked })
    }

    /// Asks the system for the addresses, for no longer than `limit`.
    pub(crate) fn resolve(&self, limit: Duration) -> Result<Resolved, Failure> {
        let (host, port) = (self.host.to_string(), self.port);
        let found = match self.host.address() {
            Some(address) => vec![SocketAddr::new(address, port)],
            None => look_up(&host, port, limit)?,
        };
        let mut addresses: Vec<SocketAddr> = Vec::new();
        for address in found {
            if !addresses.contains(&address) {
                addresses.push(address);
            }
        }
        if addresses.is_empty() {
            return Err(TargetFault::NoAddress(host).into());
        }
        let beyond = addresses.len().saturating_sub(MAX_ADDRESSES);
        addresses.truncate(MAX_ADDRESSES);
        Ok(Resolved { addresses, beyond })
    }

    /// `HOST:PORT`, with the brackets of IPv6.
    pub(crate) fn text(&self) -> String {
        match self.host.address() {
            Some(address) => SocketAddr::new(address, self.port).to_string(),
            None => format!("{}:{}", self.host, self.port),
        }
    }

    /// The name that the server is asked for; none where it is asked for none (RFC 6066, section 3).
    pub(crate) fn name(&self) -> Option<&str> {
        let is_address = self.asked.parse::<IpAddr>().is_ok();
        Some(self.asked.as_str()).filter(|_| !is_address)
    }
}

/// A host that a client connects to. A mistake is told of the option that it was made with.
fn named(option: &'static str, given: &str) -> Result<Host, Failure> {
    host(given).map_err(|failure| match failure {
        Failure::Host { given, source } => TargetFault::Host {
            option,
            given,
            source,
        }
        .into(),
        Failure::NotAHost { given, fault } => TargetFault::NotAHost {
            option,
            given,
            fault,
        }
        .into(),
        other => other,
    })
}

/// The host, and the port where there is one. What is no host is refused later.
fn split(given: &str) -> Result<(&str, Option<&str>), TargetFault> {
    if let Some(rest) = given.strip_prefix('[') {
        return match rest.split_once(']') {
            Some((address, "")) => Ok((address, None)),
            Some((address, rest)) => Ok((address, rest.strip_prefix(':').or(Some(rest)))),
            None => Ok((given, None)),
        };
    }
    match given.rsplit_once(':') {
        // A URL, which is told as one.
        _ if given.contains("://") => Ok((given, None)),
        Some((name, _)) if name.contains(':') => Err(TargetFault::Bare(given.to_owned())),
        Some((name, port)) => Ok((name, Some(port))),
        None => Ok((given, None)),
    }
}

/// Digits alone: a sign is no part of a port.
fn number(text: &str) -> Option<u16> {
    let is_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|port| is_digits && *port > 0)
}

fn sni(given: &str) -> Result<String, Failure> {
    let host = named("--sni", given)?;
    if host.address().is_some() {
        return Err(TargetFault::SniAddress(given.to_owned()).into());
    }
    Ok(host.to_string())
}

/// The system's resolver has limits of its own, and no way to be stopped: a thread waits for it, and is left where
/// it takes too long.
fn look_up(host: &str, port: u16, limit: Duration) -> Result<Vec<SocketAddr>, TargetFault> {
    let (told, hears) = mpsc::channel();
    let asked = host.to_owned();
    let started = thread::Builder::new().spawn(move || {
        let found = (asked.as_str(), port).to_socket_addrs();
        // Nobody hears it where it was waited for long enough.
        let _ = told.send(found.map(Iterator::collect));
    });
    let unknown = |source| TargetFault::Unknown {
        host: host.to_owned(),
        source,
    };
    started.map_err(unknown)?;
    match hears.recv_timeout(limit) {
        Ok(found) => found.map_err(unknown),
        Err(_) => Err(TargetFault::Late {
            host: host.to_owned(),
            limit,
        }),
    }
}

impl From<TargetFault> for Failure {
    fn from(fault: TargetFault) -> Self {
        Self::Target(fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(given: &str) -> Option<(String, u16)> {
        let (name, port) = split(given).ok()?;
        let port = port.map_or(Some(PORT), number)?;
        Some((name.to_owned(), port))
    }

    #[test]
    fn a_port_is_what_stands_behind_the_last_colon_or_behind_the_bracket() {
        for (given, name, port) in [
            ("www.example.com", "www.example.com", 443),
            ("www.example.com:8443", "www.example.com", 8443),
            ("192.0.2.1:25", "192.0.2.1", 25),
            ("[2001:db8::1]", "2001:db8::1", 443),
            ("[::1]:65535", "::1", 65535),
        ] {
            assert_eq!(read(given), Some((name.to_owned(), port)), "{given}");
        }
        for given in [
            "::1",
            "2001:db8::1:443",
            "a:0",
            "a:65536",
            "a:+1",
            "a:",
            "[::1]x",
        ] {
            assert_eq!(read(given), None, "{given}");
        }
    }
}
