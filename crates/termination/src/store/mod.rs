//! Certificates by the names that clients ask for.

mod resolver;
mod shelf;

use std::net::IpAddr;
use std::sync::Arc;

use arc_swap::ArcSwap;
use keyway_chain::Servable;
use keyway_report::Timestamp;
use rustls::crypto::aws_lc_rs::sign::any_supported_type;
use rustls::sign::CertifiedKey;
use rustls::{SignatureAlgorithm, SignatureScheme};

pub(crate) use resolver::Resolver;
pub use shelf::Asked;
use shelf::{Keys, Shelf};

/// A certificate with its key, as it is shown.
#[derive(Debug, Clone)]
struct Shown {
    key: Arc<CertifiedKey>,
    /// When what is stapled to it is over, and the same without it.
    over: Option<(Timestamp, Arc<CertifiedKey>)>,
}

impl Shown {
    /// As a client gets it at this moment.
    fn at(&self, now: Timestamp) -> &Arc<CertifiedKey> {
        let over = self.over.as_ref().filter(|(ends, _)| *ends < now);
        over.map_or(&self.key, |(_, bare)| bare)
    }
}

/// A certificate with its key, and the names that get it.
#[derive(Debug, Clone)]
pub struct Entry {
    hosts: Vec<Named>,
    shown: Shown,
}

/// A name as the store files it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Named {
    /// A name, in lower case.
    Exact(Box<str>),
    /// What stands behind `*.`, in lower case.
    Wildcard(Box<str>),
    /// An address: clients name none in their hello (RFC 6066, section 3), so it is the one that they came to.
    Address(IpAddr),
}

/// Why a certificate cannot be put into a store.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EntryError {
    /// Nobody would get it.
    #[error("no host is named for the certificate")]
    NoHost,
    /// A name that clients cannot ask for. It is not escaped.
    #[error("`{0}` is no host that a client can ask for")]
    NotAHost(String),
    /// The key is of a kind that nothing here signs with.
    #[error("the key cannot be signed with: {0}")]
    Key(rustls::Error),
}

impl Entry {
    /// A checked certificate for these hosts: names, `*.` and a name, or addresses.
    ///
    /// # Errors
    /// [`EntryError`]: no host, a host that is none, or a key that TLS has no signature for.
    pub fn new<'h>(
        hosts: impl IntoIterator<Item = &'h str>,
        servable: &Servable,
    ) -> Result<Self, EntryError> {
        let hosts: Result<Vec<Named>, EntryError> = hosts.into_iter().map(Named::parse).collect();
        let hosts = hosts?;
        if hosts.is_empty() {
            return Err(EntryError::NoHost);
        }
        let key = any_supported_type(servable.key()).map_err(EntryError::Key)?;
        let key = CertifiedKey::new(servable.chain().to_vec(), key);
        Ok(Self {
            hosts,
            shown: Shown {
                key: Arc::new(key),
                over: None,
            },
        })
    }

    /// With an OCSP response that is stapled (RFC 6066, section 8), in DER, as it is; after `ends`, which is its
    /// `nextUpdate`, it is stapled no more (RFC 6960, section 4.2.2.1).
    #[must_use]
    pub fn with_ocsp(mut self, response: Vec<u8>, ends: Option<Timestamp>) -> Self {
        let bare = Arc::clone(&self.shown.key);
        let mut key = (*bare).clone();
        key.ocsp = Some(response);
        self.shown = Shown {
            key: Arc::new(key),
            over: ends.map(|ends| (ends, bare)),
        };
        self
    }

    /// The addresses among its hosts.
    pub(crate) fn addresses(&self) -> impl Iterator<Item = IpAddr> {
        self.hosts.iter().filter_map(|host| match host {
            Named::Address(address) => Some(*address),
            Named::Exact(_) | Named::Wildcard(_) => None,
        })
    }

    /// All of its hosts, in lower case.
    pub(crate) fn host_names(&self) -> impl Iterator<Item = String> {
        self.hosts.iter().map(|host| match host {
            Named::Exact(name) => name.to_string(),
            Named::Wildcard(base) => format!("*.{base}"),
            Named::Address(address) => address.to_string(),
        })
    }

    fn is_rsa(&self) -> bool {
        self.shown.key.key.algorithm() == SignatureAlgorithm::RSA
    }
}

impl Named {
    fn parse(host: &str) -> Result<Self, EntryError> {
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        if let Ok(address) = bare.parse::<IpAddr>() {
            return Ok(Self::Address(address.to_canonical()));
        }
        if !keyway_config::is_host(host) {
            return Err(EntryError::NotAHost(host.to_owned()));
        }
        // Clients ask in A-labels (RFC 6066, section 3).
        let host = keyway_config::ascii_host(host.trim_end_matches('.'));
        let host = host.to_ascii_lowercase();
        Ok(match host.strip_prefix("*.") {
            Some(rest) => Self::Wildcard(rest.into()),
            None => Self::Exact(host.into()),
        })
    }
}

/// Certificates by name. Whoever reads does not wait, and sees all of one swap or nothing of it.
#[derive(Debug)]
pub struct CertificateStore {
    shelf: ArcSwap<Shelf>,
    /// Whether whoever asks for a name that nobody has gets the first.
    has_default: bool,
}

impl CertificateStore {
    /// A store with these.
    pub fn new(entries: &[Entry]) -> Self {
        Self {
            shelf: ArcSwap::from_pointee(Shelf::of(entries)),
            has_default: false,
        }
    }

    /// The same, and whoever asks for a name that nobody here has, or for none, gets the certificate that is given
    /// first. Without this they get none.
    #[must_use]
    pub fn with_default(mut self) -> Self {
        self.has_default = true;
        self
    }

    fn find<'s>(&self, shelf: &'s Shelf, asked: Asked<'_>) -> Option<&'s Keys> {
        let default = || self.has_default.then(|| shelf.first())?;
        shelf.find(asked).or_else(default)
    }

    /// Puts these in the place of all that there are. Connections keep what they were shown.
    pub fn swap(&self, entries: &[Entry]) {
        self.shelf.store(Arc::new(Shelf::of(entries)));
    }

    /// Whether anybody who asks so is answered.
    pub fn holds(&self, asked: Asked<'_>) -> bool {
        self.find(&self.shelf.load(), asked).is_some()
    }

    /// What a client gets who asks so at this moment and verifies signatures of these schemes: keys that are no RSA keys
    /// come first, as they cost less to sign with. Who verifies none of them gets the first, so that the handshake
    /// fails for what is wrong (`handshake_failure`, RFC 8446, section 4.4.2.2). `None`: nobody may show a stranger's
    /// certificate.
    pub fn pick(
        &self,
        asked: Asked<'_>,
        schemes: &[SignatureScheme],
        now: Timestamp,
    ) -> Option<Arc<CertifiedKey>> {
        let shelf = self.shelf.load();
        let keys = self.find(&shelf, asked)?;
        let mut fitting = keys.iter();
        let fitting = fitting.find(|shown| shown.key.key.choose_scheme(schemes).is_some());
        let shown = fitting.or_else(|| keys.first())?;
        Some(Arc::clone(shown.at(now)))
    }
}
