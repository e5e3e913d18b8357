//! The ways that can be gone here to show a CA that hosts are one's own.

mod foreseen;
mod places;

use std::fmt::Display;
use std::io;
use std::sync::LazyLock;

use keyway_config::model::{Acme, AcmeChallenge};
use keyway_issue::Identifier;
use keyway_issue::acme::http01::{self, Answers};
use keyway_issue::acme::tls_alpn01::{self, Certificates};
use keyway_issue::acme::{Kind, Reserved, Solver};

use super::hook::Hook;
use super::managed::Managed;
use super::order::Wish;
use super::preflight::{Answered, answered_at, asking};
use super::records::Records;
use crate::arguments::AskArguments;
use crate::failure::Failure;
use crate::intent::service::ServiceFile;
use crate::intent::{Asking, Known};
use crate::voice;

pub(crate) use foreseen::Foreseen;
use places::Places;
pub(crate) use places::Unreserved;
pub(super) use places::reserve;

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
    /// Whether somebody else has the place of http-01, and nobody of this process serves besides.
    pub(super) is_taken: bool,
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
    /// Those of a service file. Unless it is to be blindly, a way that will not lead there is looked for before it is gone.
    pub(super) async fn open(
        file: &ServiceFile,
        managed: &Managed,
        wish: &Wish<'_>,
    ) -> Result<Self, Failure> {
        let mut ways = Self {
            solvers: Vec::new(),
            listening: Vec::new(),
            doubtful: Vec::new(),
            is_taken: false,
            closed: Vec::new(),
        };
        for way in wanted(file) {
            match way {
                AcmeChallenge::Http01 => ways.http(file, managed, wish).await?,
                AcmeChallenge::TlsAlpn01 => ways.tls(file, wish)?,
                AcmeChallenge::Dns01 => {
                    let hosts = Some(managed.hosts.as_slice()).filter(|_| !wish.blindly);
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
        let far = Places::of(file, kind).and_then(|places| places.far(file));
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
        wish: &Wish<'_>,
    ) -> Result<(), Failure> {
        let answers = managed.answers();
        let Some(places) = Places::of(file, Kind::Http01) else {
            return Ok(());
        };
        let reserved = reserved(wish);
        match places.each(|at| http01::Listener::start(at, reserved, &answers))? {
            Ok(listener) => self.listening.push(Listening::Http(listener)),
            // Whoever is there may be a server of ours, which answers from the same folder.
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
                if let Some(told) = foreign(&places, file, managed).await {
                    self.closed.push(told);
                    self.is_taken = wish.served.is_none();
                    self.doubtful.push(Box::new(answers));
                    return Ok(());
                }
            }
            // A server of this process listens there, or nobody does, which the CA will tell.
            Err(error) if wish.served.is_some() => {
                self.served(file, Box::new(answers), &error);
                return Ok(());
            }
            Err(error) => {
                let told = voice::renew::place_unusable(Kind::Http01, &error);
                self.closed.push(told);
                return Ok(());
            }
        }
        self.solvers.push(Box::new(answers));
        Ok(())
    }

    fn tls(&mut self, file: &ServiceFile, wish: &Wish<'_>) -> Result<(), Failure> {
        let certificates = wish.served.map(|shown| shown.certificates.clone());
        let certificates = certificates.unwrap_or_default();
        let Some(places) = Places::of(file, Kind::TlsAlpn01) else {
            return Ok(());
        };
        let reserved = reserved(wish);
        match places.each(|at| tls_alpn01::Listener::start(at, reserved, &certificates))? {
            Ok(listener) => self.listening.push(Listening::Tls(listener)),
            // A server of this process listens there, or nobody does, which the CA will tell.
            Err(error) if wish.served.is_some() => {
                self.served(file, Box::new(certificates), &error);
                return Ok(());
            }
            Err(error) => {
                let told = voice::renew::place_unusable(Kind::TlsAlpn01, &error);
                self.closed.push(told);
                return Ok(());
            }
        }
        self.solvers.push(Box::new(certificates));
        Ok(())
    }
}

/// The places that are bound already.
fn reserved<'a>(wish: &Wish<'a>) -> &'a Reserved {
    static NONE: LazyLock<Reserved> = LazyLock::new(Reserved::default);
    wish.retained.map_or(&NONE, |retained| &retained.places)
}

/// Who has the place where http-01 is answered, in words; `None` where that is a server of ours.
async fn foreign(places: &Places<'_>, file: &ServiceFile, managed: &Managed) -> Option<String> {
    let host = managed.hosts.first().map(Identifier::sample);
    let near = places.near(file);
    match answered_at(near, &host.unwrap_or_default(), &managed.answers()).await {
        Answered::Other(line) => Some(voice::renew::others_place(Kind::Http01, &line)),
        Answered::Nobody(why) => Some(voice::renew::taken_elsewhere(Kind::Http01, near, &why)),
        Answered::Here | Answered::Unasked => None,
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
