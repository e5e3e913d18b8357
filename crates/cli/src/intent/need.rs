//! What a service needs of the DNS: from its file, and from what was typed.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::Path;

use keyway_chain::name::Host;
use keyway_config::model::{Listed, Service, Status};
use keyway_dns::name::Name;
use keyway_dns::wanted::{
    Endpoint, EndpointFault, Idle, Issuer, Need, NeedError, Pin, Standing, Wanted, wanted,
    wanted_in,
};
use keyway_dns::zone::Finding;

use super::host::host;
use super::known::{Known, with_slips_told};
use super::on_disk::{OnDisk, own_certificates, public_key};
use super::ports::{endpoints, places, port};
use super::service::{Names, ServiceFile, standing_name};
use super::{date, moment};
use crate::arguments::{NeedArguments, SERVICE_FILE};
use crate::failure::Failure;
use crate::voice;

/// TTL of records that are made, seconds, where nobody says (as `dns.ttl` is documented).
const TTL: u32 = 300;

/// What a service needs, and whom to ask about it.
pub(crate) struct Needed {
    /// The records.
    pub(crate) wanted: Vec<Wanted>,
    /// The names that clients ask for.
    pub(crate) hosts: Vec<Name>,
    /// The zone, where somebody said it.
    pub(crate) zone: Option<Name>,
    /// The port that clients come to.
    pub(crate) port: u16,
    /// Addresses of the endpoint for which somebody said a port, each with it.
    pub(crate) places: BTreeSet<SocketAddr>,
    /// Of what all this comes.
    need: Need,
    /// Values at `_acme-challenge` that have done their work.
    done: Vec<String>,
    /// What is seen in it without asking anybody.
    pub(crate) findings: Vec<Finding>,
    /// Hosts of a service file that are in other zones than the one that somebody said.
    elsewhere: Vec<Name>,
    /// The issuer of the service file, where nobody says what CAA records call it.
    nameless: Option<Nameless>,
    /// The certificates of the service file, as far as they can be read.
    own: Vec<OnDisk>,
    /// What the service file says of servers.
    pub(crate) known: Known,
}

/// An issuer of a service file for which no CAA record is planned.
pub(crate) enum Nameless {
    /// It gives no certificate out, as the certificate is not managed.
    Idle(String),
    /// It is a CA by its URL, which says nothing of its name in CAA.
    Unknown(String),
}

impl Needed {
    /// The service file that is meant, where one is.
    pub(crate) fn file(arguments: &NeedArguments) -> Option<&Path> {
        let usual = arguments.host.is_empty().then(|| Path::new(SERVICE_FILE));
        arguments.file.as_deref().or(usual)
    }

    /// Resolves what was typed.
    pub(crate) fn resolve(arguments: &NeedArguments) -> Result<Self, Failure> {
        let file = Self::file(arguments).map(with_slips_told).transpose()?;
        let service = file.as_ref().map(|file| &file.draft.service);
        let ttl = service.and_then(|service| service.dns.ttl);
        let ttl = arguments.ttl.or(ttl).unwrap_or(TTL);
        let zone = arguments
            .zone
            .as_deref()
            .or_else(|| service.and_then(|service| service.dns.zone.as_deref()));
        let zone = zone.map(name).transpose()?;
        let (hosts, elsewhere) = hosts(arguments, file.as_ref())?.within(zone.as_ref())?;
        let (port, findings) = port(arguments, service);
        let need = Need {
            issuers: issuers(arguments, service),
            pins: pins(arguments, port)?,
            port,
            alpn: alpn(arguments, service),
            hints: arguments.hints,
            challenges: arguments.challenge.clone(),
            standing: standing(arguments)?,
            ..Need::new(hosts, endpoint(arguments, service)?, ttl)
        };
        let done = arguments.challenge_done.clone();
        Ok(Self {
            wanted: wanted_of(&need, &done, zone.as_ref())?,
            zone,
            elsewhere,
            nameless: service
                .filter(|_| need.issuers.is_empty())
                .and_then(nameless),
            port,
            places: places(arguments, service),
            findings,
            own: file.as_ref().map(own_certificates).unwrap_or_default(),
            known: Known::of(file.as_ref()),
            hosts: need.hosts.clone(),
            need,
            done,
        })
    }

