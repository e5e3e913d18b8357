//! Asks where the hosts of a service lead: one server that answers is enough, as on one screen.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use keyway_config::{Endpoint, Service};
use keyway_dns::message::Question;
use keyway_dns::name::Name;
use keyway_dns::net::{Inquiry, Resolver, hosts as addresses_of, look};
use keyway_dns::rdata::Type;
use keyway_dns::verify::{Row, Standing, verify};
use keyway_dns::view::{Role, Said, View};
use keyway_dns::wanted::Wanted;
use keyway_report::{Timestamp, escape};

use crate::formats::outside::{Leads, Led, Outside};
use crate::intent::service::ServiceHost;
use crate::intent::{Asking, records_of};
use crate::voice::{self, served as words};

/// Most servers that are tried, as many as glibc takes from resolv.conf (MAXNS).
const MAX_SERVERS: usize = 3;

/// What a host is asked for.
const KINDS: [Type; 3] = [Type::A, Type::AAAA, Type::CNAME];

/// What came of asking.
pub(super) struct Answers {
    /// Who answered, and what; else why nobody did.
    view: Result<View, String>,
    /// Where aliases end; else why that is not known.
    aliases: BTreeMap<Name, Result<Vec<IpAddr>, String>>,
}

impl Answers {
    /// The addresses of a host.
    pub(super) fn addresses(&self, host: &Name) -> Result<Vec<IpAddr>, String> {
        let view = self.view.as_ref().map_err(Clone::clone)?;
        match self.aliases.get(host) {
            Some(found) => found.clone(),
            None => match unanswered(view, host) {
                Some(why) if view.addresses(host).is_empty() => Err(why),
                _ => Ok(view.addresses(host)),
            },
        }
    }
}

/// Asks about every name among the hosts. Each of the two parts takes no longer than the servers together may.
pub(super) async fn ask(asking: Result<Asking, String>, hosts: &[ServiceHost]) -> Answers {
    let mut answers = Answers {
        view: Err(String::new()),
        aliases: BTreeMap::new(),
    };
    let names: Vec<&Name> = hosts.iter().filter_map(named).collect();
    let (asking, Some(first)) = (asking, names.first()) else {
        return answers;
    };
    let asking = match asking {
        Ok(asking) => asking,
        Err(why) => {
            answers.view = Err(why);
            return answers;
        }
    };
    let limit = asking.patience().timeout * u32::try_from(MAX_SERVERS).unwrap_or(1);
    let seen = tokio::time::timeout(limit, view(&asking, first, &names)).await;
    let (server, view) = match seen.unwrap_or_else(|_| Err(words::late(limit))) {
        Ok(seen) => seen,
        Err(why) => {
            answers.view = Err(why);
            return answers;
        }
    };
    answers.aliases = aliases(&asking, server, &view, &names, limit).await;
    answers.view = Ok(view);
    answers
}

fn named(host: &ServiceHost) -> Option<&Name> {
    match host {
        ServiceHost::Name(name) => Some(name),
        ServiceHost::Address(_) => None,
    }
}

/// What the first server says that says anything.
async fn view(asking: &Asking, zone: &Name, names: &[&Name]) -> Result<(SocketAddr, View), String> {
    let mut questions = BTreeSet::new();
    for name in names {
        questions.extend(KINDS.map(|kind| Question {
            name: (*name).clone(),
            kind,
        }));
    }
    let (role, servers) = asking
        .first()
        .await
        .map_err(|failure| voice::failure(&failure))?;
    let mut last = words::NO_RESOLVER.to_owned();
    for server in servers.into_iter().take(MAX_SERVERS) {
        let inquiry = Inquiry {
            server,
            called: server.to_string(),
            role,
            zone: zone.clone(),
            questions: questions.clone(),
        };
        let view = look(inquiry, asking.patience()).await;
        let Some(why) = names.iter().find_map(|name| unanswered(&view, name)) else {
            return Ok((server, view));
        };
        if view.said.values().any(is_answer) {
            return Ok((server, view));
        }
        last = why;
    }
    Err(last)
}

