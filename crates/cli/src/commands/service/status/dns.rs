//! Asks where the hosts of a service lead: one server that answers is enough, as on one screen.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use keyway_dns::message::Question;
use keyway_dns::name::Name;
use keyway_dns::net::{Followed, Inquiry, Resolver, follow, look};
use keyway_dns::rdata::Type;
use keyway_dns::view::{Role, Said, View};
use keyway_report::escape;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout, timeout_at};

use crate::intent::Asking;
use crate::voice::{self, served as words};

/// Most addresses of servers that are tried: two, of IPv4 and of IPv6, for each server that can be named.
const MAX_SERVERS: usize = 16;

/// How often a server may be waited for, all in all: once for each that can be named, and twice for questions
/// that stand in line.
const MAX_WAITS: u32 = 10;

/// Most aliases that are followed at a time, of a hundred.
const MAX_OPEN: usize = 16;

/// What a host is asked for.
pub(super) const KINDS: [Type; 3] = [Type::A, Type::AAAA, Type::CNAME];

/// What came of asking.
pub(super) struct Answers {
    /// Who answered, and what; else why nobody did.
    pub(super) view: Result<View, String>,
    /// Where hosts that are aliases end, and the name of the endpoint; else why that is not known.
    followed: BTreeMap<Name, Result<Followed, String>>,
}

impl Answers {
    /// Where a host ends that is an alias, or the name of the endpoint.
    pub(super) fn followed(&self, name: &Name) -> Option<&Result<Followed, String>> {
        self.followed.get(name)
    }

    /// The addresses of a host.
    pub(super) fn addresses(&self, host: &Name) -> Result<Vec<IpAddr>, String> {
        let view = self.view.as_ref().map_err(Clone::clone)?;
        match self.followed.get(host) {
            Some(found) => found.clone().map(|followed| followed.addresses),
            None => match unanswered(view, host) {
                Some(why) if view.addresses(host).is_empty() => Err(why),
                _ => Ok(view.addresses(host)),
            },
        }
    }
}

/// Asks about every name among the hosts, and where aliases and the endpoint lead. Each of the two parts takes no
/// longer than [`MAX_WAITS`] allows.
pub(super) async fn ask(
    asking: Result<Asking, String>,
    hosts: &[&Name],
    endpoint: Option<&Name>,
) -> Answers {
    let nothing = |why| Answers {
        view: Err(why),
        followed: BTreeMap::new(),
    };
    let Some(first) = hosts.first() else {
        return nothing(String::new());
    };
    let asking = match asking {
        Ok(asking) => asking,
        Err(why) => return nothing(why),
    };
    let limit = asking.patience().timeout * MAX_WAITS;
    let seen = timeout(limit, view(&asking, first, hosts)).await;
    let (server, view) = match seen.unwrap_or_else(|_| Err(words::late(limit))) {
        Ok(seen) => seen,
        Err(why) => return nothing(why),
    };
    let is_alias = |name: &&Name| view.of(name, Type::CNAME).and_then(Said::set).is_some();
    let names = hosts.iter().copied().filter(is_alias).chain(endpoint);
    let names: BTreeSet<Name> = names.cloned().collect();
    Answers {
        followed: followed(&asking, server, view.role, &names, limit).await,
        view: Ok(view),
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

pub(super) fn is_answer(said: &Said) -> bool {
    matches!(said, Said::Records { .. } | Said::Nothing(_))
}

/// Why a server did not say all of a host that it was asked.
pub(super) fn unanswered(view: &View, host: &Name) -> Option<String> {
    let mut said = KINDS.iter().filter_map(|kind| view.of(host, *kind));
    let said = said.find(|said| !is_answer(said))?;
    Some(words::unanswered(&view.server, said))
}

/// Follows names to their addresses, which only a resolver can do out of a zone.
async fn followed(
    asking: &Asking,
    server: SocketAddr,
    role: Role,
    names: &BTreeSet<Name>,
    limit: Duration,
) -> BTreeMap<Name, Result<Followed, String>> {
    let first = Resolver {
        servers: vec![server],
        patience: asking.patience(),
    };
    let (end, mut left) = (Instant::now() + limit, names.iter());
    let (mut open, mut found) = (JoinSet::new(), BTreeMap::new());
    loop {
        while open.len() < MAX_OPEN
            && let Some(name) = left.next()
        {
            let (name, first) = (name.clone(), first.clone());
            let others = (role == Role::Authoritative).then(|| asking.resolver.clone());
            open.spawn(async move {
                let followed = ends(&first, others.as_ref(), &name).await;
                (name, followed)
            });
        }
        match timeout_at(end, open.join_next()).await {
            Ok(Some(Ok((name, followed)))) => found.insert(name, followed),
            Ok(Some(Err(_))) => continue,
            Ok(None) | Err(_) => break,
        };
    }
    for name in names {
        let late = || Err(words::late(limit));
        found.entry(name.clone()).or_insert_with(late);
    }
    found
}

/// Where a name ends: what the one server says, else, where it only speaks for a zone, what the others say.
async fn ends(
    first: &Resolver,
    others: Option<&Resolver>,
    name: &Name,
) -> Result<Followed, String> {
    let mut last = follow(first, name).await;
    let is_known = |followed: &Followed| followed.is_whole || !followed.addresses.is_empty();
    if let Some(others) = others
        && !last.as_ref().is_ok_and(is_known)
    {
        last = follow(others, name).await;
    }
    let followed = last.map_err(|error| escape::text(&error.to_string()))?;
    if is_known(&followed) {
        Ok(followed)
    } else {
        Err(words::UNFOLLOWED.to_owned())
    }
}