    /// The records, where the zone is known.
    pub(crate) fn wanted_in(&self, zone: &Name) -> Result<Vec<Wanted>, Failure> {
        wanted_of(&self.need, &self.done, Some(zone))
    }

    /// What is wished for and comes to nothing, as far as the zone is known.
    pub(crate) fn idle(&self, zone: Option<&Name>) -> Vec<Idle> {
        self.need.idle_in(zone)
    }

    /// CAs that may issue.
    pub(crate) fn issuers(&self) -> &[Issuer] {
        &self.need.issuers
    }

    /// The keys that hosts are served with by the certificates of the service file: SHA-256 of each, by host.
    pub(crate) fn keys(&self) -> BTreeMap<Name, Vec<[u8; 32]>> {
        let hosts = self.hosts.iter().filter(|host| !host.is_wildcard());
        let keys = hosts.map(|host| {
            let own = self.own.iter().filter(|own| own.is_for(host) == Some(true));
            let keys = own.map(|own| own.spki_sha256).collect();
            (host.clone(), keys)
        });
        keys.filter(|(_, keys): &(_, Vec<_>)| !keys.is_empty())
            .collect()
    }

    /// What was wished for and is not planned, in words.
    pub(crate) fn left_out<'n>(&self, zones: impl Iterator<Item = &'n Name>) -> Option<String> {
        let nameless = self.nameless.as_ref();
        let mut idle = self.need.idle();
        for zone in zones {
            let in_zone = self.idle(Some(zone));
            idle.retain(|idle| in_zone.contains(idle));
        }
        voice::plan::left_out(&self.elsewhere, &idle, nameless)
    }
}

fn wanted_of(need: &Need, done: &[String], zone: Option<&Name>) -> Result<Vec<Wanted>, Failure> {
    let unfit = |error: NeedError| Failure::Need(error.to_string());
    let mut wanted = wanted_in(need, zone).map_err(unfit)?;
    Wanted::without_challenges(&mut wanted, &need.hosts, done).map_err(unfit)?;
    Ok(wanted)
}

fn name(given: &str) -> Result<Name, Failure> {
    Name::read(given).map_err(|fault| Failure::Need(format!("{given:?} is no name: {fault}")))
}

/// Names to point at the service.
struct Hosts {
    names: Vec<Name>,
    /// Whether somebody typed them, and means just these.
    is_typed: bool,
}

impl Hosts {
    /// Those of a zone, and the others. Names that somebody typed are all meant.
    fn within(self, zone: Option<&Name>) -> Result<(Vec<Name>, Vec<Name>), Failure> {
        let Some(zone) = zone.filter(|_| !self.is_typed) else {
            return Ok((self.names, Vec::new()));
        };
        let (within, elsewhere): (Vec<_>, Vec<_>) = self
            .names
            .into_iter()
            .partition(|host| host.is_within(zone));
        if within.is_empty() {
            let why = format!("none of the service's hosts is in the zone {zone}");
            return Err(Failure::Need(why));
        }
        Ok((within, elsewhere))
    }
}

/// What was typed, else what the file has; an address among a service's hosts needs no record.
fn hosts(arguments: &NeedArguments, file: Option<&ServiceFile>) -> Result<Hosts, Failure> {
    let typed: Vec<String> = if arguments.host.is_empty() {
        let hosts = file.map(|file| &file.draft.service.host);
        hosts
            .into_iter()
            .flat_map(Listed::iter)
            .map(str::to_owned)
            .collect()
    } else {
        arguments.host.clone()
    };
    let mut hosts = Vec::new();
    for given in &typed {
        // A wildcard is a name to the DNS, and to nobody who connects.
        let (front, rest) = match given.strip_prefix("*.") {
            Some(rest) => ("*.", rest),
            None => ("", given.as_str()),
        };
        match host(rest)? {
            Host::Name(known) => hosts.push(name(&format!("{front}{}", known.ascii()))?),
            _ if arguments.host.is_empty() => {}
            _ => {
                return Err(Failure::Need(format!(
                    "{given:?} is an address; it needs no record"
                )));
            }
        }
    }
    let managed = file.filter(|file| file.draft.service.tls.leaf_domain_label.is_some());
    if let Some(file) = managed
        && arguments.host.is_empty()
    {
        let names = Names::of(arguments.state.state.as_deref(), &file.path)?;
        // Where it was made elsewhere, it is among the hosts.
        match names.existing() {
            Some(made) => hosts.push(name(&made)?),
            None if standing_name(file).is_some() => {}
            None => {
                let why = "the service has a managed name, and none was made yet; `keyway enable` makes it";
                return Err(Failure::Need(why.to_owned()));
            }
        }
    }
    if hosts.is_empty() {
        let why = "no name is given; name one with --host, or as `host` in the service file";
        return Err(Failure::Need(why.to_owned()));
    }
    Ok(Hosts {
        names: hosts,
        is_typed: !arguments.host.is_empty(),
    })
}

