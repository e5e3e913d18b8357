//! What a server says of records, in the words of whoever compares.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use crate::message::{Answer, Code, Question, Record};
use crate::name::Name;
use crate::plan::{MAX_ALIASES, NEGATIVE_TTL, Set, State};
use crate::rdata::{self, Type};

/// What a server is for the zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It holds the zone.
    Authoritative,
    /// It finds out, and remembers.
    Resolver,
}

/// What a server said of one name and type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// These records. `is_own` where it speaks for the zone.
    Records {
        /// The records; the TTL is what is left of it at a resolver.
        set: Set,
        /// Whether it says so of its own knowledge.
        is_own: bool,
    },
    /// There are none. How long that may be remembered, seconds, where it said (RFC 2308).
    Nothing(Option<u32>),
    /// It does not speak for the zone.
    Lame,
    /// It does not, or cannot.
    Refused(Code),
    /// It says SERVFAIL, and has an answer when it is told not to look at signatures (RFC 4035, section 3.2.2).
    Bogus,
    /// There is more than a message holds, and nobody sees what; in words.
    Cut(String),
    /// No answer came; why.
    Failed(String),
}

impl Said {
    /// Reads an answer. A name that is an alias has no records of other types.
    pub fn of(question: &Question, role: Role, answer: &Answer) -> Self {
        if !answer.tells(question) {
            return Self::Refused(answer.code);
        }
        if role == Role::Authoritative && !answer.authoritative {
            return Self::Lame;
        }
        let ours = |record: &&Record| record.name == question.name && record.kind == question.kind;
        let mut records = answer.answers.iter().filter(ours).peekable();
        let Some(first) = records.peek() else {
            let start = answer.authorities.iter().find_map(Record::start);
            return Self::Nothing(start.map(|start| start.negative_ttl));
        };
        let mut set = Set {
            ttl: first.ttl,
            data: BTreeSet::new(),
        };
        for record in records {
            set.ttl = set.ttl.min(record.ttl);
            let data = rdata::lower(record.kind, &record.data).into_owned();
            set.data.insert(data);
        }
        Self::Records {
            set,
            is_own: answer.authoritative,
        }
    }

    /// The alias that stands in an answer in the place of what was asked for.
    pub fn alias(question: &Question, answer: &Answer) -> Option<Set> {
        let kind = Type::CNAME;
        let mut records = answer.answers.iter();
        let alias = records.find(|record| record.kind == kind && record.name == question.name)?;
        let data = rdata::lower(kind, &alias.data).into_owned();
        (question.kind != kind).then(|| Set {
            ttl: alias.ttl,
            data: BTreeSet::from([data]),
        })
    }

    /// The names that the aliases of an answer lead to, one after the other; who asks for an alias is led nowhere.
    pub fn way(question: &Question, answer: &Answer) -> Vec<Name> {
        let mut way = Vec::new();
        while way.len() < MAX_ALIASES && question.kind != Type::CNAME {
            let here = way.last().unwrap_or(&question.name);
            let mut records = answer.answers.iter();
            let alias = records.find(|it| it.kind == Type::CNAME && it.name == *here);
            let Some(next) = alias.and_then(Record::target) else {
                break;
            };
            way.push(next);
        }
        way
    }

    /// The data where a [way](Self::way) of an answer ends; none where it follows no alias.
    pub fn led(question: &Question, answer: &Answer, way: &[Name]) -> BTreeSet<Vec<u8>> {
        let is_end = |record: &&Record| {
            record.kind == question.kind && way.last().is_some_and(|end| *end == record.name)
        };
        let records = answer.answers.iter().filter(is_end);
        records.map(|record| record.data.clone()).collect()
    }

    /// The records; `None` where there are none, or it did not say.
    pub fn set(&self) -> Option<&Set> {
        match self {
            Self::Records { set, .. } => Some(set),
            _ => None,
        }
    }
}

