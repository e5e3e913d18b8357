//! Keys that the DNS pins (DANE, RFC 6698): where a TLSA record is of the key that is served, a renewal keeps it, as who
//! checks such records would refuse another one (RFC 7671, section 8.1).

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use aws_lc_rs::digest::{Algorithm, SHA256, SHA512, digest};
use keyway_chain::x509::Certificate;
use keyway_dns::name::Name;
use keyway_dns::net::{AskError, Resolver, follow};
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
    let looks = names.map(|host| {
        let (host, ports, resolver) = (host.clone(), ports.clone(), resolver.clone());
        async move { of_host(&resolver, &host, &ports).await }
    });
    let (mut whole, mut key) = (None, None);
    in_order(looks, |found| {
        for (name, found) in found {
            match found {
                Ok(records) if records.iter().any(|data| is_of_key(data, certificate)) => {
                    key.get_or_insert(Pins::Key(name));
                }
                Ok(records) if records.iter().any(|data| is_of_all(data, certificate)) => {
                    whole.get_or_insert(Pins::Certificate(name));
                }
                Ok(_) => {}
                Err(error) => drop(key.get_or_insert(Pins::Unknown(name, error.to_string()))),
            }
        }
        match key {
            Some(_) => ControlFlow::Break(()),
            None => ControlFlow::Continue(()),
        }
    })
    .await;
    Ok(key.or(whole))
}

/// What the records of a host say at these ports, each with its name: those at the end of its aliases, which clients look at
/// first, and its own (RFC 7671, section 7).
async fn of_host(
    resolver: &Resolver,
    host: &str,
    ports: &BTreeSet<u16>,
) -> Vec<(String, Result<Vec<Vec<u8>>, AskError>)> {
    let Ok(own) = Name::read(host) else {
        return Vec::new();
    };
    let end = match follow(resolver, &own).await {
        Ok(mut followed) => followed.aliases.pop(),
        Err(error) => return vec![(host.to_owned(), Err(error))],
    };
    let mut found = Vec::new();
    for host in end.iter().chain([&own]) {
        let host = host.to_string();
        let host = host.trim_end_matches('.');
        for port in ports {
            let name = format!("_{port}._tcp.{host}");
            if let Ok(read) = Name::read(&name) {
                let records = records(resolver, read, Type::TLSA).await;
                found.push((name, records));
            }
        }
    }
    found
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
