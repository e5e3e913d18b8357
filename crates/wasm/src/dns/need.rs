//! What a service needs, from its file and from what was typed: as `keyway dns` takes it.

use keyway_chain::name::{Host, public_suffix};
use keyway_config::Service;
use keyway_dns::digest;
use keyway_dns::name::Name;
use keyway_dns::wanted::{
    Endpoint, EndpointFault, HTTPS_PORT, Issuer, Need, Pin, Standing, common_port,
};
use keyway_report::escape;
use serde::Deserialize;

use super::NeedFault;
use crate::options::Password;
use crate::problem::Problem;
use crate::service::draft;

/// Most entries of a list that are looked at: ten times the names that public CAs put into a certificate.
pub(super) const MAX_EACH: usize = 1_000;

/// TTL of records where nobody says, seconds (as `dns.ttl` of a service file is documented).
const TTL: u32 = 300;

/// What a service needs of the DNS. What is said here counts; for the rest the service file does.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct DnsNeed {
    /// The service file, in TOML or JSON.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub service: Option<Password>,
    /// Names that clients ask for.
    pub hosts: Vec<String>,
    /// Where the service is: addresses or one name, each by itself or in a URL.
    pub endpoint: Vec<String>,
    /// The zone; found by the public suffixes when nobody says it.
    pub zone: Option<String>,
    /// How long answers may be remembered, seconds; 300 when nobody says it.
    pub ttl: Option<u32>,
    /// CAs that may issue, by their CAA domains.
    pub ca: Vec<String>,
    /// The account at the CA that may ask, as a URI (RFC 8657).
    pub account: Option<String>,
    /// Methods of validation that the CA may use (RFC 8657).
    pub methods: Vec<String>,
    /// Whether there is an HTTPS record (RFC 9460).
    pub https: bool,
    /// Whether it holds the addresses, too.
    pub hints: bool,
    /// SHA-256 of the public keys that TLSA records pin, as hexadecimal: a report's `spki_sha256`.
    pub pins: Vec<String>,
    /// The TCP port that they are for; when not given, that of the endpoint, else 443.
    pub port: Option<u16>,
    /// Values that a CA looks for at `_acme-challenge`.
    pub challenges: Vec<String>,
    /// Whether the account may validate again and again, by a record at `_validation-persist` (dns-persist-01, a draft).
    pub persist: bool,
}

impl DnsNeed {
    /// What it comes to.
    pub(super) fn resolve(&self) -> Result<Resolved, Problem> {
        let lists = [
            &self.hosts,
            &self.endpoint,
            &self.ca,
            &self.methods,
            &self.pins,
            &self.challenges,
        ];
        if let Some(long) = lists.iter().find(|list| list.len() > MAX_EACH) {
            return Err(NeedFault::TooMany(long.len()).into());
        }
        let text = self.service.as_ref().map(Password::as_str);
        let text = text.filter(|text| !text.trim().is_empty());
        let service = text.map(|text| draft(text).map(|draft| draft.service));
        let service = service.transpose()?;
        let service = service.as_ref();
        let zone = self
            .zone
            .as_deref()
            .or_else(|| service.and_then(|service| service.dns.zone.as_deref()))
            .filter(|zone| !zone.trim().is_empty());
        let zone = zone.map(|zone| name(zone.trim())).transpose()?;
        let (hosts, elsewhere) = self.within(self.hosts(service)?, zone.as_ref())?;
        let ttl = service.and_then(|service| service.dns.ttl);
        let ttl = self.ttl.or(ttl).unwrap_or(TTL);
        let port = self.clients_port(service);
        let need = Need {
            issuers: self.issuers(service),
            pins: self.pins(port)?,
            port,
            alpn: self.alpn(service),
            hints: self.hints,
            challenges: self.challenges.clone(),
            standing: self.persist.then_some(Standing { until: None }),
            ..Need::new(hosts, self.endpoint(service)?, ttl)
        };
        let guess = need.hosts.first().and_then(registered);
        let mut idle: Vec<String> = need
            .idle_in(zone.as_ref().or(guess.as_ref()))
            .iter()
            .map(ToString::to_string)
            .collect();
        let elsewhere = elsewhere.iter().map(ToString::to_string);
        idle.extend(elsewhere.map(|host| format!("{host} is in another zone, and left out")));
        Ok(Resolved {
            need,
            zone,
            guess,
            idle,
        })
    }

    /// Hosts of a zone, and the others of a service file. Names that somebody typed are all meant.
    fn within(
        &self,
        hosts: Vec<Name>,
        zone: Option<&Name>,
    ) -> Result<(Vec<Name>, Vec<Name>), NeedFault> {
        let Some(zone) = zone.filter(|_| self.hosts.is_empty()) else {
            return Ok((hosts, Vec::new()));
        };
        let (within, elsewhere): (Vec<_>, Vec<_>) =
            hosts.into_iter().partition(|host| host.is_within(zone));
        if within.is_empty() {
            return Err(NeedFault::NoneWithin(zone.to_string()));
        }
        Ok((within, elsewhere))
    }

