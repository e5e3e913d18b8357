//! `keyway up`: from nothing to https, and the proof of it.

mod anew;
mod greeter;
mod service;

use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use keyway_chain::x509::Certificate;
use keyway_issue::pairs::Places;
use keyway_issue::{Identifier, dev, renewal};
use keyway_report::Timestamp;
use keyway_termination::Role;

use super::renew::{is_taken, reachable};
use super::serve;
use crate::arguments::{Profile, ServeArguments, TrustArguments, UpArguments};
use crate::failure::{Failure, ServeFault};
use crate::intent::issuing::{covers, paired};
use crate::intent::workshop::{Found, Workshop, identifiers, need};
use crate::intent::{Manner, Place, connect_to, moment, talk};
use crate::terminal::{self, Exit, Look};
use crate::voice;
use crate::voice::dev::{Attempt, Proved, Step};
use greeter::Greeter;

/// Who is asked for where nobody was named: this machine, by its name and its addresses.
const HERE: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// Where it is listened where nobody said: on this machine alone, at ports that anybody may have.
const LISTEN: [&str; 2] = ["127.0.0.1:8443", "[::1]:8443"];

/// Those of them that this machine has: not every one speaks IPv6.
fn usual_places() -> &'static [&'static str] {
    let has_ipv6 = std::net::TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_ok();
    if has_ipv6 { &LISTEN } else { &LISTEN[..1] }
}

/// How long the proof is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// Makes what is missing, serves, proves it, and serves on.
pub(crate) fn run(arguments: &UpArguments, look: Look) -> Result<Exit, Failure> {
    if let Some(file) = &arguments.file {
        return service::run(file, arguments, look);
    }
    let is_place = |given: &&String| given.parse::<SocketAddr>().is_ok();
    if let Some(other) = arguments.listen.iter().find(|it| !is_place(it)) {
        return Err(Failure::Need(voice::dev::no_place(other)));
    }
    let now = moment(None)?;
    let hosts = or_else(&arguments.host, &HERE);
    let asked = identifiers(&hosts)?;
    let workshop = Workshop::of(arguments.state.state.as_deref())?;
    let lock = workshop.lock()?;
    let found = workshop.ca(now)?;
    if let Some(other) = asked.iter().find(|it| !found.ca.permits(it)) {
        drop(lock);
        let local = asked
            .iter()
            .find(|it| service::is_for_development(it) && found.ca.permits(it));
        return service::begin(arguments, other, local, look);
    }
    // What would be passed over is not taken.
    if let Some(option) = for_others(arguments) {
        return Err(Failure::Need(voice::dev::for_others(option)));
    }
    let listen = or_else(&arguments.listen, usual_places());
    if let Some(ip) = unlistened(arguments, &asked, &listen) {
        return Err(Failure::Need(voice::dev::unlistened(ip)));
    }
    let pair = Made::ready(&workshop, &found, &asked, now)?;
    drop(lock);
    let greeter = if arguments.upstream.is_empty() {
        Some(Greeter::start().map_err(ServeFault::System)?)
    } else {
        None
    };
    let upstream = match &greeter {
        Some(greeter) => vec![format!("http://{}", greeter.address)],
        None => arguments.upstream.clone(),
    };
    if let Some(other) = upstream.iter().find(|it| !it.contains("://")) {
        return Err(Failure::Need(voice::dev::no_url(other)));
    }
    let ca = workshop.certificate();
    terminal::print(&voice::dev::steps(
        &[
            Step::Name(&asked),
            Step::Ca(&found, &ca),
            Step::Certificate(&pair.certificate, pair.is_new),
        ],
        look,
    ))?;
    let serving = ServeArguments {
        cert: Some(pair.places.chain.clone()),
        key: Some(pair.places.key.clone()),
        host: asked.iter().map(ToString::to_string).collect(),
        listen,
        upstream,
        ..ServeArguments::by(TrustArguments {
            roots: vec![ca.clone()],
            profile: Profile::Private,
            at: None,
        })
    };
    if let Some(taken) = serving
        .listen
        .iter()
        .find(|it| it.parse().is_ok_and(is_taken))
    {
        return Err(Failure::Need(voice::renew::taken(taken)));
    }
    let is_own = greeter.is_some();
    // It writes: it is begun outside of the sandbox.
    anew::keep(workshop, asked.clone(), pair.certificate.clone()).map_err(ServeFault::System)?;
    serve::run_and(&serving, look, |listening| {
        let proof = prove(&pair, &asked, &ca, listening);
        let text = match proof {
            Ok(proved) => voice::dev::steps(
                &[
                    Step::Proof(&proved),
                    Step::Behind(&proved),
                    Step::Dns(&asked),
                    Step::Try(&proved, is_own),
                ],
                look,
            ),
            Err(why) => voice::dev::steps(&[Step::NoProof(&why)], look),
        };
        terminal::print(&text)
    })
}

