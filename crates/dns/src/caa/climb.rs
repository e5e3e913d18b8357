//! The way up from a name to the records that are about it (RFC 8659, section 3).

use crate::message::Code;
use crate::name::Name;

/// Most aliases that are followed from one name: what resolvers do (BIND and unbound stop after 11 to 16).
pub const MAX_ALIASES: usize = 8;

/// Most names that are looked up: a name has at most 127 labels (RFC 1035, section 2.3.4), and every one may be
/// an alias; far more than any that is in use.
pub const MAX_LOOKUPS: usize = 256;

/// What there is at a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// The data of its CAA records.
    Records(Vec<Vec<u8>>),
    /// Another name, by a CNAME.
    Alias(Name),
    /// No such records, or no such name.
    Nothing,
    /// Nobody knows.
    Failed(Failed),
}

/// Why nobody knows what there is at a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failed {
    /// Its signatures do not hold (RFC 4035, section 4.3).
    Bogus,
    /// The server says that it cannot, or does not.
    Code(Code),
    /// No answer that can be used; why, in words.
    NoAnswer(String),
    /// Aliases lead round in a circle, or there are more than [`MAX_ALIASES`].
    Aliases,
}

/// What a look-up brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lookup {
    /// What there is.
    pub found: Found,
    /// Whether the resolver says that signatures hold, all the way down from an anchor.
    pub is_authentic: bool,
    /// Whether signatures came with the answer; where an alias is in it, with all of it.
    pub is_signed: bool,
}

impl From<Found> for Lookup {
    /// Without a word of signatures.
    fn from(found: Found) -> Self {
        Self {
            found,
            is_authentic: false,
            is_signed: false,
        }
    }
}

/// A name on the way, and what was there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// The name.
    pub name: Name,
    /// Aliases that led to it; zero for the name asked about and those above it.
    pub aliases: usize,
    /// What was found.
    pub lookup: Lookup,
}

/// How the way ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End<'c> {
    /// At records: these decide (the Relevant RRset).
    Records {
        /// Where they are.
        at: &'c Name,
        /// The name on the way up that led there: another one where it is an alias.
        under: &'c Name,
        /// The data of each.
        records: &'c [Vec<u8>],
    },
    /// At the top: there are none.
    Nothing,
    /// Before either.
    Failed {
        /// Where.
        at: &'c Name,
        /// Why.
        why: &'c Failed,
    },
}

/// The whole way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Climbed {
    /// The name asked about, without the label of a wildcard.
    pub name: Name,
    /// Names in the order of asking.
    pub visits: Vec<Visit>,
}

impl Climbed {
    /// How it ended.
    pub fn end(&self) -> End<'_> {
        let Some(last) = self.visits.last() else {
            return End::Nothing;
        };
        let at = &last.name;
        match &last.lookup.found {
            Found::Records(records) => {
                let mut visits = self.visits.iter().rev();
                let under = visits.find(|visit| visit.aliases == 0);
                let under = under.map_or(at, |visit| &visit.name);
                End::Records { at, under, records }
            }
            Found::Nothing | Found::Alias(_) => End::Nothing,
            Found::Failed(why) => End::Failed { at, why },
        }
    }
}

/// The way up, as far as it is known: whoever looks up asks it for the [`next`](Self::next) name and
/// [`tell`](Self::tell)s it what was there.
///
/// ```
/// use keyway_dns::caa::{Climb, End, Found};
/// use keyway_dns::name::Name;
///
/// let mut climb = Climb::of(&Name::read("*.www.example.com")?);
/// while let Some(name) = climb.next().cloned() {
///     let is_there = name == Name::read("example.com")?;
///     let records = vec![b"\0\x05issueletsencrypt.org".to_vec()];
///     climb.tell(if is_there { Found::Records(records) } else { Found::Nothing });
/// }
/// let climbed = climb.end();
/// assert_eq!(climbed.visits.len(), 2);
/// assert!(matches!(climbed.end(), End::Records { .. }));
/// # Ok::<(), keyway_dns::name::NameFault>(())
/// ```
#[derive(Debug, Clone)]
pub struct Climb {
    climbed: Climbed,
    /// The name on the way up that is being looked up, or that an alias led away from.
    rung: Name,
    aliases: usize,
    next: Option<Name>,
}

impl Climb {
    /// The way up from a name. For a wildcard it begins at the name behind its `*`.
    pub fn of(name: &Name) -> Self {
        let below = name.is_wildcard().then(|| name.parent()).flatten();
        let name = below.unwrap_or_else(|| name.clone());
        Self {
            next: (name.parent().is_some()).then(|| name.clone()),
            rung: name.clone(),
            aliases: 0,
            climbed: Climbed {
                name,
                visits: Vec::new(),
            },
        }
    }

    /// The whole way, with whoever looks up.
    pub fn with(name: &Name, mut look_up: impl FnMut(&Name) -> Lookup) -> Climbed {
        let mut climb = Self::of(name);
        while let Some(name) = climb.next() {
            let lookup = look_up(name);
            climb.tell(lookup);
        }
        climb.end()
    }

    /// The name that is to be looked up; `None` when the way is done.
    pub fn next(&self) -> Option<&Name> {
        self.next.as_ref()
    }

    /// Says what was at the next name.
    pub fn tell(&mut self, lookup: impl Into<Lookup>) {
        let Some(name) = self.next.take() else {
            return;
        };
        let mut lookup = lookup.into();
        if let Found::Records(records) = &mut lookup.found {
            // Servers turn the order of a set at will (RFC 4034, section 6.3 has one).
            records.sort();
            records.dedup();
            // A set without a record is none.
            if records.is_empty() {
                lookup.found = Found::Nothing;
            }
        }
        let (found, aliases) = (lookup.found.clone(), self.aliases);
        self.climbed.visits.push(Visit {
            name,
            aliases,
            lookup,
        });
        match found {
            Found::Records(_) | Found::Failed(_) => {}
            Found::Alias(target) => self.follow(target),
            // What stands above the target of an alias says nothing: the way goes on above the alias itself.
            Found::Nothing => self.rise(),
        }
    }

    fn follow(&mut self, target: Name) {
        let chain = self.climbed.visits.iter().rev().take(self.aliases + 1);
        let is_round = chain.clone().any(|visit| visit.name == target);
        self.aliases += 1;
        if is_round || self.aliases > MAX_ALIASES || self.is_full() {
            self.give_up(target, self.aliases);
        } else {
            self.next = Some(target);
        }
    }

    fn rise(&mut self) {
        self.aliases = 0;
        let Some(above) = self.rung.parent() else {
            return;
        };
        self.rung = above;
        // Nobody asks the root.
        if self.rung.parent().is_none() {
            return;
        }
        if self.is_full() {
            self.give_up(self.rung.clone(), 0);
        } else {
            self.next = Some(self.rung.clone());
        }
    }

    fn is_full(&self) -> bool {
        self.climbed.visits.len() >= MAX_LOOKUPS
    }

    fn give_up(&mut self, name: Name, aliases: usize) {
        let lookup = Found::Failed(Failed::Aliases).into();
        self.climbed.visits.push(Visit {
            name,
            aliases,
            lookup,
        });
    }

    /// What was found on the way.
    pub fn end(self) -> Climbed {
        self.climbed
    }
}
