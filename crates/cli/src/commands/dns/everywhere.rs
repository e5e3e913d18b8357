//! What every server of a zone says of what a plan changes.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::time::Duration;

use keyway_dns::message::Question;
use keyway_dns::name::Name;
use keyway_dns::net::{AskError, Authority, Inquiry, Server, published, survey};
use keyway_dns::plan::{Behind, Spread};
use keyway_dns::view::{Role, View};

use crate::intent::Asking;
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

/// The servers that a zone names itself, and that are not among those that somebody named; `None` where nobody says
/// which they are, or where they are. Each of the named ones is asked that answers: whoever asks one of theirs counts.
pub(super) async fn others(
    authority: &Authority,
    asking: &Asking,
    port: u16,
) -> Option<Vec<Server>> {
    let named: Vec<SocketAddr> = authority.addresses().into_iter().map(|at| at.0).collect();
    // Nobody else comes to a loopback address: which port is named there is all the same.
    let is_named = |at: &SocketAddr| {
        let is_here = |known: &SocketAddr| known.ip() == at.ip() && at.ip().is_loopback();
        named.iter().any(|known| known == at || is_here(known))
    };
    let mut found = None;
    for server in &named {
        match published(*server, &asking.resolver, &authority.zone, port).await {
            Ok(its) => found.get_or_insert_with(Vec::new).extend(its.servers),
            // One that is silent is seen to be when it is asked for records.
            Err(AskError::Silent { server: it, .. }) if it == *server => {}
            Err(_) => return None,
        }
    }
    let mut found: Vec<Server> = found?;
    found.retain(|server| !server.addresses.iter().any(is_named));
    Some(found)
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

    /// The same where the zone may have others, of which nobody knows.
    pub(super) fn and_unknown(mut self) -> Self {
        let others = voice::applied::others_unknown().to_owned();
        self.unknown.push(others);
        self
    }

    /// Others that the zone has, or may have, and that cannot be asked.
    pub(super) fn unknown(&self) -> &[String] {
        &self.unknown
    }

    /// With others, where those are not among them.
    pub(super) fn and(mut self, others: &Authority) -> Self {
        let is_here = |place: &(SocketAddr, String)| {
            let mut known = self.each.iter().flatten();
            known.any(|(address, _)| *address == place.0)
        };
        let mut more = Self::of(others);
        more.each.retain(|places| !places.iter().any(is_here));
        self.each.append(&mut more.each);
        self.unknown.append(&mut more.unknown);
        self
    }

    /// Asks all of them.
    pub(super) async fn look(&self, asking: &Asking, spread: &Spread) -> Views {
        let questions: BTreeSet<Question> = spread.questions().collect();
        let places = self.each.iter().flatten();
        let inquiries = places.map(|(server, called)| Inquiry {
            server: *server,
            called: called.clone(),
            role: Role::Authoritative,
            zone: self.zone.clone(),
            questions: questions.clone(),
        });
        let end = tokio::time::Instant::now() + LONGEST_LOOK;
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

impl Views {
    /// All of it.
    pub(super) fn all(&self) -> impl Iterator<Item = &View> {
        self.0.iter().flatten()
    }

    /// Who does not have all of it.
    pub(super) fn behind(&self, spread: &Spread) -> Vec<Behind> {
        spread.behind(self.0.iter().map(Vec::as_slice))
    }
}
