//! `keyway renew`: a managed certificate that is due becomes one that is served.

mod then;
mod timer;

use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use keyway_chain::x509::Certificate;
use keyway_issue::Identifier;
use keyway_report::Timestamp;
use keyway_termination::{Listener, Role};

use super::service::{findings, has_errors};
use crate::arguments::RenewArguments;
use crate::failure::Failure;
use crate::intent::issuing::{
    Ahead, Authority, Done, Foreseen, Issuer, Keeping, Managed, Planned, Wish, asked, look,
    may_be_asked, renew, request, signed,
};
use crate::intent::service::ServiceFile;
use crate::intent::workshop::Workshop;
use crate::intent::{Manner, Place, Unserved, connect_to, moment, wait_for};
use crate::terminal::{self, Exit, Look};
use crate::voice;
use crate::voice::renew::{Step, step};

/// How long a server is waited for that follows the files: it is told of changes or looks at them every few
/// seconds, and judges what it reads.
const PATIENCE: Duration = Duration::from_secs(20);

/// Between two looks at what is served.
const PAUSE: Duration = Duration::from_millis(500);

/// How long a handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(5);

/// Renews where it is due, and looks.
pub(crate) fn run(arguments: &RenewArguments, style: Look) -> Result<Exit, Failure> {
    let now = moment(arguments.trust.at.as_deref())?;
    let state = arguments.state.state.as_deref();
    let file = ServiceFile::open(&arguments.file.file)?.in_state(state);
    let managed = Managed::of(&file)?;
    let managed =
        managed.ok_or_else(|| Failure::Need(voice::renew::not_managed(&arguments.file.file)))?;
    if let Some(timer) = arguments.timer {
        terminal::print(&timer::text(timer, arguments))?;
        return Ok(Exit::Clean);
    }
    let managed = if arguments.staging {
        managed.staged()?
    } else {
        managed
    };
    let named = managed.hosts.first().map(ToString::to_string);
    let found = findings(&file, &file.draft, named.as_deref());
    if has_errors(&found) {
        let service = &file.draft.service;
        terminal::print(&voice::service::checked(
            &file.path,
            service,
            &found,
            &[],
            style,
        ))?;
        return Ok(Exit::Findings);
    }
    if asked::is_done(&managed, &file) && !arguments.force {
        terminal::note(voice::renew::PASSED_OVER);
    }
    let tell = |said: &Step<'_>| {
        // Whoever reads no more is not waited for.
        drop(terminal::print(&step(said, style)));
    };
    let wish = Wish {
        force: arguments.force || asked::is_open(&managed, &file),
        blindly: arguments.no_preflight,
        now,
        trust: &arguments.trust,
        state,
        look: style,
        served: None,
        retained: None,
        keeping: &Keeping::at(arguments.store.address.as_deref())?,
    };
    let is_looked_at = arguments.dry_run || arguments.csr.is_some() || arguments.signed.is_some();
    if arguments.trust.at.is_some() && !is_looked_at {
        let is_due = wish.force || Planned::of(&managed, now)?.is_none();
        if is_due {
            return Err(Failure::Need(voice::renew::AT_ANOTHER_MOMENT.to_owned()));
        }
    }
    if let Some(path) = &arguments.csr {
        if path == Path::new("-") {
            return Err(Failure::Need(voice::renew::CSR_TO_A_FILE.to_owned()));
        }
        let text = request(&managed, &wish)?;
        let written = std::fs::File::create_new(path)
            .and_then(|mut file| std::io::Write::write_all(&mut file, text.as_bytes()));
        written.map_err(|source| match source.kind() {
            std::io::ErrorKind::AlreadyExists => Failure::Need(voice::renew::there_already(path)),
            _ => Failure::Unwritable {
                path: path.clone(),
                source,
            },
        })?;
        tell(&Step::Requested(path, &file.path));
        return Ok(Exit::Clean);
    }
    if arguments.dry_run {
        if !wish.force {
            if let Some(planned) = Planned::of(&managed, now)? {
                return Ok(kept(&planned, &tell));
            }
            let current = managed.current()?;
            may_be_asked(&managed, current.as_ref(), &managed.record(), now)?;
        }
        if let Some(other) = managed.rival() {
            return Err(Failure::Need(voice::renew::shared(&managed.hosts, &other)));
        }
        return would(&file, &managed, now, &tell);
    }
    if let Some(chain) = &arguments.signed {
        let certificate = signed(&managed, &file, chain, &wish, &tell)?;
        tell(&Step::Renewed(&managed.folder()));
        let ran = then::run(&arguments.then, &managed, &certificate, &tell)?;
        let proved = prove(&file, &managed, &certificate, &tell)?;
        return Ok(worse(ran, proved));
    }
    managed.put_back()?;
    let done = renew(&managed, &file, &wish, &tell).inspect_err(|_| {
        if let Ok(Some((_, certificate))) = managed.current() {
            terminal::note(&voice::renew::stays(&certificate, now));
        }
    });
    match done? {
        Done::NotDue(planned) => {
            let exit = kept(&planned, &tell);
            // What was not proved the last time is looked at again.
            let certificate = &planned.certificate;
            let ran = then::run(&arguments.then, &managed, certificate, &tell)?;
            let proved = if arguments.staging {
                Exit::Clean
            } else {
                prove_within(Duration::ZERO, &file, &managed, certificate, &|said| {
                    if matches!(said, Step::NotServed(..)) {
                        tell(said);
                    }
                })?
            };
            return Ok(worse(worse(exit, ran), proved));
        }
        Done::Renewed(certificate) => {
            tell(&Step::Renewed(&managed.folder()));
            if !arguments.staging {
                let taken_out = asked::done(&managed, &file.path);
                let ran = then::run(&arguments.then, &managed, &certificate, &tell)?;
                let exit = worse(ran, prove(&file, &managed, &certificate, &tell)?);
                if let Some(why) = taken_out? {
                    terminal::note(&voice::renew::still_asked(&why));
                }
                return Ok(exit);
            }
        }
    }
    Ok(Exit::Clean)
}

