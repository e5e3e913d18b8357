//! What every server of a zone says of what a plan changes.

use std::collections::BTreeSet;
use std::time::Duration;

use keyway_dns::message::Question;
use keyway_dns::name::Name;
use keyway_dns::net::{Authority, Inquiry, survey};
use keyway_dns::plan::{Behind, Spread};
use keyway_dns::view::{Role, View};

use crate::intent::Asking;

/// Longest that all servers together are asked in one look.
const LONGEST_LOOK: Duration = Duration::from_secs(60);

/// The servers of a zone that can be asked.
pub(super) struct Servers {
    zone: Name,
    /// Of each server, where it is, and what to call it there.
    servers: Vec<Vec<(std::net::SocketAddr, String)>>,
}

/// What they say, server by server.
pub(super) struct Views(Vec<Vec<View>>);

impl Servers {
    /// Those that have an address: nobody is led astray by the others.
    pub(super) fn of(authority: &Authority) -> Self {
        let mut addresses = authority.addresses().into_iter();
        let counts = authority.servers.iter();
        let counts = counts.map(|server| server.addresses.len());
        let servers = counts.map(|count| addresses.by_ref().take(count).collect());
        let servers = servers.collect();
        let zone = authority.zone.clone();
        Self { zone, servers }
    }

    /// With others, where those are not among them.
    pub(super) fn and(mut self, others: &Authority) -> Self {
        let is_here = |place: &(std::net::SocketAddr, String)| {
            let mut known = self.servers.iter().flatten();
            known.any(|(address, _)| *address == place.0)
        };
        let mut more = Self::of(others).servers;
        more.retain(|places| !places.iter().any(is_here));
        self.servers.append(&mut more);
        self
    }

    /// Asks all of them.
    pub(super) async fn look(&self, asking: &Asking, spread: &Spread) -> Views {
        let questions: BTreeSet<Question> = spread.questions().collect();
        let places = self.servers.iter().flatten();
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
        let counts = self.servers.iter().map(Vec::len);
        Views(
            counts
                .map(|count| views.by_ref().take(count).collect())
                .collect(),
        )
    }
}

impl Views {
    /// Who does not have all of it.
    pub(super) fn behind(&self, spread: &Spread) -> Vec<Behind> {
        spread.behind(self.0.iter().map(Vec::as_slice))
    }
}
