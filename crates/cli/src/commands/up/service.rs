//! `keyway up` for names that others visit: a service file, a certificate of a public CA, TLS, and what the DNS says.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use keyway_chain::x509::Certificate;
use keyway_config::Service;
use keyway_config::model::{Listed, Status, Tls};
use keyway_issue::Identifier;
use keyway_termination::{Listener, Role};

use super::super::renew::{is_taken, reachable};
use super::super::serve;
use super::super::service::{findings, has_errors, managed_name};
use crate::arguments::{SERVICE_FILE, ServeArguments, UpArguments};
use crate::failure::Failure;
use crate::intent::issuing::{
    Done, Keeping, Managed, Planned, Why, Wish, fetched, renew, serves_on,
};
use crate::intent::service::{ServiceFile, save_alone};
use crate::intent::workshop::identifiers;
use crate::intent::{Manner, Place, connect_to, moment};
use crate::terminal::{self, Exit, Look};
use crate::voice;
use crate::voice::renew::{Step, step};

/// How long the proof is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// Whether no public CA may vouch for a name.
pub(super) fn is_for_development(name: &Identifier) -> bool {
    Why::of(name).is_some_and(|why| why.is_certain())
}

/// Writes the service file for what was typed, unless it is there and says the same, and brings it up: for a name that the
/// development CA may not vouch for, and not beside one that it alone may.
pub(super) fn begin(
    arguments: &UpArguments,
    public: &Identifier,
    local: Option<&Identifier>,
    look: Look,
) -> Result<Exit, Failure> {
    if arguments.upstream.is_empty() {
        return Err(Failure::Need(voice::renew::no_upstream(public)));
    }
    let wanted = Service {
        host: Listed(arguments.host.clone()),
        upstream: Listed(arguments.upstream.clone()),
        listen: Listed(arguments.listen.clone()),
        tls: Tls {
            status: Some(Status::Auto),
            redirect: arguments.listen.is_empty(),
            ..Tls::default()
        },
        ..Service::default()
    };
    let path = Path::new(SERVICE_FILE);
    if path.symlink_metadata().is_ok() {
        let there = ServiceFile::open(path)?;
        let there = &there.draft.service;
        if (&there.host, &there.upstream) != (&wanted.host, &wanted.upstream) {
            return Err(Failure::Need(voice::renew::another_service(path)));
        }
    } else {
        if let Some(local) = local {
            return Err(Failure::Need(voice::renew::two_services(local, public)));
        }
        let hosts = identifiers(&arguments.host)?;
        let never = |it: &Identifier| Some((it.clone(), Why::of(it).filter(Why::is_certain)?));
        if let Some((name, why)) = hosts.iter().find_map(never) {
            return Err(Failure::Need(voice::renew::never_public(&name, &why)));
        }
        save_alone(path, &wanted.to_toml())?;
        let said = Step::Written(path);
        terminal::print(&step(&said, look))?;
    }
    run(path, arguments, look)
}

/// Brings a service file up: every step that is missing, then the proof, then it is served on.
pub(super) fn run(path: &Path, arguments: &UpArguments, look: Look) -> Result<Exit, Failure> {
    let state = arguments.state.state.as_deref();
    let file = ServiceFile::open(path)?.in_state(state);
    let found = findings(&file, &file.draft, managed_name(&file).as_deref());
    if has_errors(&found) {
        let service = &file.draft.service;
        terminal::print(&voice::service::checked(path, service, &found, &[], look))?;
        return Ok(Exit::Findings);
    }
    // Nothing is asked for that could not be served.
    if file.draft.service.upstream.is_empty() {
        return Err(Failure::Need(voice::renew::nothing_behind(path)));
    }
    let listeners = Listener::all_of(&file.draft.service)?;
    if let Some(taken) = listeners.iter().find(|it| is_taken(it.address)) {
        return Err(Failure::Need(voice::renew::taken(
            &taken.address.to_string(),
        )));
    }
    let tell = |said: &Step<'_>| drop(terminal::print(&step(said, look)));
    let managed = Managed::of(&file)?;
    if let Some(managed) = &managed {
        ready(managed, &file, arguments, look, &tell)?;
    }
    let serving = ServeArguments {
        file: Some(path.to_path_buf()),
        state: arguments.state.clone(),
        store: arguments.store.clone(),
        ..ServeArguments::by(arguments.trust.clone())
    };
    let hosts: Vec<String> = match &managed {
        Some(managed) => managed.hosts.iter().map(Identifier::sample).collect(),
        None => file.draft.service.host.iter().map(str::to_owned).collect(),
    };
    serve::run_and(&serving, look, |listening| {
        let made = managed
            .as_ref()
            .map(Managed::current)
            .transpose()?
            .flatten();
        let made = made.map(|(_, certificate)| certificate);
        prove(&hosts, made.as_ref(), listening, &tell);
        let attempt = hosts.first().zip(place(listening));
        let ca = managed.as_ref().and_then(Managed::root_to_name);
        // Whom this judges by, a client has to trust, too.
        let ca = ca.or_else(|| match arguments.trust.roots.as_slice() {
            [only] if only.is_file() => Some(only.clone()),
            _ => None,
        });
        let attempt = attempt.map(|(host, address)| super::attempt(host, address, ca));
        terminal::print(&voice::renew::up(path, attempt.as_ref(), look))
    })
}

