//! `keyway dns verify` and `keyway dns wait`

mod views;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, IsTerminal as _};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use keyway_dns::message::Question;
use keyway_dns::name::Name;
use keyway_dns::net::{Authority, Held, Server};
use keyway_dns::plan::file::PlanFile;
use keyway_dns::plan::{binding_of_port, pins_of_port};
use keyway_dns::rdata::Type;
use keyway_dns::verify::{ports_elsewhere, unasked, verify};
use keyway_dns::view::{Role, View};
use keyway_dns::wanted::Wanted;
use keyway_dns::zone::Finding;

use self::views::views;
use super::connect;
use super::cuts::{beyond, starts};
use super::deadline::Deadline;
use super::everywhere::Others;
use super::issuance::barred;
use super::targets::{aliases, at_apex, at_hosts, led, without_issuers_at_aliases};
use crate::arguments::{ListFormat, VerifyArguments};
use crate::failure::Failure;
use crate::formats::{json, verified as form};
use crate::intent::{Asking, Carried, Known, Needed, moment, public_key, read_file, wait_for};
use crate::terminal::{self, Exit, Look};
use crate::voice;

/// Longest that servers are asked in one look: enough for the 4,000 questions about a thousand hosts at a server
/// that takes a second for each.
const LONGEST_LOOK: Duration = Duration::from_secs(150);

/// What is looked for, and where.
pub(super) struct Sought {
    wanted: Vec<Wanted>,
    /// Of what they come, where that is no plan.
    needed: Option<Needed>,
    /// Whether what is left out of it was told.
    is_told: Cell<bool>,
    pub(super) hosts: Vec<Name>,
    zone: Option<Name>,
    /// The plan that was carried out, where records are those of one.
    carried: Option<Carried>,
    /// The port that clients come to.
    pub(super) port: u16,
    /// Addresses of which somebody said a port, each with it.
    places: BTreeSet<SocketAddr>,
    /// The keys that hosts are served with, SHA-256 of each, where somebody says so: their pins are looked at, whoever made
    /// them.
    keys: BTreeMap<Name, Vec<[u8; 32]>>,
    pub(super) asking: Asking,
}

/// Looks once.
pub(super) fn run(arguments: &VerifyArguments, look: Look) -> Result<Exit, Failure> {
    let sought = Sought::resolve(arguments)?;
    let answer = wait_for(once(arguments, &sought, Deadline::after(None)))??;
    print(arguments, &answer, look)?;
    Ok(exit(&answer))
}

/// What nobody could find out is no agreement, and nothing that was seen to be wrong.
pub(super) fn exit(answer: &form::Answer) -> Exit {
    match (answer.agrees, answer.differs) {
        (true, _) => Exit::Clean,
        (false, true) => Exit::Findings,
        (false, false) => Exit::Failed,
    }
}

pub(super) fn print(
    arguments: &VerifyArguments,
    answer: &form::Answer,
    look: Look,
) -> Result<(), Failure> {
    terminal::print(&match arguments.format {
        ListFormat::Text => voice::verified::verified(answer, look),
        ListFormat::Json => json::ended(serde_json::to_string_pretty(answer)),
    })
}

impl Sought {
    pub(super) fn resolve(arguments: &VerifyArguments) -> Result<Self, Failure> {
        let named = arguments.cert.as_deref().map(public_key).transpose()?;
        let named = named.map(|named| named.spki_sha256);
        let Some(path) = &arguments.plan else {
            let needed = Needed::resolve(&arguments.need)?;
            let asking = asking(arguments, &needed.known)?;
            return Ok(Self {
                keys: match named {
                    Some(key) => of_all(&needed.hosts, key),
                    None => needed.keys(),
                },
                wanted: needed.wanted.clone(),
                hosts: needed.hosts.clone(),
                zone: needed.zone.clone(),
                carried: None,
                port: arguments.connect_port.unwrap_or(needed.port),
                places: match arguments.connect_port {
                    Some(_) => BTreeSet::new(),
                    None => needed.places.clone(),
                },
                needed: Some(needed),
                is_told: Cell::new(false),
                asking,
            });
        };
        let given = read_file(path).map_err(|refused| refused.at(path))?;
        let plan = PlanFile::read(&given.bytes).map_err(|error| Failure::Plan {
            path: path.clone(),
            why: error.to_string(),
        })?;
        let wanted = Wanted::of_plan(&plan);
        if wanted.is_empty() {
            let why = voice::plan::nothing_to_do().to_owned();
            return Err(Failure::Need(why));
        }
        let hosts = led(&wanted);
        let (zone, port) = (plan.zone.clone(), plan.port);
        Ok(Self {
            wanted,
            needed: None,
            is_told: Cell::new(true),
            port: arguments.connect_port.unwrap_or(port),
            places: match arguments.connect_port {
                Some(_) => BTreeSet::new(),
                None => plan.places.clone(),
            },
            carried: Some(Carried::new(plan, path)),
            keys: named.map(|key| of_all(&hosts, key)).unwrap_or_default(),
            hosts,
            zone: Some(zone),
            asking: asking(arguments, &Known::default())?,
        })
    }

