//! The ways that can be gone here to show a CA that hosts are one's own.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use keyway_config::model::{Acme, AcmeChallenge, Listed};
use keyway_issue::Identifier;
use keyway_issue::acme::http01::{self, Answers};
use keyway_issue::acme::tls_alpn01::{self, Certificates};
use keyway_issue::acme::{Kind, Solver};

use super::hook::Hook;
use super::records::Records;
use crate::arguments::AskArguments;
use crate::failure::Failure;
use crate::intent::service::ServiceFile;
use crate::intent::{Asking, Known};
use crate::voice;

/// Where a CA looks (RFC 8555, section 8.3; RFC 8737, section 3).
const HTTP: u16 = 80;
const HTTPS: u16 = 443;

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
    /// Those of a service file. It is called within a runtime of tokio; `served` is what a server of this process
    /// shows.
    pub(crate) fn open(
        file: &ServiceFile,
        answers: &Answers,
        served: Option<&Shown>,
    ) -> Result<Self, Failure> {
        let acme = &file.draft.service.tls.acme;
        let mut ways = Self {
            solvers: Vec::new(),
            listening: Vec::new(),
            closed: Vec::new(),
        };
        for way in wanted(file) {
            match way {
                AcmeChallenge::Http01 => ways.http(&acme.http, answers, served)?,
                AcmeChallenge::TlsAlpn01 => ways.tls(&acme.tls, served)?,
                AcmeChallenge::Dns01 => ways.records(file)?,
            }
        }
        Ok(ways)
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

    fn http(
        &mut self,
        at: &Listed,
        answers: &Answers,
        served: Option<&Shown>,
    ) -> Result<(), Failure> {
        match listen(at, HTTP, |place| http01::Listener::start(place, answers))? {
            Ok(listener) => self.listening.push(Listening::Http(listener)),
            // Whoever is there may be a server of ours, which answers from the same folder.
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {}
            // A server of this process listens there, or nobody does, which the CA will tell.
            Err(_) if served.is_some() => {}
            Err(error) => {
                self.closed.push(voice::renew::closed(Kind::Http01, &error));
                return Ok(());
            }
        }
        self.solvers.push(Box::new(answers.clone()));
        Ok(())
    }

    fn tls(&mut self, at: &Listed, served: Option<&Shown>) -> Result<(), Failure> {
        if let Some(shown) = served {
            self.solvers.push(Box::new(shown.certificates.clone()));
            return Ok(());
        }
        let certificates = Certificates::default();
        let listener = listen(at, HTTPS, |place| {
            tls_alpn01::Listener::start(place, &certificates)
        });
        match listener? {
            Ok(listener) => self.listening.push(Listening::Tls(listener)),
            Err(error) => {
                self.closed
                    .push(voice::renew::closed(Kind::TlsAlpn01, &error));
                return Ok(());
            }
        }
        self.solvers.push(Box::new(certificates));
        Ok(())
    }

    fn records(&mut self, file: &ServiceFile) -> Result<(), Failure> {
        let service = &file.draft.service;
        if let Some(closed) = closed(file) {
            self.closed.push(closed);
            return Ok(());
        }
        if let Some(hook) = hook(file) {
            self.solvers.push(Box::new(hook));
            return Ok(());
        }
        let known = Known::of(Some(file))?;
        let asking = Asking::resolve(&AskArguments::usual(), &known.resolvers)?;
        let asking = asking.with(known.server.as_deref());
        let zone = service.dns.zone.as_deref();
        let records = Records::of(asking, known.key, zone)?;
        self.solvers.push(Box::new(records));
        Ok(())
    }
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
fn hook(file: &ServiceFile) -> Option<Hook> {
    let words = &file.draft.service.tls.acme.hook;
    (!words.is_empty()).then(|| Hook {
        words: words.clone(),
        folder: file.folder(),
    })
}

/// Why records cannot be made, in words, where that is seen without making any.
pub(crate) fn closed(file: &ServiceFile) -> Option<String> {
    let is_wanted = wanted(file).contains(&AcmeChallenge::Dns01);
    let fault = hook(file).filter(|_| is_wanted)?.fault()?;
    Some(voice::renew::closed(Kind::Dns01, &fault))
}

/// The same as ACME's, without listening anywhere; those that are known to be closed are not among them.
pub(crate) fn kinds(file: &ServiceFile) -> Vec<Kind> {
    let is_open = |way: &AcmeChallenge| *way != AcmeChallenge::Dns01 || closed(file).is_none();
    let kinds = wanted(file).into_iter().filter(is_open);
    let kinds = kinds.map(|way| match way {
        AcmeChallenge::Http01 => Kind::Http01,
        AcmeChallenge::TlsAlpn01 => Kind::TlsAlpn01,
        AcmeChallenge::Dns01 => Kind::Dns01,
    });
    kinds.collect()
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