/// Has a certificate made, unless there is one that can be served: that is renewed by whoever serves it, and nobody waits
/// for a CA meanwhile.
fn ready(
    managed: &Managed,
    file: &ServiceFile,
    arguments: &UpArguments,
    look: Look,
    tell: &dyn Fn(&Step<'_>),
) -> Result<(), Failure> {
    let now = moment(None)?;
    managed.put_back()?;
    let wish = Wish {
        force: false,
        blindly: false,
        now,
        trust: &arguments.trust,
        state: arguments.state.state.as_deref(),
        look,
        served: None,
        retained: None,
        keeping: &Keeping::at(arguments.store.address.as_deref())?,
    };
    let is_ready =
        || Ok::<_, Failure>(Planned::stands(managed, now)? || serves_on(managed, file, &wish)?);
    // What a store has is served, too, be it for some of the hosts alone.
    if is_ready()? || (fetched(managed, wish.keeping, tell)? && is_ready()?) {
        match (Planned::of(managed, now)?, managed.current()?) {
            (Some(planned), _) => tell(&Step::NotDue(&planned)),
            (None, Some((_, certificate))) => tell(&Step::Due(&certificate)),
            (None, None) => {}
        }
        return Ok(());
    }
    match renew(managed, file, &wish, tell)? {
        Done::NotDue(planned) => tell(&Step::NotDue(&planned)),
        Done::Renewed(_) => tell(&Step::Renewed(&managed.folder())),
    }
    Ok(())
}

/// Where somebody on this machine comes to the service.
fn place(listening: &BTreeMap<SocketAddr, Role>) -> Option<SocketAddr> {
    let mut services = listening.iter().filter(|(_, role)| **role == Role::Service);
    services.next().map(|(address, _)| reachable(*address))
}

/// Comes to every listener as a client does, by the first host.
fn prove(
    hosts: &[String],
    made: Option<&Certificate>,
    listening: &BTreeMap<SocketAddr, Role>,
    tell: &dyn Fn(&Step<'_>),
) {
    let Some(host) = hosts.first() else {
        return;
    };
    let services = listening.iter().filter(|(_, role)| **role == Role::Service);
    for (address, _) in services {
        let place = Place {
            host: host.clone(),
            address: reachable(*address),
        };
        let at = place.address.to_string();
        let manner = Manner {
            starttls: None,
            timeout: PATIENCE,
        };
        let is_made = |chain: &[Vec<u8>]| {
            made.is_none_or(|made| chain.first().map(Vec::as_slice) == Some(made.der().as_ref()))
        };
        match connect_to(&[place], manner).pop() {
            Some(Ok(connected)) if is_made(&connected.served.chain) => tell(&Step::Served(&at)),
            Some(Ok(_)) => tell(&Step::NotServed(&at, voice::dev::ANOTHER)),
            Some(Err(why)) => tell(&Step::NotServed(&at, &voice::served::unserved(&why))),
            None => {}
        }
    }
}