    /// Where clients come to at an address.
    pub(super) fn at(&self, ip: IpAddr) -> Vec<SocketAddr> {
        let own = self.places.iter().filter(|place| place.ip() == ip);
        let own: Vec<SocketAddr> = own.copied().collect();
        if own.is_empty() {
            vec![SocketAddr::new(ip, self.port)]
        } else {
            own
        }
    }

    /// What is wanted in a zone.
    async fn wanted_of(
        &self,
        held: &Held,
        views: &[View],
        asking: &Asking,
        deadline: Deadline,
    ) -> Result<Vec<Wanted>, Failure> {
        let zone = &held.authority.zone;
        let needed = self.needed.as_ref().filter(|_| self.hosts.contains(zone));
        let mut wanted = match needed {
            Some(needed) => needed.wanted_in(zone)?,
            None => self.wanted.clone(),
        };
        wanted.retain(|want| held.names.contains(&want.name));
        let is_alias = |name: &Name| views.iter().any(|view| view.aliases.contains_key(name));
        (wanted, _) = without_issuers_at_aliases(wanted, &self.hosts, is_alias);
        // What a plan makes of a host is no alias of another one.
        if self.carried.is_none() {
            wanted = at_hosts(wanted, &self.hosts, views);
        }
        Ok(at_apex(wanted, held, asking, deadline).await)
    }

    /// The names that there is something to ask about.
    fn names(&self) -> BTreeSet<Name> {
        let wanted = self.wanted.iter().map(|want| &want.name);
        wanted.chain(&self.hosts).cloned().collect()
    }

    /// What is asked about these names.
    fn questions(&self, names: &BTreeSet<Name>) -> BTreeSet<Question> {
        let wanted = self.wanted.iter().map(|want| (&want.name, want.kind));
        let kinds = [Type::A, Type::AAAA, Type::HTTPS];
        let hosts = self
            .hosts
            .iter()
            .flat_map(|host| kinds.map(|kind| (host, kind)));
        let ports = self.places.iter().map(SocketAddr::port);
        let ports: BTreeSet<u16> = ports.chain([self.port]).collect();
        let hosts_with_keys = self.keys.keys().filter(|host| names.contains(host));
        let pins = hosts_with_keys.flat_map(|host| {
            let ports = ports.iter();
            ports.filter_map(move |port| pins_of_port(host, *port))
        });
        let mut questions: BTreeSet<Question> = BTreeSet::new();
        // What the zone starts with, and whether it is signed, says how long it is remembered that there is nothing.
        questions.extend(self.zone.iter().flat_map(|zone| starts(names, zone)));
        let zone = self.zone.iter().filter(|_| self.carried.is_some());
        questions.extend(zone.map(|zone| Question {
            name: zone.clone(),
            kind: Type::DNSKEY,
        }));
        questions.extend(pins);
        let own = self.hosts.iter().filter(|host| names.contains(host));
        questions.extend(own.filter_map(|host| binding_of_port(host, self.port)));
        let ours = wanted.chain(hosts).filter(|(name, _)| names.contains(name));
        questions.extend(ours.map(|(name, kind)| Question {
            name: name.clone(),
            kind,
        }));
        questions
    }
}

