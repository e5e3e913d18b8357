use std::collections::HashMap;
use std::net::IpAddr;

use super::{Entry, Named, Shown};

/// How a client asks for a certificate.
#[derive(Debug, Clone, Copy)]
pub enum Asked<'a> {
    /// By a name (RFC 6066, section 3).
    Name(&'a str),
    /// By none; this is the address that it came to.
    Address(IpAddr),
}

pub(super) type Keys = Vec<Shown>;

/// Certificates as they stand between two swaps.
#[derive(Debug)]
pub(super) struct Shelf {
    exact: HashMap<Box<str>, Keys>,
    wildcard: HashMap<Box<str>, Keys>,
    address: HashMap<IpAddr, Keys>,
    /// The certificate that was given first, and others for the same hosts.
    first: Option<Keys>,
}

impl Shelf {
    pub(super) fn of(entries: &[Entry]) -> Self {
        let mut shelf = Self {
            exact: HashMap::new(),
            wildcard: HashMap::new(),
            address: HashMap::new(),
            first: None,
        };
        let (others, rsa): (Vec<&Entry>, Vec<&Entry>) =
            entries.iter().partition(|entry| !entry.is_rsa());
        for entry in others.into_iter().chain(rsa) {
            for host in &entry.hosts {
                let keys = match host {
                    Named::Exact(name) => shelf.exact.entry(name.clone()).or_default(),
                    Named::Wildcard(base) => shelf.wildcard.entry(base.clone()).or_default(),
                    Named::Address(address) => shelf.address.entry(*address).or_default(),
                };
                keys.push(entry.shown.clone());
            }
        }
        let first = entries.first().and_then(|entry| entry.hosts.first());
        shelf.first = first.and_then(|host| shelf.keys(host).cloned());
        shelf
    }

    fn keys(&self, host: &Named) -> Option<&Keys> {
        match host {
            Named::Exact(name) => self.exact.get(name),
            Named::Wildcard(base) => self.wildcard.get(base),
            Named::Address(address) => self.address.get(address),
        }
    }

    /// The certificate that was given first.
    pub(super) fn first(&self) -> Option<&Keys> {
        self.first.as_ref()
    }

    /// The certificates of a name: its own, or else those of a wildcard that covers it, which is one label
    /// (RFC 9525, section 6.3).
    pub(super) fn find(&self, asked: Asked<'_>) -> Option<&Keys> {
        match asked {
            Asked::Address(address) => self.address.get(&address.to_canonical()),
            Asked::Name(name) if name.bytes().any(|byte| byte.is_ascii_uppercase()) => {
                self.by_name(&name.to_ascii_lowercase())
            }
            Asked::Name(name) => self.by_name(name),
        }
    }

    fn by_name(&self, name: &str) -> Option<&Keys> {
        let covering = || {
            let (label, base) = name.split_once('.')?;
            (!label.is_empty()).then(|| self.wildcard.get(base))?
        };
        self.exact.get(name).or_else(covering)
    }
}