    /// Names to point at the service; an address among a service's own hosts needs no record.
    fn hosts(&self, service: Option<&Service>) -> Result<Vec<Name>, Problem> {
        let is_typed = !self.hosts.is_empty();
        let typed: Vec<&str> = if is_typed {
            self.hosts.iter().map(String::as_str).collect()
        } else {
            let hosts = service.map(|service| service.host.iter());
            hosts.into_iter().flatten().collect()
        };
        if typed.len() > MAX_EACH {
            return Err(NeedFault::TooMany(typed.len()).into());
        }
        let mut hosts = Vec::new();
        for given in typed {
            // A wildcard is a name to the DNS, and to nobody who connects.
            let (front, rest) = match given.trim().strip_prefix("*.") {
                Some(rest) => ("*.", rest),
                None => ("", given),
            };
            match Host::parse(rest).map_err(|reason| Problem::host(given, reason))? {
                Host::Name(known) => hosts.push(name(&format!("{front}{}", known.ascii()))?),
                Host::Ip(_) if is_typed => return Err(NeedFault::Address(shown(given)).into()),
                Host::Ip(_) => {}
                Host::Literal(literal) => {
                    return Err(NeedFault::Host(shown(given), literal.fault()).into());
                }
            }
        }
        let is_managed = service.is_some_and(|service| service.tls.leaf_domain_label.is_some());
        match (hosts.is_empty(), is_managed && !is_typed) {
            (_, true) => Err(NeedFault::Managed.into()),
            (true, false) => Err(NeedFault::NoHost.into()),
            (false, false) => Ok(hosts),
        }
    }

    /// Where somebody said that the service is: here, else in its file.
    fn endpoints<'s>(&'s self, service: Option<&'s Service>) -> Vec<&'s str> {
        let known = service.and_then(|service| service.endpoint.as_deref());
        if self.endpoint.is_empty() {
            known.into_iter().collect()
        } else {
            self.endpoint.iter().map(String::as_str).collect()
        }
    }

    /// The port that clients come to: that of the endpoint, where all of it has one.
    fn clients_port(&self, service: Option<&Service>) -> u16 {
        let typed = self.endpoints(service).into_iter();
        common_port(typed.map(keyway_config::Endpoint::port)).unwrap_or(HTTPS_PORT)
    }

    fn endpoint(&self, service: Option<&Service>) -> Result<Endpoint, NeedFault> {
        let typed = self.endpoints(service);
        let (mut addresses, mut names) = (Vec::new(), Vec::new());
        for given in typed {
            match keyway_config::Endpoint::parse(given) {
                Some(keyway_config::Endpoint::Address(address)) => addresses.push(address),
                Some(keyway_config::Endpoint::Name(found)) => names.push(name(&found)?),
                None => return Err(NeedFault::Endpoint(shown(given))),
            }
        }
        Endpoint::of(addresses, names).map_err(|fault| match fault {
            EndpointFault::Nothing => NeedFault::NoEndpoint,
            EndpointFault::Mixed => NeedFault::Mixed,
        })
    }

    fn issuers(&self, service: Option<&Service>) -> Vec<Issuer> {
        let domains = if self.ca.is_empty() {
            let known = service.and_then(Service::managed_issuer);
            known.map(str::to_owned).into_iter().collect()
        } else {
            self.ca.clone()
        };
        let issuer = |domain| Issuer {
            domain,
            account: self.account.clone(),
            methods: self.methods.clone(),
        };
        domains.into_iter().map(issuer).collect()
    }

    fn alpn(&self, service: Option<&Service>) -> Vec<String> {
        if !self.https {
            return Vec::new();
        }
        let offered = service.map(Service::announced_protocols);
        offered.unwrap_or_else(keyway_config::web_protocols)
    }

    fn pins(&self, port: u16) -> Result<Vec<Pin>, NeedFault> {
        let port = self.port.unwrap_or(port);
        let pins = self.pins.iter().map(|text| {
            let spki_sha256 = digest::read(text).ok_or_else(|| NeedFault::Pin(shown(text)))?;
            Ok(Pin { port, spki_sha256 })
        });
        pins.collect()
    }
}

/// A need, and where its records are.
pub(super) struct Resolved {
    pub(super) need: Need,
    /// As it was said.
    pub(super) zone: Option<Name>,
    /// As the public suffixes have it.
    pub(super) guess: Option<Name>,
    /// What is wished for and comes to nothing.
    pub(super) idle: Vec<String>,
}

/// A name of a DNS zone.
pub(super) fn name(given: &str) -> Result<Name, NeedFault> {
    Name::read(given).map_err(|fault| NeedFault::Name(shown(given), fault))
}

fn shown(given: &str) -> String {
    escape::text(given)
}

/// The name below a public suffix that a host belongs to: what somebody registered, and most often the zone.
fn registered(host: &Name) -> Option<Name> {
    let text = host.to_string();
    let suffix = Name::read(&public_suffix(&text)?.name).ok()?;
    let mut here = host.clone();
    loop {
        let above = here.parent()?;
        if above == suffix {
            return Some(here).filter(|found| !found.is_wildcard());
        }
        here = above;
    }
}
