//! dns-01 by updates (RFC 2136): a TXT record at the primary server, waited for at every server of the zone.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use keyway_dns::message::tsig::Key;
use keyway_dns::message::{Answer, Code, Manner, MessageError, Question, Record, change, removal};
use keyway_dns::name::Name;
use keyway_dns::net::{
    AskError, Authority, MAX_ALIASES, Patience, ask, authority, message_id, tell,
};
use keyway_dns::plan::{Change, Set};
use keyway_dns::rdata::Type;
use keyway_issue::Identifier;
use keyway_issue::acme::challenge::Solving;
use keyway_issue::acme::{Challenge, Kind, Solver, Unsolved};

use super::preflight::MOST_NAMES;
use crate::failure::Failure;
use crate::intent::{Asking, in_order, moment, seconds};
use crate::voice;

/// How long records may be remembered, seconds: nobody needs them a minute later.
const TTL: u32 = 60;

/// Times that a change is made again where somebody else changed the set meanwhile.
const MOST_TRIES: usize = 5;

/// A value that no CA looks for (RFC 8555, section 8.4: theirs are a hash in base64url), and nobody has.
const NO_PROOF: &str = "keyway looks whether it may change this";

/// What a server says where the set is not what was seen (RFC 2136, section 2.2).
const CHANGED: [Code; 3] = [Code::YXDOMAIN, Code::YXRRSET, Code::NXRRSET];

/// How long servers of a zone may be behind its primary one: notifies take seconds (RFC 1996).
const SPREAD: Duration = Duration::from_secs(120);

/// Between two looks at them.
const PAUSE: Duration = Duration::from_secs(1);

/// Somebody who makes records.
pub(crate) struct Records {
    zones: Arc<Zones>,
    /// Hosts of which it was seen that no records can be made.
    faulty: BTreeSet<Identifier>,
}

/// Somebody who changes the zones of names.
struct Zones {
    asking: Asking,
    key: Option<Key>,
    /// The zone, where somebody said it.
    zone: Option<Name>,
}

/// Why a record could not be put.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RecordFault {
    /// No name, too long a value.
    #[error("{0}")]
    Name(String),
    /// The zone or its servers are not found.
    #[error("{0}")]
    Zone(String),
    /// A server did not answer as it has to.
    #[error(transparent)]
    Asked(#[from] AskError),
    /// Aliases lead in a circle, or are more than [`MAX_ALIASES`].
    #[error("the aliases of {0} lead in a circle, or are too many")]
    Circle(Name),
    /// The set was changed by others each time.
    #[error("the records at {0} are being changed by somebody else")]
    Contended(Name),
    /// A server of the zone does not answer.
    #[error("{server} is a server of {zone} that a CA may ask, and does not answer here: {why}")]
    Silent {
        server: String,
        zone: Name,
        why: AskError,
    },
    /// Some servers do not have it.
    #[error("{0} is not at these servers yet, after {SPREAD} seconds: {1}", SPREAD = SPREAD.as_secs())]
    Behind(Name, String),
}

/// A zone with its servers, and the values at a name in it.
struct Held {
    authority: Authority,
    values: BTreeSet<Vec<u8>>,
}

impl Zones {
    /// Where the records of these are to be, with their values.
    async fn held(&self, challenges: &[Challenge]) -> Result<BTreeMap<Name, Held>, RecordFault> {
        let mut held: BTreeMap<Name, Held> = BTreeMap::new();
        for challenge in challenges {
            let name = record_name(&challenge.txt_name().unwrap_or_default())?;
            let data = text(&challenge.txt())?;
            let (place, authority) = self.place(name).await?;
            let values = BTreeSet::new();
            let there = held.entry(place).or_insert(Held { authority, values });
            there.values.insert(data);
        }
        Ok(held)
    }

    async fn put(&self, challenges: &[Challenge]) -> Result<(), RecordFault> {
        let held = self.held(challenges).await?;
        for (name, held) in &held {
            self.change(name, held, |there| {
                let data = there.iter().chain(&held.values).cloned();
                data.collect()
            })
            .await?;
        }
        for (name, held) in &held {
            self.spread(name, held).await?;
        }
        Ok(())
    }

    async fn take(&self, challenges: &[Challenge]) -> Result<(), RecordFault> {
        for (name, held) in &self.held(challenges).await? {
            self.change(name, held, |there| {
                there.difference(&held.values).cloned().collect()
            })
            .await?;
        }
        Ok(())
    }