/// The first of two ends that is not a good one.
fn worse(one: Exit, other: Exit) -> Exit {
    if one == Exit::Clean { other } else { one }
}

/// Says when something is to be done next.
fn kept(planned: &Planned, tell: &dyn Fn(&Step<'_>)) -> Exit {
    tell(&Step::NotDue(planned));
    if planned.is_failing() {
        Exit::Findings
    } else {
        Exit::Clean
    }
}

/// Says what would be ordered, and what stands in the way of it.
fn would(
    file: &ServiceFile,
    managed: &Managed,
    now: Timestamp,
    tell: &dyn Fn(&Step<'_>),
) -> Result<Exit, Failure> {
    if managed.issuer == Issuer::Local {
        let workshop = Workshop::of(file.state.as_deref())?;
        if let Some(other) = workshop.not_permitted(&managed.hosts, now)? {
            return Err(other);
        }
    }
    tell(&Step::WouldOrder(&managed.hosts, &managed.issuer));
    if managed.issuer == Issuer::Local {
        return Ok(Exit::Clean);
    }
    let issuers = file.draft.service.managed_issuer().map(str::to_owned);
    let authority = Authority {
        names: issuers.into_iter().collect(),
        account: None,
    };
    wait_for(async {
        let ways = Foreseen::of(file, managed).await?;
        let mut hosts = managed.hosts.iter();
        if let Some(host) = hosts.find(|host| !ways.can(host)) {
            let words = voice::renew::no_way(host, &ways.kinds, &ways.closed);
            return Err(Failure::Need(words));
        }
        for closed in &ways.closed {
            terminal::note(&voice::renew::warning(closed));
        }
        let is_clear = managed.hosts.iter().all(|host| ways.is_clear(host));
        let ahead = Ahead {
            authority,
            is_taken: ways.is_taken(),
            kinds: ways.kinds,
            will_listen: ways.will_listen,
        };
        let hopeless = look(file, managed, ahead, tell).await?;
        Ok(match hopeless {
            None if is_clear => Exit::Clean,
            _ => Exit::Findings,
        })
    })?
}

/// Looks at every place where the service listens: whoever is there has to give the new certificate.
pub(super) fn prove(
    file: &ServiceFile,
    managed: &Managed,
    certificate: &Certificate,
    tell: &dyn Fn(&Step<'_>),
) -> Result<Exit, Failure> {
    prove_within(PATIENCE, file, managed, certificate, tell)
}

/// The same, as long as whoever is there has to come to it.
fn prove_within(
    patience: Duration,
    file: &ServiceFile,
    managed: &Managed,
    certificate: &Certificate,
    tell: &dyn Fn(&Step<'_>),
) -> Result<Exit, Failure> {
    let listeners = Listener::all_of(&managed.served(&file.draft.service))?;
    let host = managed.hosts.first().map(Identifier::sample);
    let mut exit = Exit::Clean;
    for listener in listeners {
        if listener.role != Role::Service {
            continue;
        }
        let address = reachable(listener.address);
        let place = Place {
            host: host.clone().unwrap_or_default(),
            address,
        };
        match seen(&place, certificate, patience) {
            Seen::New => tell(&Step::Served(&address.to_string())),
            Seen::Nobody => tell(&Step::Nobody(&address.to_string())),
            Seen::Other(why) => {
                tell(&Step::NotServed(&address.to_string(), &why));
                exit = Exit::Findings;
            }
        }
    }
    Ok(exit)
}

/// What is served at a place.
enum Seen {
    New,
    Nobody,
    Other(String),
}

fn seen(place: &Place, certificate: &Certificate, patience: Duration) -> Seen {
    let began = Instant::now();
    loop {
        let manner = Manner {
            starttls: None,
            timeout: HANDSHAKE,
        };
        let came = connect_to(std::slice::from_ref(place), manner).pop();
        let why = match came {
            Some(Ok(connected))
                if connected.served.chain.first().map(Vec::as_slice)
                    == Some(certificate.der().as_ref()) =>
            {
                return Seen::New;
            }
            Some(Ok(_)) => voice::renew::ANOTHER.to_owned(),
            Some(Err(Unserved::Nobody(_))) => return Seen::Nobody,
            Some(Err(why)) => voice::served::unserved(&why),
            None => voice::dev::NOWHERE.to_owned(),
        };
        if began.elapsed() >= patience {
            return Seen::Other(why);
        }
        std::thread::sleep(PAUSE);
    }
}

/// An address that leads to who listens at all of them.
pub(super) fn reachable(address: SocketAddr) -> SocketAddr {
    use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
    let here: IpAddr = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        other => other,
    };
    SocketAddr::new(here, address.port())
}

/// How long somebody on this machine is waited for.
const NEAR: Duration = Duration::from_millis(200);

/// Whether somebody answers at an address already: the system would deal connections out between the two.
pub(super) fn is_taken(address: SocketAddr) -> bool {
    std::net::TcpStream::connect_timeout(&reachable(address), NEAR).is_ok()
}