/// An option that says something of a public CA's certificates alone.
fn for_others(arguments: &UpArguments) -> Option<&'static str> {
    let has_store = arguments.store.address.as_deref();
    let has_store = has_store.is_some_and(|address| !address.is_empty());
    let TrustArguments { roots, profile, at } = &arguments.trust;
    let is_usual = |roots: &PathBuf| roots == Path::new("mozilla");
    let given = [
        (has_store, "--store (KEYWAY_STORE)"),
        (!roots.iter().all(is_usual), "--roots"),
        (*profile != Profile::default(), "--profile"),
        (at.is_some(), "--at"),
    ];
    let mut given = given.into_iter().filter(|(is_given, _)| *is_given);
    given.next().map(|(_, option)| option)
}

/// An address that somebody named, where nothing would listen as nobody said where. Whoever says where may have others
/// hand on what comes there.
fn unlistened(arguments: &UpArguments, asked: &[Identifier], usual: &[String]) -> Option<IpAddr> {
    if arguments.host.is_empty() || !arguments.listen.is_empty() {
        return None;
    }
    let places: Vec<SocketAddr> = usual.iter().filter_map(|at| at.parse().ok()).collect();
    asked.iter().find_map(|it| match it {
        Identifier::Ip(ip) if places.iter().all(|&at| way(it, at).is_none()) => Some(*ip),
        _ => None,
    })
}

fn or_else(given: &[String], usual: &[&str]) -> Vec<String> {
    if given.is_empty() {
        usual.iter().map(|&text| text.to_owned()).collect()
    } else {
        given.to_vec()
    }
}

/// The pair that is served.
struct Made {
    places: Places,
    certificate: Certificate,
    is_new: bool,
}

impl Made {
    /// The pair that was made for these hosts before, unless it is due or another CA's; else a new one.
    fn ready(
        workshop: &Workshop,
        found: &Found,
        asked: &[Identifier],
        now: Timestamp,
    ) -> Result<Self, Failure> {
        let pairs = workshop.pairs();
        let name = asked.iter().map(ToString::to_string);
        let name = name.collect::<Vec<_>>().join("+");
        // Names of files end somewhere; whose list of hosts is longer has its first.
        let name: String = name.chars().take(MAX_NAME).collect();
        let unwritable = |path: PathBuf| move |source| Failure::Unwritable { path, source };
        let places = pairs.places(&name);
        // What is damaged is made anew; what is somebody else's can neither be read nor taken away.
        let kept = match pairs.current(&name) {
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                return Err(Failure::Need(voice::dev::others_pair(&pairs.of(&name))));
            }
            kept => kept.ok().flatten(),
        };
        let kept = kept.and_then(|pair| paired(&pair));
        if let Some(certificate) = kept
            && !found.is_new
            && is_by(&certificate, found)
            && covers(&certificate, asked)
            && certificate.not_before <= now
            && now < renewal::due(certificate.not_before, certificate.not_after)
        {
            return Ok(Self {
                places,
                certificate,
                is_new: false,
            });
        }
        // No longer than the CA itself.
        let left = found.ca.certificate().not_after.since(now) / keyway_report::DAY;
        let pair = found.ca.issue(asked, dev::LEAF_DAYS.min(left), now);
        let pair = pair.map_err(|error| need(&error))?;
        let places = pairs.put(&name, &pair).map_err(unwritable(places.chain))?;
        let certificate = paired(&pair);
        let certificate =
            certificate.ok_or_else(|| Failure::Need(voice::dev::FAULTY.to_owned()))?;
        Ok(Self {
            places,
            certificate,
            is_new: true,
        })
    }
}

