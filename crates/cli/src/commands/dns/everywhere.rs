//! What every server of a zone says of what a plan changes.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::time::Duration;

use keyway_dns::message::Question;
use keyway_dns::name::Name;
use keyway_dns::net::{
    AskError, Authority, Inquiry, Resolver, Server, authority as find, published, survey,
};
use keyway_dns::plan::{Behind, Plan, Spread};
use keyway_dns::view::{Role, View};

use super::deadline::Deadline;
use crate::arguments::{ApplyArguments, AskArguments};
use crate::intent::{Asking, Known};
use crate::voice;

/// Longest that all servers together are asked in one look.
const LONGEST_LOOK: Duration = Duration::from_secs(60);

/// The servers of a zone that can be asked.
pub(super) struct Servers {
    zone: Name,
    /// Of each server, where it is, and what to call it there.
    each: Vec<Vec<(SocketAddr, String)>>,
    /// Others that the zone has, or may have, and that cannot be asked.
    unknown: Vec<String>,
}

/// What they say, server by server.
pub(super) struct Views(Vec<Vec<View>>);

/// Servers of a zone that resolvers may come to, beside those of an [`Authority`].
#[derive(Default)]
pub(super) struct Others {
    /// Those that can be named.
    servers: Vec<Server>,
    /// Why there may be more.
    unknown: Vec<String>,
    /// Whether somebody who was asked that may say it another time.
    is_open: bool,
}

impl Others {
    /// Beside servers that were found by asking: who else is there is what the zone above says.
    pub(super) fn of_found(authority: &Authority) -> Self {
        let unasked = authority.unasked.as_deref();
        Self {
            servers: Vec::new(),
            unknown: unasked
                .map(voice::applied::above_unasked)
                .into_iter()
                .collect(),
            is_open: unasked.is_some(),
        }
    }

    /// Beside servers that somebody named: those that the zone names itself, as each of the named ones says that
    /// answers, and those that a resolver finds by itself and by the zone above. Who asks one of theirs counts.
    pub(super) async fn of_named(authority: &Authority, port: u16, resolver: &Resolver) -> Self {
        let named: Vec<SocketAddr> = authority.addresses().into_iter().map(|at| at.0).collect();
        let zone = &authority.zone;
        let mut found = Self::default();
        let mut has_said = false;
        for server in &named {
            match published(*server, resolver, zone, port).await {
                Ok(its) => found.servers.extend(its.servers),
                // One that is silent is seen to be when it is asked for records.
                Err(AskError::Silent { server: it, .. }) if it == *server => continue,
                Err(_) => found.unsaid(voice::applied::others_unknown()),
            }
            has_said = true;
        }
        if !has_said {
            found.unsaid(voice::applied::others_unknown());
        }
        if resolver.servers.is_empty() {
            let why = voice::plan::no_resolver(None);
            found.unknown(&voice::applied::above_unasked(&why));
        } else {
            match find(resolver, zone, port).await {
                Ok(its) if its.zone == *zone => {
                    let above = Self::of_found(&its);
                    found.unknown.extend(above.unknown);
                    found.is_open |= above.is_open;
                    found.servers.extend(its.servers);
                }
                Ok(its) => {
                    let why = voice::applied::other_zone(zone, &its.zone);
                    found.unknown(&voice::applied::above_unasked(&why));
                }
                Err(error) => found.unsaid(&voice::applied::above_unasked(&error.to_string())),
            }
        }
        // Nobody else comes to a loopback address: which port is named there is all the same.
        let is_named = |at: &SocketAddr| {
            let is_here = |known: &SocketAddr| known.ip() == at.ip() && at.ip().is_loopback();
            named.iter().any(|known| known == at || is_here(known))
        };
        let mut places = BTreeSet::new();
        found.servers.retain(|server| {
            let mut addresses = server.addresses.clone();
            addresses.sort();
            let is_new = places.insert((server.name.clone(), addresses));
            let is_somewhere = !server.addresses.is_empty() || server.unknown.is_some();
            is_new && is_somewhere && !server.addresses.iter().any(is_named)
        });
        found
    }

    /// Beside servers of either kind, as far as that is found out in time.
    pub(super) async fn within(
        limit: Duration,
        ask: &AskArguments,
        authority: &Authority,
        asking: &Asking,
    ) -> Self {
        if ask.server.is_empty() {
            return Self::of_found(authority);
        }
        let resolver = asking.counting();
        let others = Self::of_named(authority, ask.port, &resolver);
        tokio::time::timeout(limit, others)
            .await
            .unwrap_or_else(|_| Self::unsaid_in_time())
    }

    /// Nobody has said in time whether there are any.
    pub(super) fn unsaid_in_time() -> Self {
        let mut others = Self::default();
        others.unsaid(voice::applied::others_unknown());
        others
    }

    /// The same where somebody knows that there are no others than those that can be named.
    pub(super) fn named_alone(mut self) -> Self {
        self.unknown.clear();
        self.is_open = false;
        self
    }

    /// Whether there may be more than can be named.
    pub(super) fn are_unknown(&self) -> bool {
        !self.unknown.is_empty()
    }

    /// Whether another look may find out what nobody can say now.
    pub(super) fn may_be_told(&self) -> bool {
        self.is_open
    }