fn is_answer(said: &Said) -> bool {
    matches!(said, Said::Records { .. } | Said::Nothing(_))
}

/// Why a server did not say all of a host that it was asked.
fn unanswered(view: &View, host: &Name) -> Option<String> {
    let mut said = KINDS.iter().filter_map(|kind| view.of(host, *kind));
    let said = said.find(|said| !is_answer(said))?;
    Some(words::unanswered(&view.server, said))
}

/// Follows the hosts that are aliases, which only a resolver can do out of a zone.
async fn aliases(
    asking: &Asking,
    server: SocketAddr,
    view: &View,
    names: &[&Name],
    limit: Duration,
) -> BTreeMap<Name, Result<Vec<IpAddr>, String>> {
    let alias = |name: &&&Name| view.of(name, Type::CNAME).and_then(Said::set).is_some();
    let mut found = BTreeMap::new();
    let end = tokio::time::Instant::now() + limit;
    for &name in names.iter().filter(alias) {
        let first = Resolver {
            servers: vec![server],
            patience: asking.patience(),
        };
        let follow = async {
            match addresses_of(&first, name).await {
                Ok(addresses) if !addresses.is_empty() => Ok(addresses),
                other if view.role == Role::Resolver => other,
                _ => addresses_of(&asking.resolver, name).await,
            }
        };
        let ended = tokio::time::timeout_at(end, follow).await;
        let ended = ended.map_err(|_| words::late(limit));
        let addresses =
            ended.and_then(|ended| ended.map_err(|error| escape::text(&error.to_string())));
        found.insert(name.clone(), addresses);
    }
    found
}

/// Holds what was said of each host against the endpoint of the file.
pub(super) fn tell(
    answers: &Answers,
    service: &Service,
    hosts: &[ServiceHost],
    now: Timestamp,
    outside: &mut Outside,
) {
    outside.asked = answers.view.as_ref().ok().map(|view| view.server.clone());
    let endpoint = service.endpoint.as_deref().and_then(Endpoint::parse);
    let endpoint: Vec<String> = endpoint.iter().map(ToString::to_string).collect();
    for name in hosts.iter().filter_map(named) {
        let mut led = Led {
            host: ServiceHost::Name(name.clone()).text(),
            standing: Leads::Unknown,
            found: Vec::new(),
            wanted: endpoint.clone(),
            why: None,
            codes: Vec::new(),
        };
        match &answers.view {
            Err(why) => led.why = Some(why.clone()),
            Ok(view) => {
                let wanted = records_of(service, std::slice::from_ref(name));
                one(view, name, &wanted, now, &mut led, outside);
            }
        }
        outside.dns.push(led);
    }
}

fn one(
    view: &View,
    name: &Name,
    wanted: &[Wanted],
    now: Timestamp,
    led: &mut Led,
    outside: &mut Outside,
) {
    let alias = view.of(name, Type::CNAME).and_then(Said::set);
    led.found = match alias {
        Some(set) => set.texts(Type::CNAME),
        None => view
            .addresses(name)
            .iter()
            .map(ToString::to_string)
            .collect(),
    };
    // Nobody else is asked: what it says counts, as that of the zone's own servers does.
    let mut alone = view.clone();
    alone.role = Role::Authoritative;
    alone.said.retain(|_, said| is_answer(said));
    let verified = verify(wanted, std::slice::from_ref(&alone), &[], now);
    let has = |is: fn(&Standing) -> bool| {
        let mut standings = verified.rows.iter().flat_map(|row: &Row| &row.standings);
        standings.any(is)
    };
    led.why = unanswered(view, name);
    led.standing = if has(|standing| matches!(standing, Standing::Other(_))) {
        Leads::Elsewhere
    } else if led.why.is_some() {
        Leads::Unknown
    } else if led.found.is_empty() || has(|standing| *standing == Standing::Nothing) {
        Leads::Missing
    } else if wanted.is_empty() {
        Leads::Seen
    } else {
        Leads::Right
    };
    for finding in &verified.findings {
        if !led.codes.contains(&finding.code()) {
            led.codes.push(finding.code());
        }
    }
    outside.dns_findings.extend(verified.findings);
}
