//! The ways that can be gone here to show a CA that hosts are one's own.

use std::fmt::Display;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use keyway_config::model::{Acme, AcmeChallenge, Listed};
use keyway_issue::Identifier;
use keyway_issue::acme::http01::{self, Answers};
use keyway_issue::acme::tls_alpn01::{self, Certificates};
use keyway_issue::acme::{Kind, Solver};
use keyway_termination::Listener;

use super::hook::Hook;
use super::managed::Managed;
use super::preflight::{Answered, answered_at, asking};
use super::records::Records;
use crate::arguments::AskArguments;
use crate::failure::Failure;
use crate::intent::service::ServiceFile;
use crate::intent::{Asking, Known};
use crate::voice;

/// Where a CA looks (RFC 8555, section 8.3; RFC 8737, section 3).
const HTTP: u16 = 80;
const HTTPS: u16 = 443;

/// The first port that every user may listen at, where the system says no other (ip-sysctl).
const UNPRIVILEGED: u16 = 1024;

/// What is shown by who serves already in this process.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    pub(crate) answers: Answers,
    pub(crate) certificates: Certificates,
}

/// Solvers, and those who listen for them, until it is dropped.
pub(crate) struct Ways {
    solvers: Vec<Box<dyn Solver>>,
    /// Those who listen, until they are dropped.
    listening: Vec<Listening>,
    /// Those that nobody here listens for, as somebody else does or the user of this process may not: a CA may be handed on to
    /// the service all the same, and they are gone after all others.
    doubtful: Vec<Box<dyn Solver>>,
    /// Why a way cannot be gone, each in words.
    pub(crate) closed: Vec<String>,
}

/// Somebody who listens for a CA's look.
#[allow(dead_code, reason = "held for what it does when it is dropped")]
enum Listening {
    Http(http01::Listener),
    Tls(tls_alpn01::Listener),
}

impl Ways {
    /// Those of a service file, for these hosts. `served` is what a server of this process shows; `looks`: whether a way
    /// that will not lead there is looked for before it is gone.
    pub(crate) async fn open(
        file: &ServiceFile,
        managed: &Managed,
        served: Option<&Shown>,
        looks: bool,
    ) -> Result<Self, Failure> {
        let mut ways = Self {
            solvers: Vec::new(),
            listening: Vec::new(),
            doubtful: Vec::new(),
            closed: Vec::new(),
        };
        for way in wanted(file) {
            match way {
                AcmeChallenge::Http01 => ways.http(file, managed, served).await?,
                AcmeChallenge::TlsAlpn01 => ways.tls(file, served)?,
                AcmeChallenge::Dns01 => {
                    let hosts = looks.then_some(managed.hosts.as_slice());
                    let (solver, closed) = by_records(file, hosts).await?;
                    ways.solvers.extend(solver);
                    ways.closed.extend(closed);
                }
            }
        }
        ways.solvers.append(&mut ways.doubtful);
        Ok(ways)
    }

    /// Goes a way that is answered where this process serves, if somebody comes there: `error` says why it listens nowhere
    /// else.
    fn served(&mut self, file: &ServiceFile, solver: Box<dyn Solver>, error: &io::Error) {
        let kind = solver.kind();
        let is_barred = error.kind() == io::ErrorKind::PermissionDenied;
        let far = ports(file, kind)
            .into_iter()
            .find(|port| !listens_at(file, *port));
        if let Some(port) = far.filter(|_| is_barred) {
            self.closed
                .push(voice::renew::out_of_reach(kind, port, error));
            self.doubtful.push(solver);
        } else {
            self.solvers.push(solver);
        }
    }

    pub(crate) fn solvers(&self) -> Vec<&dyn Solver> {
        self.solvers.iter().map(Box::as_ref).collect()
    }

    /// Whether there is a way to show this host.
    pub(crate) fn can(&self, host: &Identifier) -> bool {
        self.solvers.iter().any(|solver| solver.can(host))
    }

    /// The ways, as ACME calls them.
    pub(crate) fn kinds(&self) -> Vec<Kind> {
        self.solvers.iter().map(|solver| solver.kind()).collect()
    }

    /// The same, with where each is answered that is not where a CA looks.
    pub(crate) fn places(&self, acme: &Acme) -> Vec<String> {
        let is_served = |kind| {
            // By a server of this process, where that listens.
            kind == Kind::TlsAlpn01
                && !self
                    .listening
                    .iter()
                    .any(|it| matches!(it, Listening::Tls(_)))
        };
        let place = |kind| {
            let at = match kind {
                Kind::Http01 => Some(&acme.http),
                Kind::TlsAlpn01 => Some(&acme.tls),
                Kind::Dns01 => None,
            };
            match at.filter(|at| !at.is_empty() && !is_served(kind)) {
                Some(at) => format!("{kind} at {}", at.iter().collect::<Vec<_>>().join(" and ")),
                None => kind.to_string(),
            }
        };
        self.kinds().into_iter().map(place).collect()
    }

