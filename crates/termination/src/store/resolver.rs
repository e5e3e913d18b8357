use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use super::{Asked, CertificateStore};

/// Looks up what rustls asks for.
#[derive(Debug)]
pub(crate) struct Resolver {
    store: Arc<CertificateStore>,
    /// The address that clients came to who give no name.
    address: Option<IpAddr>,
}

impl Resolver {
    pub(crate) fn new(store: Arc<CertificateStore>, address: Option<IpAddr>) -> Self {
        Self { store, address }
    }
}

impl ResolvesServerCert for Resolver {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let asked = match hello.server_name() {
            Some(name) => Asked::Name(name),
            // Nobody is at this address but whoever is there for all that nobody has.
            None => Asked::Address(self.address.unwrap_or(Ipv4Addr::UNSPECIFIED.into())),
        };
        self.store.pick(asked, hello.signature_schemes())
    }
}