fn endpoint(arguments: &NeedArguments, service: Option<&Service>) -> Result<Endpoint, Failure> {
    let typed = endpoints(arguments, service);
    let (mut addresses, mut names) = (Vec::new(), Vec::new());
    for given in typed {
        match keyway_config::Endpoint::parse(given) {
            Some(keyway_config::Endpoint::Address(address)) => addresses.push(address),
            Some(keyway_config::Endpoint::Name(found)) => names.push(name(&found)?),
            None => {
                let why = format!(
                    "{given:?} holds neither an address nor a name, or a port that is none"
                );
                return Err(Failure::Need(why));
            }
        }
    }
    Endpoint::of(addresses, names).map_err(|fault| {
        Failure::Need(match fault {
            EndpointFault::Nothing => "where the service is is not known; say it with --endpoint, or as `endpoint` in the service file".to_owned(),
            EndpointFault::Mixed => fault.to_string(),
        })
    })
}

/// The records that lead hosts to the endpoint of a service file; none where the file says no endpoint.
pub(crate) fn records_of(service: &Service, hosts: &[Name]) -> Vec<Wanted> {
    let endpoint = service.endpoint.as_deref();
    let endpoint = match endpoint.and_then(keyway_config::Endpoint::parse) {
        Some(keyway_config::Endpoint::Address(address)) => Endpoint::Addresses(vec![address]),
        Some(keyway_config::Endpoint::Name(text)) => match Name::read(&text) {
            Ok(name) => Endpoint::Name(name),
            Err(_) => return Vec::new(),
        },
        None => return Vec::new(),
    };
    let need = Need::new(hosts.to_vec(), endpoint, service.dns.ttl.unwrap_or(TTL));
    // Of an endpoint alone nothing is made that could be too long.
    wanted(&need).unwrap_or_default()
}

fn issuers(arguments: &NeedArguments, service: Option<&Service>) -> Vec<Issuer> {
    let known = service.and_then(Service::managed_issuer).map(str::to_owned);
    let domains = if arguments.ca.is_empty() {
        known.into_iter().collect()
    } else {
        arguments.ca.clone()
    };
    let issuer = |domain| Issuer {
        domain,
        account: arguments.account.clone(),
        methods: arguments.method.clone(),
    };
    domains.into_iter().map(issuer).collect()
}

/// What a service file has as its issuer, where it says so and no CA is known by that. The development CA asks nobody.
fn nameless(service: &Service) -> Option<Nameless> {
    let issuer = service.tls.issuer.as_deref()?;
    let nameless = match service.status() {
        Status::Auto => Nameless::Unknown,
        _ => Nameless::Idle,
    };
    (issuer != "local").then(|| nameless(issuer.to_owned()))
}

fn standing(arguments: &NeedArguments) -> Result<Option<Standing>, Failure> {
    if !arguments.persist {
        return Ok(None);
    }
    let until = arguments.persist_until.as_deref();
    let until = until
        .map(|given| date("--persist-until", given))
        .transpose()?;
    let now = moment(None)?;
    match until.filter(|until| *until <= now) {
        Some(past) => Err(Failure::Need(voice::plan::persists_no_more(past))),
        None => Ok(Some(Standing { until })),
    }
}

fn alpn(arguments: &NeedArguments, service: Option<&Service>) -> Vec<String> {
    if !arguments.https {
        return Vec::new();
    }
    let offered = service.map(Service::announced_protocols);
    offered.unwrap_or_else(keyway_config::web_protocols)
}

fn pins(arguments: &NeedArguments, port: u16) -> Result<Vec<Pin>, Failure> {
    let pins = arguments.tlsa.iter().map(|path| {
        let key = public_key(path)?;
        Ok(Pin {
            port: arguments.tlsa_port.unwrap_or(port),
            spki_sha256: key.spki_sha256,
        })
    });
    pins.collect()
}