    async fn http(
        &mut self,
        file: &ServiceFile,
        managed: &Managed,
        served: Option<&Shown>,
    ) -> Result<(), Failure> {
        let answers = managed.answers();
        let at = &file.draft.service.tls.acme.http;
        match listen(at, HTTP, |place| http01::Listener::start(place, &answers))? {
            Ok(listener) => self.listening.push(Listening::Http(listener)),
            // Whoever is there may be a server of ours, which answers from the same folder.
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
                let host = managed.hosts.first().map(Identifier::sample);
                let host = host.unwrap_or_default();
                let there = answered_at(near(at), &host, &answers).await;
                if let Answered::Other(line) = there {
                    let told = voice::renew::others_place(Kind::Http01, &line);
                    self.closed.push(told);
                    self.doubtful.push(Box::new(answers));
                    return Ok(());
                }
            }
            // A server of this process listens there, or nobody does, which the CA will tell.
            Err(error) if served.is_some() => {
                self.served(file, Box::new(answers), &error);
                return Ok(());
            }
            Err(error) => {
                self.closed.push(voice::renew::closed(Kind::Http01, &error));
                return Ok(());
            }
        }
        self.solvers.push(Box::new(answers));
        Ok(())
    }

    fn tls(&mut self, file: &ServiceFile, served: Option<&Shown>) -> Result<(), Failure> {
        let at = &file.draft.service.tls.acme.tls;
        let certificates = served.map(|shown| shown.certificates.clone());
        let certificates = certificates.unwrap_or_default();
        let listener = listen(at, HTTPS, |place| {
            tls_alpn01::Listener::start(place, &certificates)
        });
        match listener? {
            Ok(listener) => self.listening.push(Listening::Tls(listener)),
            // A server of this process listens there, or nobody does, which the CA will tell.
            Err(error) if served.is_some() => {
                self.served(file, Box::new(certificates), &error);
                return Ok(());
            }
            Err(error) => {
                self.closed.push(match error.kind() {
                    io::ErrorKind::AddrInUse => voice::renew::place_taken(Kind::TlsAlpn01),
                    _ => voice::renew::closed(Kind::TlsAlpn01, &error),
                });
                return Ok(());
            }
        }
        self.solvers.push(Box::new(certificates));
        Ok(())
    }
}

/// Where a CA looks, or what is handed on from there comes to.
fn ports(file: &ServiceFile, kind: Kind) -> Vec<u16> {
    let acme = &file.draft.service.tls.acme;
    let (at, port) = match kind {
        Kind::Http01 => (&acme.http, HTTP),
        Kind::TlsAlpn01 => (&acme.tls, HTTPS),
        Kind::Dns01 => return Vec::new(),
    };
    if at.is_empty() {
        return vec![port];
    }
    let places = at
        .iter()
        .filter_map(|given| given.parse::<SocketAddr>().ok());
    places.map(|place| place.port()).collect()
}

