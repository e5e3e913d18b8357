//! Where a CA looks that comes to this machine, and who may listen there.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use keyway_config::model::{AcmeChallenge, Listed};
use keyway_issue::acme::{Kind, Reserved};
use keyway_termination::Listener;

use super::wanted;
use crate::failure::Failure;
use crate::intent::service::ServiceFile;
use crate::voice;

/// Where a CA looks (RFC 8555, section 8.3; RFC 8737, section 3).
const HTTP: u16 = 80;
const HTTPS: u16 = 443;

/// The first port that every user may listen at, where the system says no other (ip-sysctl).
const UNPRIVILEGED: u16 = 1024;

/// Where a CA looks by one of the ways, or what is handed on from there comes to.
pub(super) struct Places<'a> {
    at: &'a Listed,
    port: u16,
}

impl<'a> Places<'a> {
    /// Those of a service file; `None` of a way by which no CA comes here.
    pub(super) fn of(file: &'a ServiceFile, kind: Kind) -> Option<Self> {
        let acme = &file.draft.service.tls.acme;
        let (at, port) = match kind {
            Kind::Http01 => (&acme.http, HTTP),
            Kind::TlsAlpn01 => (&acme.tls, HTTPS),
            Kind::Dns01 => return None,
        };
        Some(Self { at, port })
    }

    /// Those that are named.
    fn named(&self) -> Result<Vec<SocketAddr>, Failure> {
        let places = self.at.iter().map(|given| {
            let read = given.parse();
            read.map_err(|_| Failure::Need(voice::renew::no_place(given)))
        });
        places.collect()
    }

    /// Does something at those that are named, or else at a port of every address.
    pub(super) fn each<T>(
        &self,
        mut start: impl FnMut(&[SocketAddr]) -> io::Result<T>,
    ) -> Result<io::Result<T>, Failure> {
        if !self.at.is_empty() {
            return Ok(start(&self.named()?));
        }
        // One socket for both kinds of addresses, where the system has both.
        let all = start(&[SocketAddr::from((Ipv6Addr::UNSPECIFIED, self.port))]);
        Ok(match all {
            Err(error) if error.kind() == io::ErrorKind::AddrNotAvailable => {
                start(&[SocketAddr::from((Ipv4Addr::UNSPECIFIED, self.port))])
            }
            other => other,
        })
    }

    /// Looks whether somebody could listen there, and listens nowhere.
    pub(super) fn try_all(&self) -> Result<io::Result<()>, Failure> {
        let mut tried = Reserved::default();
        self.each(|places| places.iter().try_for_each(|place| tried.add(*place)))
    }

    /// The first of them, from this machine: by default where the service itself listens, or at every address.
    pub(super) fn near(&self, file: &ServiceFile) -> SocketAddr {
        let place = self.at.iter().find_map(|given| given.parse().ok());
        let of_service = || {
            let listeners = Listener::all_of(&file.draft.service).unwrap_or_default();
            let mut listeners = listeners.into_iter().map(|listener| listener.address);
            listeners.find(|address| address.port() == self.port)
        };
        let any = || SocketAddr::from((Ipv4Addr::UNSPECIFIED, self.port));
        let mut place = place.or_else(of_service).unwrap_or_else(any);
        if place.ip().is_unspecified() {
            place.set_ip(match place {
                SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
                SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
            });
        }
        place
    }

    fn ports(&self) -> Vec<u16> {
        if self.at.is_empty() {
            return vec![self.port];
        }
        let places = self.at.iter();
        let places = places.filter_map(|given| given.parse::<SocketAddr>().ok());
        places.map(|place| place.port()).collect()
    }

    /// Whether a CA comes to them by itself, and nobody has to hand it on.
    pub(super) fn is_come_to(&self) -> bool {
        self.ports().contains(&self.port)
    }

    /// A port of theirs at which the service itself does not listen.
    pub(super) fn far(&self, file: &ServiceFile) -> Option<u16> {
        let mut ports = self.ports().into_iter();
        ports.find(|port| !listens_at(file, *port))
    }
}

/// Whether the service itself listens at a port.
fn listens_at(file: &ServiceFile, port: u16) -> bool {
    let listeners = Listener::all_of(&file.draft.service);
    listeners.is_ok_and(|all| all.iter().any(|it| it.address.port() == port))
}

/// A place where a CA looks that could not be bound, and why.
pub(crate) struct Unreserved {
    pub(crate) kind: Kind,
    pub(crate) port: u16,
    pub(crate) error: io::Error,
}

/// Binds those places for a CA's looks that the service does not listen at and that are root's: another user may not bind
/// them later on.
pub(crate) fn reserve(file: &ServiceFile) -> Result<(Reserved, Vec<Unreserved>), Failure> {
    let begin = std::fs::read_to_string("/proc/sys/net/ipv4/ip_unprivileged_port_start");
    let begin = begin.ok().and_then(|text| text.trim().parse().ok());
    let begin: u16 = begin.unwrap_or(UNPRIVILEGED);
    let (mut reserved, mut unreserved) = (Reserved::default(), Vec::new());
    let kinds = wanted(file).into_iter().filter_map(|way| match way {
        AcmeChallenge::Http01 => Some(Kind::Http01),
        AcmeChallenge::TlsAlpn01 => Some(Kind::TlsAlpn01),
        AcmeChallenge::Dns01 => None,
    });
    for kind in kinds {
        let Some(places) = Places::of(file, kind) else {
            continue;
        };
        let is_roots = |port: u16| port < begin && !listens_at(file, port);
        let bound = places.each(|places| {
            let mut roots = places.iter().filter(|place| is_roots(place.port()));
            roots.try_for_each(|place| reserved.add(*place))
        })?;
        if let Err(error) = bound
            && let Some(port) = places.ports().into_iter().find(|port| is_roots(*port))
        {
            unreserved.push(Unreserved { kind, port, error });
        }
    }
    Ok((reserved, unreserved))
}
