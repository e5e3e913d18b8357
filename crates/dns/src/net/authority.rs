//! Who speaks for a name.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::net::{IpAddr, SocketAddr};

use tokio::task::JoinSet;

use super::delegation::delegated;
use super::follow::{follow, hosts};
use super::starts::{domain, spoken, start, zone_of_host};
use super::{AskError, MAX_OPEN, NobodyError, Patience, Resolver};
use crate::message::{Answer, Manner, Question, Record};
use crate::name::Name;
use crate::rdata::Type;

/// Most servers of a zone that are asked. The root has 13; no zone needs more than a few.
pub(super) const MAX_SERVERS: usize = 32;

/// A zone and its servers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    /// The zone.
    pub zone: Name,
    /// Its servers: the one that takes updates first (the MNAME of its SOA record, RFC 2136, section 4.3),
    /// where it is one of them, then in the order of their names; then those that only the zone above names, and where
    /// only that one says that they are.
    pub servers: Vec<Server>,
    /// Why nobody says which servers the zone above names; `None` where it was asked, or nobody was to ask it.
    pub unasked: Option<String>,
}

impl Authority {
    /// Every address of every server, and what to call the server there.
    pub fn addresses(&self) -> Vec<(SocketAddr, String)> {
        let servers = self.servers.iter().flat_map(|server| {
            server.addresses.iter().map(|address| match &server.name {
                Some(name) => (*address, format!("{name} ({address})")),
                None => (*address, address.to_string()),
            })
        });
        servers.collect()
    }

    /// Of servers that somebody named: the zone is the one that the first of them speaks for, if nobody said
    /// which.
    ///
    /// # Errors
    /// [`AskError`] where that server does not answer, or speaks for no zone of the name.
    pub async fn of(
        servers: Vec<Server>,
        name: &Name,
        zone: Option<&Name>,
        patience: Patience,
    ) -> Result<Self, AskError> {
        if let Some(zone) = zone {
            return Ok(Self::named(zone.clone(), servers));
        }
        let address = servers.iter().flat_map(|server| &server.addresses).next();
        let nobody = || AskError::Nobody(NobodyError::Zone(name.clone()));
        let server = *address.ok_or_else(nobody)?;
        let zone = zone_at(server, name.clone(), patience).await?;
        Ok(Self::named(zone, servers))
    }

    fn named(zone: Name, servers: Vec<Server>) -> Self {
        Self {
            zone,
            servers,
            unasked: None,
        }
    }
}

/// The zone of a name for which a server speaks.
async fn zone_at(server: SocketAddr, name: Name, patience: Patience) -> Result<Name, AskError> {
    let mut here = Some(name.clone());
    while let Some(name) = here {
        let kind = Type::SOA;
        let question = Question { name, kind };
        let answer = super::ask(server, &question, Manner::default(), patience).await?;
        if let Some(start) = start(&answer, &question.name)
            && answer.authoritative
        {
            return Ok(start.name.clone());
        }
        here = question.name.parent();
    }
    Err(AskError::Nobody(NobodyError::Zone(name)))
}

/// A zone with its servers, and those of the names that were asked for that it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The zone and its servers.
    pub authority: Authority,
    /// The names.
    pub names: BTreeSet<Name>,
}

/// Finds the zones of names, and the zones' servers, as [`authority`] does, many at a time.
///
/// # Errors
/// The first [`AskError`] that one of them comes to.
pub async fn authorities(
    resolver: &Resolver,
    names: BTreeSet<Name>,
    port: u16,
) -> Result<Vec<Held>, AskError> {
    let asked = resolver.clone();
    let domains = names.iter().filter_map(domain).collect();
    let above = each(domains, move |domain| {
        let resolver = asked.clone();
        async move { Ok(spoken(&resolver, &domain, port).await) }
    });
    let above = above.await?;
    let asked = resolver.clone();
    let found = each(names, move |name| {
        let resolver = asked.clone();
        let above = domain(&name).and_then(|domain| above.get(&domain).cloned().flatten());
        async move { zone_of_host(&resolver, &name, above, port).await }
    });
    let mut primaries = BTreeMap::new();
    let mut zones: BTreeMap<Name, BTreeSet<Name>> = BTreeMap::new();
    for (name, (zone, primary)) in found.await? {
        primaries.insert(zone.clone(), primary);
        zones.entry(zone).or_default().insert(name);
    }
    let asked = resolver.clone();
    let found = each(zones.keys().cloned().collect(), move |zone| {
        let (resolver, primary) = (asked.clone(), primaries.get(&zone).cloned().flatten());
        async move { servers(&resolver, zone, primary.as_ref(), port).await }
    });
    let mut held = Vec::new();
    for (zone, authority) in found.await? {
        let names = zones.remove(&zone).unwrap_or_default();
        held.push(Held { authority, names });
    }
    Ok(held)
}

/// Finds the zones of names that servers speak for which somebody named: the first of them is asked.
///
/// # Errors
/// The first [`AskError`] that one of the names comes to.
pub async fn authorities_at(
    servers: &[Server],
    names: BTreeSet<Name>,
    patience: Patience,
) -> Result<Vec<Held>, AskError> {
    let Some(first) = names.first() else {
        return Ok(Vec::new());
    };
    let nobody = AskError::Nobody(NobodyError::Zone(first.clone()));
    let address = servers.iter().flat_map(|server| &server.addresses).next();
    let server = *address.ok_or(nobody)?;
    let mut zones: BTreeMap<Name, BTreeSet<Name>> = BTreeMap::new();
    for (name, zone) in each(names, move |name| zone_at(server, name, patience)).await? {
        zones.entry(zone).or_default().insert(name);
    }
    let held = zones.into_iter().map(|(zone, names)| Held {
        authority: Authority::named(zone, servers.to_vec()),
        names,
    });
    Ok(held.collect())
}

