//! Keys that the DNS pins (DANE, RFC 6698): where a TLSA record is of the key that is served, a renewal keeps it, as who
//! checks such records would refuse another one (RFC 7671, section 8.1).

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use aws_lc_rs::digest::{Algorithm, SHA256, SHA512, digest};
use keyway_chain::x509::Certificate;
use keyway_dns::name::Name;
use keyway_dns::rdata::Type;
use keyway_issue::Identifier;
use keyway_termination::{Listener, Role};

use super::managed::Managed;
use super::preflight::{MOST_NAMES, asking, records};
use crate::failure::Failure;
use crate::intent::in_order;
use crate::intent::service::ServiceFile;

/// What clients come to by a name, wherever a service listens behind a router.
const HTTPS: u16 = 443;

/// What TLSA records say of a certificate, with the name that they are at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Pins {
    /// One is of its key.
    Key(String),
    /// One is of the certificate itself, and none of its key.
    Certificate(String),
    /// Nobody says, and why.
    Unknown(String, String),
}

impl Pins {
    /// Whether the key is to stay.
    pub(crate) fn keep_key(&self) -> bool {
        !matches!(self, Self::Certificate(_))
    }
}

/// Looks for records of a certificate at the hosts that it is for; `None` where there are none.
pub(super) async fn pins(
    file: &ServiceFile,
    managed: &Managed,
    certificate: &Certificate,
) -> Result<Option<Pins>, Failure> {
    let listeners = Listener::all_of(&file.draft.service)?.into_iter();
    let services = listeners.filter(|listener| listener.role == Role::Service);
    let ports = services.map(|listener| listener.address.port());
    let ports: BTreeSet<u16> = ports.chain([HTTPS]).collect();
    let resolver = asking(file)?.resolver;
    let names = managed.hosts.iter().take(MOST_NAMES).filter_map(|host| {
        match host {
            // Below a wildcard are names that nobody knows.
            Identifier::Dns(host) if !host.starts_with("*.") => Some(host),
            _ => None,
        }
    });
    let names = names.flat_map(|host| ports.iter().map(move |port| format!("_{port}._tcp.{host}")));
    let read = names.filter_map(|name| Some((Name::read(&name).ok()?, name)));
    let looks = read.map(|(read, name)| {
        let resolver = resolver.clone();
        async move { (name, records(&resolver, read, Type::TLSA).await) }
    });
    let (mut whole, mut key) = (None, None);
    in_order(looks, |(name, found)| {
        match found {
            Ok(records) if records.iter().any(|data| is_of_key(data, certificate)) => {
                key = Some(Pins::Key(name));
            }
            Ok(records) if records.iter().any(|data| is_of_all(data, certificate)) => {
                whole.get_or_insert(Pins::Certificate(name));
            }
            Ok(_) => {}
            Err(error) => key = Some(Pins::Unknown(name, error.to_string())),
        }
        match key {
            Some(_) => ControlFlow::Break(()),
            None => ControlFlow::Continue(()),
        }
    })
    .await;
    Ok(key.or(whole))
}

/// What a record is about, and whether it says that of something (RFC 6698, section 2.1.3).
fn is_of(matching: u8, data: &[u8], whole: &[u8]) -> bool {
    let is_digest = |algorithm: &'static Algorithm| digest(algorithm, whole).as_ref() == data;
    match matching {
        0 => data == whole,
        1 => is_digest(&SHA256),
        2 => is_digest(&SHA512),
        _ => false,
    }
}

/// Usage 1 and 3 are of a server's own certificate, 0 and 2 of CAs (RFC 6698, section 2.1.1).
fn is_of_key(record: &[u8], certificate: &Certificate) -> bool {
    matches!(record, [1 | 3, 1, matching, data @ ..] if is_of(*matching, data, certificate.spki()))
}

fn is_of_all(record: &[u8], certificate: &Certificate) -> bool {
    matches!(record, [1 | 3, 0, matching, data @ ..] if is_of(*matching, data, certificate.der()))
}
