//! What others say of a service, and serve in its name, each in a time that is bounded.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use keyway_config::model::Status;
use keyway_config::{Endpoint, Service};
use keyway_dns::name::Name;
use keyway_report::Timestamp;

use super::connect::{self, Expected};
use super::{dns, leads};
use crate::arguments::{AskArguments, OutsideArguments, TrustArguments};
use crate::failure::Failure;
use crate::formats::outside::{Leads, Led, Outside, ServedAt, Serves};
use crate::intent::service::{Judged, ServiceHost};
use crate::intent::{Asking, Place, wait_for};
use crate::voice::served as words;

/// Most hosts that are looked at: as many as CAs put into one certificate (Let's Encrypt, "Rate Limits").
const MAX_HOSTS: usize = 100;

/// Most addresses that are connected to, 64 at a time: at twice two seconds each no longer than sixteen.
const MAX_PLACES: usize = 256;

/// Most resolvers, or servers, that may be named: each of them may be silent for as long as it is waited for.
const MAX_NAMED: usize = 8;

/// The port of https (RFC 9110, section 4.2.2).
const PORT: u16 = 443;

/// The port where nobody speaks TLS (RFC 9110, section 4.2.1).
const PLAIN_PORT: u16 = 80;

/// What is asked, and by what it is judged.
pub(super) struct Look<'l> {
    pub(super) arguments: &'l OutsideArguments,
    pub(super) trust: &'l TrustArguments,
    pub(super) service: &'l Service,
    pub(super) judged: &'l [Judged],
    pub(super) now: Timestamp,
}

/// The endpoint of a service file.
pub(super) enum End {
    Address(IpAddr),
    Name(Name),
}

impl End {
    fn of(service: &Service) -> Option<Self> {
        match Endpoint::parse(service.endpoint.as_deref()?)? {
            Endpoint::Address(address) => Some(Self::Address(address)),
            Endpoint::Name(text) => Name::read(&text).ok().map(Self::Name),
        }
    }
}

/// As it is shown: without the dot at the end of a name.
impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(address) => address.fmt(f),
            Self::Name(name) => f.write_str(&ServiceHost::Name(name.clone()).text()),
        }
    }
}