    /// Changes the set of a name at the primary server, and only while it is what was seen.
    async fn change(
        &self,
        name: &Name,
        held: &Held,
        new: impl Fn(&BTreeSet<Vec<u8>>) -> BTreeSet<Vec<u8>>,
    ) -> Result<(), RecordFault> {
        let server = primary(&held.authority)?;
        for _ in 0..MOST_TRIES {
            let there = values(server, name, self.asking.patience()).await?;
            let after = new(&there);
            if after == there || self.told(server, name, held, there, after).await? {
                return Ok(());
            }
        }
        Err(RecordFault::Contended(name.clone()))
    }

    /// Sends one update, and says whether the set was what was seen.
    async fn told(
        &self,
        server: SocketAddr,
        name: &Name,
        held: &Held,
        before: BTreeSet<Vec<u8>>,
        after: BTreeSet<Vec<u8>>,
    ) -> Result<bool, RecordFault> {
        let set = |data: BTreeSet<Vec<u8>>| (!data.is_empty()).then_some(Set { ttl: TTL, data });
        let made = Change {
            name: name.clone(),
            kind: Type::TXT,
            before: set(before),
            after: set(after),
            given: None,
            reason: Cow::Borrowed("a CA looks for it"),
        };
        let update = change(message_id(), &held.authority.zone, &made);
        match self.send(server, update).await {
            Ok(()) => Ok(true),
            Err(RecordFault::Asked(AskError::Refused { code, .. })) if CHANGED.contains(&code) => {
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    /// Why records of a host cannot be made, seen by an update that changes nothing: what it takes away is not there. A
    /// server judges it all the same, be it by its key or by a policy on names and types (BIND's `update-policy`).
    async fn tried(&self, host: &Identifier) -> Result<(), RecordFault> {
        let name = record_name(&host.txt_name().unwrap_or_default())?;
        let (name, authority) = self.place(name).await?;
        let server = primary(&authority)?;
        let (id, zone, data) = (message_id(), &authority.zone, text(NO_PROOF)?);
        self.send(server, removal(id, zone, &name, Type::TXT, &data))
            .await?;
        for (address, server) in self.servers(&authority).await {
            let answer = texts(address, &name, self.asking.patience()).await;
            answer.map_err(|why| RecordFault::Silent {
                server,
                zone: zone.clone(),
                why,
            })?;
        }
        Ok(())
    }

    /// Every server of a zone that is known here, by its address.
    async fn servers(&self, held: &Authority) -> BTreeMap<SocketAddr, String> {
        let found = authority(&self.asking.resolver, &held.zone, self.asking.port()).await;
        // Where that fails, nobody who could be asked knows of others.
        let found = found.map_or_else(|_| Vec::new(), |found| found.addresses());
        found.into_iter().chain(held.addresses()).collect()
    }

    /// Sends an update, signed where there is a key.
    async fn send(
        &self,
        server: SocketAddr,
        update: Result<Vec<u8>, MessageError>,
    ) -> Result<(), RecordFault> {
        let bytes = update.map_err(|error| RecordFault::Name(error.to_string()))?;
        let signed_at = moment(None).map_or(0, seconds);
        let (key, patience) = (self.key.as_ref(), self.asking.patience());
        Ok(tell(server, &bytes, key, signed_at, patience).await?)
    }

    /// Where records of a name are to be, and the zone of that with its servers: a name that is an alias has none itself, and
    /// CAs follow it (Let's Encrypt, "DNS-01 challenge"; RFC 1034, section 3.6.2).
    async fn place(&self, name: Name) -> Result<(Name, Authority), RecordFault> {
        let mut place = name.clone();
        for _ in 0..=MAX_ALIASES {
            place = match self.at(&place).await {
                Ok(authority) => {
                    let server = primary(&authority)?;
                    let answer = texts(server, &place, self.asking.patience()).await?;
                    match target(&answer, &place) {
                        Some(target) => target,
                        None => return Ok((place, authority)),
                    }
                }
                // A server that somebody named may have the zone alone where aliases of other zones lead.
                Err(fault) => self.alias(&place).await.ok_or(fault)?,
            };
        }
        Err(RecordFault::Circle(name))
    }

    /// Where an alias leads, as resolvers know it.
    async fn alias(&self, name: &Name) -> Option<Name> {
        let (name, kind) = (name.clone(), Type::CNAME);
        let question = Question { name, kind };
        let answer = self.asking.resolver.ask(&question).await.ok()?;
        target(&answer, &question.name)
    }

    /// The zone of a name, with its servers.
    async fn at(&self, name: &Name) -> Result<Authority, RecordFault> {
        // An alias may lead elsewhere.
        let zone = self.zone.as_ref().filter(|zone| name.is_within(zone));
        let authority = self.asking.authority(name, zone).await;
        authority.map_err(|failure| RecordFault::Zone(voice::failure(&failure)))
    }

    /// Waits until every server of the zone has it: a CA asks whichever it likes.
    async fn spread(&self, name: &Name, held: &Held) -> Result<(), RecordFault> {
        let end = tokio::time::Instant::now() + SPREAD;
        let mut behind = self.servers(&held.authority).await;
        loop {
            for address in behind.clone().into_keys() {
                let there = values(address, name, self.asking.patience()).await;
                if there.is_ok_and(|there| held.values.is_subset(&there)) {
                    behind.remove(&address);
                }
            }
            if behind.is_empty() {
                return Ok(());
            }
            if tokio::time::Instant::now() + PAUSE > end {
                let names: Vec<String> = behind.into_values().collect();
                return Err(RecordFault::Behind(name.clone(), names.join(", ")));
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// A name as records have it.
fn record_name(text: &str) -> Result<Name, RecordFault> {
    Name::read(text).map_err(|fault| RecordFault::Name(fault.to_string()))
}

/// The data of a TXT record (RFC 1035, section 3.3.14).
fn text(value: &str) -> Result<Vec<u8>, RecordFault> {
    let length = u8::try_from(value.len());
    let length = length.map_err(|error| RecordFault::Name(error.to_string()))?;
    Ok([&[length], value.as_bytes()].concat())
}

/// Where a name leads that is an alias.
fn target(answer: &Answer, name: &Name) -> Option<Name> {
    let mut records = answer.answers.iter();
    let alias = records.find(|it| it.kind == Type::CNAME && it.name == *name);
    alias.and_then(Record::target)
}

/// Where changes of a zone are made.
fn primary(authority: &Authority) -> Result<SocketAddr, RecordFault> {
    let first = authority.addresses().into_iter().next();
    let first = first.map(|(address, _)| address);
    first.ok_or_else(|| RecordFault::Zone(voice::plan::no_server(&authority.zone)))
}

/// What a server answers about a name's texts.
async fn texts(server: SocketAddr, name: &Name, patience: Patience) -> Result<Answer, AskError> {
    let question = Question {
        name: name.clone(),
        kind: Type::TXT,
    };
    ask(server, &question, Manner::default(), patience).await
}

/// What a server has at a name.
async fn values(
    server: SocketAddr,
    name: &Name,
    patience: Patience,
) -> Result<BTreeSet<Vec<u8>>, AskError> {
    let answer = texts(server, name, patience).await?;
    let records = answer.answers.into_iter();
    let own = records.filter(|record| record.name == *name && record.kind == Type::TXT);
    Ok(own.map(|record| record.data).collect())
}

impl Solver for Records {
    fn kind(&self) -> Kind {
        Kind::Dns01
    }

    fn can(&self, identifier: &Identifier) -> bool {
        matches!(identifier, Identifier::Dns(_)) && !self.faulty.contains(identifier)
    }

    fn present<'a>(&'a self, challenges: &'a [Challenge]) -> Solving<'a, Result<(), Unsolved>> {
        Box::pin(async move { Ok(self.zones.put(challenges).await?) })
    }

    fn withdraw<'a>(&'a self, challenges: &'a [Challenge]) -> Solving<'a, ()> {
        Box::pin(async move { drop(self.zones.take(challenges).await) })
    }
}

impl Records {
    /// Those of a service: its server, its key, its zone.
    pub(crate) fn of(
        asking: Asking,
        key: Option<Key>,
        zone: Option<&str>,
    ) -> Result<Self, Failure> {
        let zone = zone.map(Name::read).transpose();
        let zone = zone.map_err(|fault| Failure::Need(fault.to_string()))?;
        Ok(Self {
            zones: Arc::new(Zones { asking, key, zone }),
            faulty: BTreeSet::new(),
        })
    }

    /// Looks, before anything is ordered, whether the servers of these hosts' zones take updates by this key: others are
    /// shown in no record. Says what stands in the way, each thing once.
    pub(crate) async fn look(&mut self, hosts: &[Identifier]) -> Vec<String> {
        let names = hosts.iter().filter(|host| self.can(host));
        let names: Vec<Identifier> = names.take(MOST_NAMES).cloned().collect();
        let tries = names.iter().cloned().map(|host| {
            let zones = Arc::clone(&self.zones);
            async move { zones.tried(&host).await.err().map(|it| it.to_string()) }
        });
        let (mut names, mut said) = (names.iter(), Vec::new());
        let faulty = &mut self.faulty;
        in_order(tries, |fault| {
            let host = names.next();
            if let (Some(host), Some(fault)) = (host, fault) {
                faulty.insert(host.clone());
                if !said.contains(&fault) {
                    said.push(fault);
                }
            }
            ControlFlow::Continue(())
        })
        .await;
        said
    }
}