/// The first of the places where http-01 is answered, from this machine.
fn near(at: &Listed) -> SocketAddr {
    let place = at.iter().find_map(|given| given.parse().ok());
    let mut place = place.unwrap_or_else(|| SocketAddr::from((Ipv4Addr::UNSPECIFIED, HTTP)));
    if place.ip().is_unspecified() {
        place.set_ip(match place {
            SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    place
}

/// Whether the service itself listens at a port.
fn listens_at(file: &ServiceFile, port: u16) -> bool {
    let listeners = Listener::all_of(&file.draft.service);
    listeners.is_ok_and(|all| all.iter().any(|it| it.address.port() == port))
}

/// Ways with ports at which the service does not listen, and may not by itself as another user than root.
pub(crate) fn of_root(file: &ServiceFile) -> Vec<(Kind, u16)> {
    let begin = std::fs::read_to_string("/proc/sys/net/ipv4/ip_unprivileged_port_start");
    let begin = begin.ok().and_then(|text| text.trim().parse().ok());
    let begin: u16 = begin.unwrap_or(UNPRIVILEGED);
    let kinds = wanted(file).into_iter().filter_map(|way| match way {
        AcmeChallenge::Http01 => Some(Kind::Http01),
        AcmeChallenge::TlsAlpn01 => Some(Kind::TlsAlpn01),
        AcmeChallenge::Dns01 => None,
    });
    let places = kinds.flat_map(|kind| ports(file, kind).into_iter().map(move |port| (kind, port)));
    let far = places.filter(|(_, port)| *port < begin && !listens_at(file, *port));
    far.collect()
}

/// The ways that a service file wants to be gone, the first one first.
fn wanted(file: &ServiceFile) -> Vec<AcmeChallenge> {
    let service = &file.draft.service;
    let acme = &service.tls.acme;
    if !acme.challenges.is_empty() {
        return acme.challenges.clone();
    }
    let says_how = !acme.hook.is_empty() || service.dns.tsig.is_some();
    let records = says_how.then_some(AcmeChallenge::Dns01);
    let others = [AcmeChallenge::Http01, AcmeChallenge::TlsAlpn01];
    records.into_iter().chain(others).collect()
}

/// A program of somebody's own that makes records.
fn hook(file: &ServiceFile) -> Result<Option<Hook>, Failure> {
    let words = &file.draft.service.tls.acme.hook;
    if words.is_empty() {
        return Ok(None);
    }
    Ok(Some(Hook {
        words: words.clone(),
        folder: file.folder(),
        resolver: asking(file)?.resolver,
    }))
}

/// Who makes records, and what stands in the way of that, in words: of some of these hosts, or of all, and then nobody
/// makes any.
async fn by_records(
    file: &ServiceFile,
    hosts: Option<&[Identifier]>,
) -> Result<(Option<Box<dyn Solver>>, Vec<String>), Failure> {
    let closed = |fault: &dyn Display| voice::renew::closed(Kind::Dns01, fault);
    if let Some(hook) = hook(file)? {
        return Ok(match hook.fault() {
            Some(fault) => (None, vec![closed(&fault)]),
            None => (Some(Box::new(hook)), Vec::new()),
        });
    }
    let known = Known::of(Some(file));
    let asking = Asking::resolve(&AskArguments::usual(), &known.resolvers)?;
    let asking = asking.with(known.server.as_deref());
    let zone = file.draft.service.dns.zone.as_deref();
    let mut records = Records::of(asking, known.own_key()?, zone)?;
    let Some(hosts) = hosts else {
        return Ok((Some(Box::new(records)), Vec::new()));
    };
    let faults = records.look(hosts).await;
    let faults = faults.iter().map(|fault| closed(fault)).collect();
    let is_open = hosts.iter().any(|host| records.can(host));
    let records: Option<Box<dyn Solver>> = if is_open {
        Some(Box::new(records))
    } else {
        None
    };
    Ok((records, faults))
}

/// The ways that would be gone, as far as that is seen without listening anywhere.
pub(crate) struct Foreseen {
    /// As ACME calls them.
    pub(crate) kinds: Vec<Kind>,
    /// Why a way cannot be gone, each in words.
    pub(crate) closed: Vec<String>,
    records: Option<Box<dyn Solver>>,
}

impl Foreseen {
    /// Those of a service file, for these hosts.
    pub(crate) async fn of(file: &ServiceFile, hosts: &[Identifier]) -> Result<Self, Failure> {
        let mut foreseen = Self {
            kinds: Vec::new(),
            closed: Vec::new(),
            records: None,
        };
        for way in wanted(file) {
            match way {
                AcmeChallenge::Http01 => foreseen.kinds.push(Kind::Http01),
                AcmeChallenge::TlsAlpn01 => foreseen.kinds.push(Kind::TlsAlpn01),
                AcmeChallenge::Dns01 => {
                    (foreseen.records, foreseen.closed) = by_records(file, Some(hosts)).await?;
                    let kind = foreseen.records.is_some().then_some(Kind::Dns01);
                    foreseen.kinds.extend(kind);
                }
            }
        }
        Ok(foreseen)
    }

    /// Whether there is a way to show this host.
    pub(crate) fn can(&self, host: &Identifier) -> bool {
        let is_wildcard = matches!(host, Identifier::Dns(name) if name.starts_with("*."));
        let by_look = self.kinds.iter().any(|kind| *kind != Kind::Dns01);
        let mut records = self.records.iter();
        (by_look && !is_wildcard) || records.any(|records| records.can(host))
    }
}

/// Listens at these places, or else at a port of every address.
fn listen<T>(
    at: &Listed,
    port: u16,
    start: impl Fn(&[SocketAddr]) -> io::Result<T>,
) -> Result<io::Result<T>, Failure> {
    if at.is_empty() {
        // One socket for both kinds of addresses, where the system has both.
        let all = start(&[SocketAddr::from((Ipv6Addr::UNSPECIFIED, port))]);
        return Ok(match all {
            Err(error) if error.kind() == io::ErrorKind::AddrNotAvailable => {
                start(&[SocketAddr::from((Ipv4Addr::UNSPECIFIED, port))])
            }
            other => other,
        });
    }
    let places: Result<Vec<SocketAddr>, Failure> = at
        .iter()
        .map(|given| {
            let read = given.parse();
            read.map_err(|_| Failure::Need(voice::renew::no_place(given)))
        })
        .collect();
    Ok(start(&places?))
}
