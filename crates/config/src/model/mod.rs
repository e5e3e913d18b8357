//! The service: what is behind TLS, under which name, with which certificate.

mod acme;
mod behind;
mod client;
mod dns;
mod limit;
mod listed;
mod material;
mod parts;
mod protocol;
mod secret;
mod service;
mod tls;

pub use acme::{Acme, AcmeChallenge, ExternalAccount};
pub use behind::{Balance, Health, ProxyProtocol, ProxyVersion};
pub use client::{ClientAuthentication, ClientMode};
pub(crate) use dns::TSIG_ALGORITHMS;
pub use dns::{Dns, Tsig};
pub use limit::{Limits, Timeouts};
pub use listed::Listed;
pub use material::Material;
pub use protocol::{Guideline, MOZILLA_GUIDELINES, Protocol, ProtocolVersion};
pub use secret::Secret;
pub(crate) use service::ISSUERS;
pub use service::{Mode, Service, web_protocols};
pub use tls::{Hsts, OwnCertificate, Status, Tls};

/// Whether a value is the default one, and needs no line in the file.
/// What stands for a secret wherever a service is shown.
const REDACTED: &str = "[redacted]";

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