/// What one server says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// What to call the server: its name, where it has one, and its address.
    pub server: String,
    /// What it is for the zone.
    pub role: Role,
    /// The version of the zone that it has, if it said.
    pub serial: Option<u32>,
    /// What it said, question by question.
    pub said: BTreeMap<(Name, Type), Said>,
    /// The alias by which it answered for a name that it was asked for records of another type, with what is left of its TTL.
    pub aliases: BTreeMap<Name, Set>,
    /// The names that it followed the alias of a name to, one after the other.
    pub ways: BTreeMap<Name, Vec<Name>>,
    /// The records where the aliases end that it followed from a name to another, question by question.
    pub led: BTreeMap<(Name, Type), BTreeSet<Vec<u8>>>,
}

impl View {
    /// What it said of a name and type.
    pub fn of(&self, name: &Name, kind: Type) -> Option<&Said> {
        self.said.get(&(name.clone(), kind))
    }

    /// The names of which it gives any records, their own or those of where they lead.
    pub(crate) fn names_with_some(&self) -> impl Iterator<Item = &Name> {
        let said = self.said.iter().filter(|(_, said)| said.set().is_some());
        let said = said.map(|((name, _), _)| name);
        said.chain(self.aliases.keys())
    }

    /// The addresses that it gives for a host.
    pub fn addresses(&self, host: &Name) -> Vec<IpAddr> {
        let sets = [Type::A, Type::AAAA].map(|kind| self.of(host, kind).and_then(Said::set));
        let data = sets.into_iter().flatten().flat_map(|set| &set.data);
        data.filter_map(|data| address(data)).collect()
    }

    /// The records where the alias of their name leads, as far as it follows that.
    pub fn set_led_to(&self, name: &Name, kind: Type) -> Option<Set> {
        let data = self.led.get(&(name.clone(), kind))?.clone();
        let ttl = self.aliases.get(name).map_or(0, |alias| alias.ttl);
        (!data.is_empty()).then_some(Set { ttl, data })
    }

    /// The addresses that it gives for a host, its own or those where aliases end that it follows.
    pub(crate) fn led_to(&self, host: &Name) -> BTreeSet<IpAddr> {
        let led = [Type::A, Type::AAAA].map(|kind| self.led.get(&(host.clone(), kind)));
        let led = led.into_iter().flatten().flatten();
        let led = led.filter_map(|data| address(data));
        led.chain(self.addresses(host)).collect()
    }

    /// How long it is remembered that a name of the zone has nothing, seconds, where it was asked for the zone's SOA
    /// record (and for its keys: signed zones' is longer); else the longest that is usual (RFC 2308, section 5).
    pub fn negative_ttl(&self, zone: &Name) -> u32 {
        let start = self.of(zone, Type::SOA).and_then(Said::set);
        let keys = self.of(zone, Type::DNSKEY).and_then(Said::set);
        let known = start.and_then(|start| start.negative_ttl(keys.is_some()));
        known.unwrap_or(NEGATIVE_TTL)
    }

    /// The records as the state of a zone.
    ///
    /// # Errors
    /// The first question that was not answered, and what came instead.
    pub fn state(&self) -> Result<State, (&Name, Type, &Said)> {
        let mut state = State::default();
        for ((name, kind), said) in &self.said {
            match said {
                Said::Records { set, .. } => {
                    for data in &set.data {
                        state.add(name.clone(), *kind, set.ttl, data);
                    }
                }
                Said::Nothing(_) => {}
                other => return Err((name, *kind, other)),
            }
        }
        Ok(state)
    }
}

/// The address that the data of an A or AAAA record is; `None` of other data.
pub fn address(data: &[u8]) -> Option<IpAddr> {
    match data.len() {
        4 => Some(IpAddr::from(*data.first_chunk::<4>()?)),
        16 => Some(IpAddr::from(*data.first_chunk::<16>()?)),
        _ => None,
    }
}
