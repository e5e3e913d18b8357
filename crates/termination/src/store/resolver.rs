use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use keyway_report::Timestamp;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::time_provider::TimeProvider;

use super::{Asked, CertificateStore};

/// Looks up what rustls asks for.
#[derive(Debug)]
pub(crate) struct Resolver {
    store: Arc<CertificateStore>,
    /// The address that clients came to who give no name.
    address: Option<IpAddr>,
    clock: Arc<dyn TimeProvider>,
}

impl Resolver {
    pub(crate) fn new(
        store: Arc<CertificateStore>,
        address: Option<IpAddr>,
        clock: Arc<dyn TimeProvider>,
    ) -> Self {
        Self {
            store,
            address,
            clock,
        }
    }

    /// Where nobody knows what time it is, everything is over.
    fn now(&self) -> Timestamp {
        let seconds = self.clock.current_time().map(|now| now.as_secs());
        let seconds = seconds.and_then(|seconds| i64::try_from(seconds).ok());
        Timestamp::from_seconds(seconds.unwrap_or(i64::MAX))
    }
}

impl ResolvesServerCert for Resolver {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let asked = match hello.server_name() {
            Some(name) => Asked::Name(name),
            // Nobody is at this address but whoever is there for all that nobody has.
            None => Asked::Address(self.address.unwrap_or(Ipv4Addr::UNSPECIFIED.into())),
        };
        self.store
            .pick(asked, hello.signature_schemes(), self.now())
    }
}