/// Does the same for every name, at most [`MAX_OPEN`] at a time, in the order of names. The first error ends it.
async fn each<T, F>(
    names: BTreeSet<Name>,
    job: impl Fn(Name) -> F,
) -> Result<BTreeMap<Name, T>, AskError>
where
    T: Send + 'static,
    F: Future<Output = Result<T, AskError>> + Send + 'static,
{
    let (mut left, mut running, mut done) = (names.into_iter(), JoinSet::new(), BTreeMap::new());
    loop {
        while running.len() < MAX_OPEN
            && let Some(name) = left.next()
        {
            let job = job(name.clone());
            running.spawn(async move { (name, job.await) });
        }
        match running.join_next().await {
            Some(Ok((name, came))) => done.insert(name, came?),
            Some(Err(_)) => continue,
            None => return Ok(done),
        };
    }
}

/// A server of a zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Its name, where it has one that is known.
    pub name: Option<Name>,
    /// Its addresses; empty where it has none.
    pub addresses: Vec<SocketAddr>,
    /// Why nobody could say which it has.
    pub unknown: Option<String>,
}

impl Server {
    /// At these addresses.
    pub fn at(name: Option<Name>, addresses: impl IntoIterator<Item = IpAddr>, port: u16) -> Self {
        let addresses = addresses.into_iter().map(|ip| SocketAddr::new(ip, port));
        Self {
            name,
            addresses: addresses.collect(),
            unknown: None,
        }
    }

    /// Where a resolver finds it.
    pub(super) async fn found(resolver: &Resolver, name: Name, port: u16) -> Self {
        let (addresses, unknown) = match hosts(resolver, &name).await {
            Ok(addresses) => (addresses, None),
            Err(error) => (Vec::new(), Some(error.to_string())),
        };
        Self {
            unknown,
            ..Self::at(Some(name), addresses, port)
        }
    }
}

/// Finds the zone of a name, and the zone's servers, by asking a resolver. `port` is that of the servers.
///
/// # Errors
/// [`AskError`] where the resolver does not answer, or knows of no zone or no server.
pub async fn authority(resolver: &Resolver, name: &Name, port: u16) -> Result<Authority, AskError> {
    let above = match domain(name) {
        Some(domain) => spoken(resolver, &domain, port).await,
        None => None,
    };
    let (zone, primary) = zone_of_host(resolver, name, above, port).await?;
    servers(resolver, zone, primary.as_ref(), port).await
}

/// The servers that a zone names (NS), as one that speaks for it says: their addresses by that server, and by a resolver
/// where it does not know them. `port` is that of the servers.
///
/// # Errors
/// [`AskError`] where the server names none, or more than can be asked.
pub async fn published(
    server: SocketAddr,
    resolver: &Resolver,
    zone: &Name,
    port: u16,
) -> Result<Authority, AskError> {
    let here = Resolver {
        servers: vec![server],
        patience: resolver.patience,
    };
    let names: BTreeSet<Name> = targets(&here, zone, Type::NS).await?.into_iter().collect();
    if names.is_empty() || names.len() > MAX_SERVERS {
        return Err(AskError::Nobody(NobodyError::Servers(zone.clone())));
    }
    let mut servers = Vec::new();
    for name in names {
        servers.push(match follow(&here, &name).await {
            Ok(found) if found.is_whole => Server::at(Some(name), found.addresses, port),
            _ => Server::found(resolver, name, port).await,
        });
    }
    Ok(Authority::named(zone.clone(), servers))
}

/// The servers of a zone, the primary one first.
async fn servers(
    resolver: &Resolver,
    zone: Name,
    primary: Option<&Name>,
    port: u16,
) -> Result<Authority, AskError> {
    let mut names = targets(resolver, &zone, Type::NS).await?;
    names.sort_by_key(|name| (Some(name) != primary, name.clone()));
    names.dedup();
    names.truncate(MAX_SERVERS + 1);
    if !names.is_empty() && names.iter().all(Name::is_localhost) {
        return Err(AskError::Nobody(NobodyError::Local(zone)));
    }
    let mut servers = Vec::new();
    for name in names {
        servers.push(Server::found(resolver, name, port).await);
    }
    if servers.iter().all(|server| server.addresses.is_empty()) {
        return Err(AskError::Nobody(NobodyError::Servers(zone)));
    }
    let (more, unasked) = match delegated(resolver, &zone, &servers, port).await {
        Ok(more) => (more, None),
        Err(error) => (Vec::new(), Some(error.to_string())),
    };
    servers.extend(more);
    let too_many = (servers.len() > MAX_SERVERS)
        .then(|| format!("it has more than the {MAX_SERVERS} servers that are asked"));
    servers.truncate(MAX_SERVERS);
    let unasked = unasked.or(too_many);
    Ok(Authority {
        zone,
        servers,
        unasked,
    })
}

pub(super) async fn targets(
    resolver: &Resolver,
    name: &Name,
    kind: Type,
) -> Result<Vec<Name>, AskError> {
    let answer = ask(resolver, name, kind).await?;
    let ours = answer
        .answers
        .iter()
        .filter(|record| record.kind == kind && record.name == *name);
    Ok(ours.filter_map(Record::target).collect())
}

pub(super) async fn ask(resolver: &Resolver, name: &Name, kind: Type) -> Result<Answer, AskError> {
    let name = name.clone();
    resolver.ask(&Question { name, kind }).await
}
