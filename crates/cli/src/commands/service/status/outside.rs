//! What others say of a service, and serve in its name, each in a time that is bounded.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use keyway_config::model::Status;
use keyway_config::{Endpoint, Service};
use keyway_report::Timestamp;

use super::connect::{self, Expected};
use super::dns;
use crate::arguments::{AskArguments, OutsideArguments};
use crate::failure::Failure;
use crate::formats::outside::{Leads, Outside, ServedAt, Serves};
use crate::intent::service::{Judged, ServiceHost};
use crate::intent::{Asking, Place, wait_for};
use crate::voice::served as words;

/// Most hosts that are looked at: what fits on a screen. `keyway dns verify` looks at all.
const MAX_HOSTS: usize = 16;

/// Most addresses that are connected to, a thread for each: four for each host.
const MAX_PLACES: usize = 64;

/// The port of https (RFC 9110, section 4.2.2).
const PORT: u16 = 443;

/// The port where nobody speaks TLS (RFC 9110, section 4.2.1).
const PLAIN_PORT: u16 = 80;

/// Asks where the hosts lead, and connects to what is there.
pub(super) fn look(
    arguments: &OutsideArguments,
    service: &Service,
    hosts: &[ServiceHost],
    judged: &[Judged],
    now: Timestamp,
) -> Result<Outside, Failure> {
    let mut outside = Outside::default();
    if arguments.offline || hosts.is_empty() {
        let nothing = [words::SERVED, words::DNS].map(str::to_owned);
        outside.not_checked.extend(nothing);
        return Ok(outside);
    }
    let (hosts, beyond) = hosts.split_at(hosts.len().min(MAX_HOSTS));
    let asking = match asking(arguments, service) {
        Ok(asking) => Ok(asking),
        // Without a resolver nothing can be seen; an address that was mistyped is another matter.
        Err(Failure::Ask(why)) => Err(why),
        Err(failure) => return Err(failure),
    };
    let answers = wait_for(dns::ask(asking, hosts))?;
    dns::tell(&answers, service, hosts, now, &mut outside);
    let mut more = 0;
    if service.status() != Status::Disabled {
        let port = arguments.connect_port.unwrap_or_else(|| port(service));
        let mut places = Vec::new();
        for host in hosts {
            match addresses(host, &answers) {
                Ok(found) => places.extend(found.into_iter().map(|ip| Expected {
                    place: Place {
                        host: host.text(),
                        address: SocketAddr::new(ip, port),
                    },
                    certificates: host.certificates(judged),
                })),
                Err(why) => outside.served.push(unknown(host, why)),
            }
        }
        more = places.len().saturating_sub(MAX_PLACES);
        places.truncate(MAX_PLACES);
        let timeout = Duration::from_secs(arguments.timeout);
        connect::connect(places, timeout, &mut outside);
    }
    let is_unseen = |at: &ServedAt| at.standing == Serves::Unknown;
    if service.status() == Status::Disabled || outside.served.iter().any(is_unseen) {
        outside.not_checked.push(words::SERVED.to_owned());
    }
    if outside.dns.iter().any(|led| led.standing == Leads::Unknown) {
        outside.not_checked.push(words::DNS.to_owned());
    }
    if !beyond.is_empty() || more > 0 {
        let text = words::beyond(beyond.len(), more);
        outside.not_checked.push(text);
    }
    Ok(outside)
}

fn asking(arguments: &OutsideArguments, service: &Service) -> Result<Asking, Failure> {
    let typed = AskArguments {
        resolver: arguments.resolver.clone(),
        server: arguments.server.clone(),
        port: keyway_dns::net::PORT,
        timeout: arguments.timeout,
    };
    let known: Vec<String> = service.dns.resolvers.iter().map(str::to_owned).collect();
    Asking::resolve(&typed, &known)
}

/// Where clients of TLS come to.
fn port(service: &Service) -> u16 {
    let endpoint = service.endpoint.as_deref().and_then(Endpoint::port);
    let mut listens = service
        .listen
        .iter()
        .filter_map(|listen| listen.rsplit_once(':')?.1.parse().ok())
        .filter(|port| *port != PLAIN_PORT);
    endpoint.or_else(|| listens.next()).unwrap_or(PORT)
}

/// Where a host is; why that is not known.
fn addresses(host: &ServiceHost, answers: &dns::Answers) -> Result<Vec<IpAddr>, String> {
    match host {
        ServiceHost::Address(address) => Ok(vec![*address]),
        ServiceHost::Name(name) if name.is_wildcard() => Err(words::WILDCARD.to_owned()),
        ServiceHost::Name(name) => match answers.addresses(name)? {
            found if found.is_empty() => Err(words::NO_ADDRESS.to_owned()),
            found => Ok(found),
        },
    }
}

fn unknown(host: &ServiceHost, why: String) -> ServedAt {
    ServedAt {
        host: host.text(),
        address: None,
        standing: Serves::Unknown,
        certificate: None,
        why: Some(why),
        codes: Vec::new(),
    }
}