/// One key for all hosts that have a name of their own.
fn of_all(hosts: &[Name], key: [u8; 32]) -> BTreeMap<Name, Vec<[u8; 32]>> {
    let hosts = hosts.iter().filter(|host| !host.is_wildcard());
    hosts.map(|host| (host.clone(), vec![key])).collect()
}

fn asking(arguments: &VerifyArguments, known: &Known) -> Result<Asking, Failure> {
    // The file's server takes updates; every server of the zone is asked here.
    Asking::resolve(&arguments.ask, &known.resolvers)
}

/// Asks everybody once.
pub(super) async fn once(
    arguments: &VerifyArguments,
    sought: &Sought,
    deadline: Deadline,
) -> Result<form::Answer, Failure> {
    // A moment that is none is told before anybody is asked.
    moment(arguments.at.as_deref())?;
    let on_disk = arguments.cert.as_deref().map(public_key).transpose()?;
    let asking = &sought.asking;
    let zones = deadline.bound(asking.authorities(sought.names(), sought.zone.as_ref()));
    let zones = zones.await.unwrap_or_else(|| {
        let why = voice::verified::out_of_time().to_owned();
        Err(Failure::Ask(why))
    })?;
    if let Some(needed) = sought
        .needed
        .as_ref()
        .filter(|_| !sought.is_told.replace(true))
    {
        let zones = zones.iter().map(|held| &held.authority.zone);
        if let Some(note) = needed.left_out(zones) {
            terminal::note(&note);
        }
    }
    let mut answer = form::Answer::new();
    let mut all = Vec::new();
    let views = views(sought, &zones, deadline).await;
    // Caches may have asked until the last answer came.
    let now = moment(arguments.at.as_deref())?;
    for (held, views) in zones.iter().zip(views) {
        if let Some(zone) = &sought.zone {
            let masters = views.iter().filter(|it| it.role == Role::Authoritative);
            for view in masters {
                beyond(view, &held.names, zone)?;
            }
        }
        let wanted = sought.wanted_of(held, &views, asking, deadline).await?;
        let verified = verify(&wanted, &views, &sought.keys, now);
        answer.add(&held.authority.zone, &wanted, &views, verified);
        answer.found(silent(&held.authority));
        if let Some(needed) = &sought.needed {
            let barred = deadline.bound(barred(needed, &held.authority, asking));
            answer.found(barred.await.unwrap_or_default());
        }
        let ports = sought.places.iter().map(SocketAddr::port).collect();
        answer.found(ports_elsewhere(&views, &ports));
        let limit = deadline.look(LONGEST_LOOK);
        let mut unasked = Others::within(limit, &arguments.ask, &held.authority, asking).await;
        if arguments.no_other_servers {
            unasked = unasked.named_alone();
        }
        answer.others(unasked.are_unknown(), unasked.may_be_told());
        let unasked = unasked.names();
        if let Some(carried) = &sought.carried {
            let is_now = arguments.at.is_none();
            let mut servers = held.authority.servers.iter();
            let is_known = servers.all(|server| server.unknown.is_none());
            let is_all = is_known && unasked.is_empty();
            let released = carried.released(&held.authority, &views, now, is_now, is_all)?;
            answer.let_go(released, carried.is_settled(), now);
        }
        answer.unasked(unasked);
        all.extend(views);
    }
    match on_disk {
        Some(disk) => {
            let asking = deadline.hurry(asking);
            let held = connect::hold(sought, &asking, &all, &disk).await?;
            answer.unreached(held.unreached, held.is_unseen);
            answer.found(held.findings);
        }
        None => answer.found(aliases(&sought.wanted, asking, &zones, deadline).await),
    }
    Ok(answer)
}

/// Servers that nobody can ask.
fn silent(authority: &Authority) -> Vec<Finding> {
    let servers = authority.servers.iter();
    let silent = servers.filter(|server| server.addresses.is_empty());
    let why = |server: &Server| match &server.unknown {
        Some(why) => voice::verified::address_unknown(why),
        None => voice::verified::no_address().to_owned(),
    };
    let silent =
        silent.filter_map(|server| Some(unasked(server.name.as_ref()?.to_string(), why(server))));
    silent.collect()
}

/// A bar on a terminal, and nothing elsewhere.
pub(super) fn bar(template: &str) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template(template);
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(Some(1), ProgressDrawTarget::stderr()).with_style(style)
}