    fn unsaid(&mut self, why: &str) {
        self.is_open = true;
        self.unknown(why);
    }

    fn unknown(&mut self, why: &str) {
        if !self.unknown.iter().any(|known| known == why) {
            self.unknown.push(why.to_owned());
        }
    }

    /// What to call them.
    pub(super) fn names(&self) -> Vec<String> {
        let servers = self.servers.iter().filter_map(|server| {
            let places = server.addresses.iter().map(ToString::to_string);
            let places: Vec<String> = places.collect();
            server.name.as_ref().map(|name| match &server.unknown {
                Some(why) => voice::verified::unlocated(name, why),
                None => voice::verified::located(name, &places),
            })
        });
        servers.chain(self.unknown.iter().cloned()).collect()
    }
}

impl Servers {
    /// Those that have an address: nobody is led astray by one that has none, if it is known to have none.
    pub(super) fn of(authority: &Authority) -> Self {
        let mut addresses = authority.addresses().into_iter();
        let counts = authority.servers.iter();
        let counts = counts.map(|server| server.addresses.len());
        let each = counts.map(|count| addresses.by_ref().take(count).collect());
        let each = each.collect();
        let unknown = authority.servers.iter().filter_map(|server| {
            let (name, why) = (server.name.as_ref()?, server.unknown.as_deref()?);
            Some(voice::verified::unlocated(name, why))
        });
        Self {
            zone: authority.zone.clone(),
            each,
            unknown: unknown.collect(),
        }
    }

    /// Others that the zone has, or may have, and that cannot be asked.
    pub(super) fn unknown(&self) -> &[String] {
        &self.unknown
    }

    /// With others.
    pub(super) fn and(mut self, mut others: Others) -> Self {
        let mut more = Self::of(&Authority {
            zone: self.zone.clone(),
            servers: others.servers,
            unasked: None,
        });
        self.each.append(&mut more.each);
        self.unknown.append(&mut more.unknown);
        self.unknown.append(&mut others.unknown);
        self
    }

    /// Who does not have all that a plan leaves, in words.
    pub(super) async fn behind(
        &self,
        asking: &Asking,
        plan: &Plan,
        deadline: Deadline,
    ) -> Vec<String> {
        let spread = Spread::left(plan.changes());
        let views = self.look(asking, &spread, deadline).await;
        let behind = views.behind(&spread);
        behind.iter().map(voice::applied::behind).collect()
    }

    /// Asks all of them.
    pub(super) async fn look(&self, asking: &Asking, spread: &Spread, deadline: Deadline) -> Views {
        let questions: BTreeSet<Question> = spread.questions().collect();
        let places = self.each.iter().flatten();
        let inquiries = places.map(|(server, called)| Inquiry {
            server: *server,
            called: called.clone(),
            role: Role::Authoritative,
            zone: self.zone.clone(),
            questions: questions.clone(),
        });
        let end = tokio::time::Instant::now() + deadline.look(LONGEST_LOOK);
        let views = survey(inquiries.collect(), asking.patience(), end, || {}).await;
        let mut views = views.into_iter();
        let counts = self.each.iter().map(Vec::len);
        Views(
            counts
                .map(|count| views.by_ref().take(count).collect())
                .collect(),
        )
    }
}

/// Every server of the zone that resolvers may come to, where a step has to wait for them: those that somebody named,
/// those that the zone names, and those that the zone above does. A resolver is asked where somebody named it, or where
/// nobody typed a server: the one that a service file names takes updates, and is not all of them.
pub(super) async fn servers(
    arguments: &ApplyArguments,
    plan: &Plan,
    known: &Known,
    authority: &Authority,
    asking: &Asking,
) -> Servers {
    let waits = plan.steps.iter().any(|step| step.wait > 0);
    let named = Servers::of(authority);
    if !waits {
        return named;
    }
    let is_typed = !arguments.ask.server.is_empty();
    if !is_typed && known.server.is_none() {
        return named.and(Others::of_found(authority));
    }
    let resolver = if is_typed {
        asking.counting()
    } else {
        asking.resolver.clone()
    };
    named.and(Others::of_named(authority, arguments.ask.port, &resolver).await)
}

impl Views {
    /// All of it.
    pub(super) fn all(&self) -> impl Iterator<Item = &View> {
        self.0.iter().flatten()
    }

    /// Server by server, of each what it says at its addresses.
    pub(super) fn by_server(&self) -> impl Iterator<Item = &[View]> {
        self.0.iter().map(Vec::as_slice)
    }

    /// Who does not have all of it.
    pub(super) fn behind(&self, spread: &Spread) -> Vec<Behind> {
        spread.behind(self.by_server())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_above_that_nobody_could_ask_is_one_that_may_name_others() {
        let mut authority = Authority {
            zone: Name::read("example.com").unwrap(),
            servers: Vec::new(),
            unasked: None,
        };
        assert!(Others::of_found(&authority).names().is_empty());
        authority.unasked = Some("it is silent".to_owned());
        let names = Others::of_found(&authority).names();
        assert!(names.concat().contains("it is silent"), "{names:?}");
        // Nor is a step made past it.
        let servers = Servers::of(&authority).and(Others::of_found(&authority));
        assert_eq!(servers.unknown(), names);
    }
}