impl Look<'_> {
    /// Asks where the hosts lead, and connects to what is there.
    pub(super) fn at(&self, hosts: &[ServiceHost]) -> Result<Outside, Failure> {
        let mut outside = Outside::default();
        if self.arguments.offline || hosts.is_empty() {
            let nothing = [words::SERVED, words::DNS].map(str::to_owned);
            outside.not_checked.extend(nothing);
            return Ok(outside);
        }
        let (hosts, beyond) = hosts.split_at(hosts.len().min(MAX_HOSTS));
        let asking = match self.asking() {
            Ok(asking) => Ok(asking),
            // Without a resolver nothing can be seen; an address that was mistyped is another matter.
            Err(Failure::Ask(why)) => Err(why),
            Err(failure) => return Err(failure),
        };
        let names: Vec<&Name> = hosts.iter().filter_map(ServiceHost::name).collect();
        let end = End::of(self.service);
        let target = match &end {
            Some(End::Name(name)) => Some(name),
            _ => None,
        };
        let answers = wait_for(dns::ask(asking, &names, target))?;
        let end = end.as_ref();
        leads::tell(&answers, self.service, end, &names, self.now, &mut outside);
        let (mut places, mut nowhere) = (Vec::new(), Vec::new());
        for host in hosts {
            match self.places(host, &answers, end) {
                Ok(found) if found.is_empty() => nowhere.push(host),
                Ok(found) => places.extend(found),
                Err(why) => outside.served.push(unknown(host, why)),
            }
        }
        // Names below a wildcard may have addresses of their own, and it needs none where something is looked at.
        let is_all = places.is_empty() && outside.served.is_empty();
        for host in nowhere {
            if is_all || !host.text().starts_with('*') {
                let why = words::nowhere(self.here(), &host.asked());
                outside.served.push(unknown(host, why));
            }
        }
        let more = places.len().saturating_sub(MAX_PLACES);
        places.truncate(MAX_PLACES);
        connect::connect(places, self, &mut outside)?;
        unseen(&mut outside);
        if !beyond.is_empty() || more > 0 {
            let text = words::beyond(beyond.len(), more);
            outside.not_checked.push(text);
        }
        Ok(outside)
    }

    /// Whether nothing has to be served.
    pub(super) fn is_disabled(&self) -> bool {
        self.service.status() == Status::Disabled
    }

    fn asking(&self) -> Result<Asking, Failure> {
        let arguments = self.arguments;
        let known: Vec<String> = self
            .service
            .dns
            .resolvers
            .iter()
            .map(str::to_owned)
            .collect();
        let resolvers = if arguments.resolver.is_empty() {
            known.len()
        } else {
            arguments.resolver.len()
        };
        for count in [resolvers, arguments.server.len()] {
            if count > MAX_NAMED {
                return Err(Failure::Need(words::too_many(count, MAX_NAMED)));
            }
        }
        let typed = AskArguments {
            resolver: arguments.resolver.clone(),
            server: arguments.server.clone(),
            port: keyway_dns::net::PORT,
            timeout: arguments.timeout,
        };
        Asking::resolve(&typed, &known)
    }

    /// Where the service listens, as it is come to from this machine.
    fn here(&self) -> SocketAddr {
        let port = self.port();
        let listens = self.service.listen.iter();
        let mut listens = listens.filter_map(|listen| listen.parse::<SocketAddr>().ok());
        let own = listens.find(|at| at.port() == port && !at.ip().is_unspecified());
        own.unwrap_or(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
    }

    fn port(&self) -> u16 {
        let port = self.arguments.connect_port;
        port.unwrap_or_else(|| port_of(self.service))
    }

    /// Where to connect to for a host: where DNS leads, and to the address of the endpoint, before DNS does; why
    /// that is not known.
    fn places(
        &self,
        host: &ServiceHost,
        answers: &dns::Answers,
        end: Option<&End>,
    ) -> Result<Vec<Expected>, String> {
        let port = self.port();
        let place = |ip: IpAddr, is_led: bool| Expected {
            host: host.text(),
            place: Place {
                host: host.asked(),
                address: SocketAddr::new(ip, port),
            },
            certificates: host.certificates(self.judged),
            is_led,
        };
        let mut found: Vec<IpAddr> = Vec::new();
        match host {
            ServiceHost::Address(address) => return Ok(vec![place(*address, true)]),
            ServiceHost::Name(name) => match (answers.addresses(name), end) {
                (Ok(addresses), _) => found.extend(addresses),
                (Err(_), Some(End::Address(_))) => {}
                (Err(why), _) => return Err(why),
            },
        }
        let endpoint = match end {
            Some(End::Address(address)) if !found.contains(address) => Some(*address),
            _ => None,
        };
        let led = found.into_iter().map(|ip| place(ip, true));
        Ok(led.chain(endpoint.map(|ip| place(ip, false))).collect())
    }
}

fn unseen(outside: &mut Outside) {
    let is_unseen = |at: &&ServedAt| at.standing == Serves::Unknown;
    let count = outside.served.iter().filter(is_unseen).count();
    let served = words::unseen(count, outside.served.len());
    let is_unsaid = |led: &&Led| led.standing == Leads::Unknown;
    let count = outside.dns.iter().filter(is_unsaid).count();
    let dns = words::unsaid(count, outside.dns.len());
    outside.not_checked.extend(served.into_iter().chain(dns));
}

/// Where clients of TLS come to.
fn port_of(service: &Service) -> u16 {
    let endpoint = service.endpoint.as_deref().and_then(Endpoint::port);
    let mut listens = service
        .listen
        .iter()
        .filter_map(|listen| listen.rsplit_once(':')?.1.parse().ok())
        .filter(|port| *port != PLAIN_PORT);
    endpoint.or_else(|| listens.next()).unwrap_or(PORT)
}

fn unknown(host: &ServiceHost, why: String) -> ServedAt {
    ServedAt {
        host: host.text(),
        address: None,
        is_led: false,
        standing: Serves::Unknown,
        version: None,
        certificate: None,
        why: Some(why),
        codes: Vec::new(),
    }
}