/// Most characters of a folder's name; file systems take 255 bytes.
const MAX_NAME: usize = 120;

fn is_by(certificate: &Certificate, found: &Found) -> bool {
    let id = certificate.extensions.authority_key_id.as_ref();
    let id = id.and_then(|id| id.key_id.as_ref());
    id.is_some() && id == found.ca.certificate().extensions.subject_key_id.as_ref()
}

/// Asks what was just begun, as somebody who comes to it.
fn prove(
    made: &Made,
    asked: &[Identifier],
    ca: &Path,
    listening: &BTreeMap<SocketAddr, Role>,
) -> Result<Proved, String> {
    let places = listening.iter().filter(|(_, role)| **role == Role::Service);
    let places: Vec<SocketAddr> = places.map(|(&address, _)| address).collect();
    let mut ways = asked
        .iter()
        .flat_map(|it| places.iter().filter_map(|&at| way(it, at)));
    let nowhere = || match asked.first() {
        Some(Identifier::Ip(ip)) => voice::dev::unlistened(*ip),
        _ => voice::dev::NOWHERE.to_owned(),
    };
    let (host, address) = ways.next().ok_or_else(nowhere)?;
    let place = |address| Place {
        host: host.clone(),
        address,
    };
    let manner = Manner {
        starttls: None,
        timeout: PATIENCE,
    };
    let mut seen = connect_to(&[place(address)], manner);
    let seen = seen.pop().ok_or_else(|| voice::dev::NOWHERE.to_owned())?;
    let connected = seen.map_err(|why| voice::served::unserved(&why))?;
    if connected.served.chain.first().map(Vec::as_slice) != Some(made.certificate.der().as_ref()) {
        return Err(voice::dev::ANOTHER.to_owned());
    }
    let authority = authority(&host, address.port());
    let request = format!("GET / HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n");
    let heard = talk(
        &place(address),
        &[request.as_bytes()],
        |_, _| false,
        PATIENCE,
    );
    let heard = heard.map_err(|why| voice::served::unserved(&why))?;
    let line = heard
        .split(|byte| *byte == b'\r')
        .next()
        .unwrap_or_default();
    let status = String::from_utf8_lossy(line);
    let status = status.split(' ').nth(1).unwrap_or_default();
    Ok(Proved {
        attempt: attempt(&host, address, Some(ca.to_path_buf())),
        version: connected.served.version,
        status: status.to_owned(),
    })
}

/// How somebody comes to a listener by a host: an address is come to by itself alone.
fn way(asked: &Identifier, listener: SocketAddr) -> Option<(String, SocketAddr)> {
    let address = match asked {
        Identifier::Dns(_) => reachable(listener),
        Identifier::Ip(ip) => {
            let is_any = listener.ip().is_unspecified() && listener.is_ipv4() == ip.is_ipv4();
            let is_there = is_any || listener.ip() == *ip;
            is_there.then(|| SocketAddr::new(*ip, listener.port()))?
        }
    };
    Some((asked.sample(), address))
}

/// How somebody on this machine tries what listens at an address.
fn attempt(host: &str, address: SocketAddr, ca: Option<PathBuf>) -> Attempt {
    Attempt {
        url: format!("https://{}/", authority(host, address.port())),
        resolve: resolve(host, address),
        ca,
    }
}

/// What curl's `--resolve` is told, where a host does not lead to an address by itself: `localhost` leads to this machine
/// (RFC 6761, section 6.3), and an address to itself.
fn resolve(host: &str, address: SocketAddr) -> Option<String> {
    let is_usual = [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()].contains(&address.ip());
    let is_local = host == "localhost" || host.ends_with(".localhost");
    if host.parse::<IpAddr>().is_ok() || (is_local && is_usual) {
        return None;
    }
    let to = match address.ip() {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => format!("[{ip}]"),
    };
    Some(format!("{host}:{}:{to}", address.port()))
}

/// RFC 3986, section 3.2; the port of https goes unsaid.
fn authority(host: &str, port: u16) -> String {
    const HTTPS: u16 = 443;
    let host = if host.contains(':') {
        format!("[{host}]")
    } else {
        host.to_owned()
    };
    if port == HTTPS {
        host
    } else {
        format!("{host}:{port}")
    }
}
