//! What is known of a zone beside the sets of names: which names are there without any, which were looked at, and
//! which others name.

use std::collections::{BTreeMap, BTreeSet};

use super::elsewhere::Elsewhere;
use super::prerequisites::host;
use super::seeming::probe;
use super::state::wildcards;
use super::{Cached, Plan, Set, State, pins};
use crate::message::Question;
use crate::name::{self, Name};
use crate::rdata::{self, Type};
use crate::zone::{Record, Zone};

/// What is known beside the sets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Around {
    /// Names above those that own something: they are there, too (RFC 4592, section 2.2.2).
    above: BTreeSet<Name>,
    /// Names of which all is known.
    known: BTreeSet<Name>,
    /// Whether that is so of every name.
    is_whole: bool,
    /// Names that an NS, MX or SRV record names, and one that does.
    named: BTreeMap<Name, (Name, Type)>,
    /// Whether all of it, and where it leads, has stood for longer than caches remember.
    pub(super) has_stood: bool,
    /// What is known of names for which others speak.
    pub(super) elsewhere: Elsewhere,
    /// Names of pins beside those that are looked at, and which they are, where they stand there themselves.
    pub(super) pinned: BTreeMap<Name, Option<Set>>,
    /// Where aliases lead that stand at places of pins, as long as nobody has looked there.
    pinned_at: BTreeMap<Name, Name>,
    /// HTTPS records beside those that are looked at.
    pub(super) bindings: BTreeMap<Name, Set>,
    /// How long caches may have what is older than sets.
    pub(super) remembered: Cached,
    /// What names seem to have, and wildcards give them in any case.
    pub(super) seeming: BTreeMap<(Name, Type), Set>,
}

impl Around {
    /// A name owns something; of those above it the ones that are looked at are noted.
    pub(super) fn owns(&mut self, name: &Name, near: Option<&BTreeSet<Name>>) {
        let mut here = name.parent();
        while let Some(at) = here {
            here = at.parent();
            if near.is_none_or(|near| near.contains(&at)) && !self.above.insert(at) {
                // What is above that is noted, too.
                break;
            }
        }
    }

    pub(super) fn looked_at(&mut self, near: Option<&BTreeSet<Name>>) {
        match near {
            Some(near) => self.known.extend(near.iter().cloned()),
            None => self.is_whole = true,
        }
    }

    /// Notes what clients look for below a name that is looked at: pins, where they stand or are led to, and HTTPS records
    /// of ports.
    pub(super) fn below(&mut self, record: &Record<'_>, near: &BTreeSet<Name>) {
        let is_about = matches!(record.kind, Type::TLSA | Type::HTTPS | Type::CNAME);
        if !is_about || record.owner.get(1) != Some(&b'_') {
            return;
        }
        let name = Name::of_wire(record.owner);
        if !near.contains(&host(&name)) {
            return;
        }
        match record.kind {
            Type::TLSA => {
                let pins = self.pinned.entry(name).or_default();
                let pins = pins.get_or_insert_with(|| Set {
                    ttl: record.ttl,
                    data: BTreeSet::new(),
                });
                pins.data.insert(record.data.to_vec());
            }
            Type::CNAME if pins::is_place(&name) => {
                self.pinned_at.insert(name, Name::of_wire(record.data));
            }
            Type::HTTPS => {
                let data = rdata::lower(record.kind, record.data).into_owned();
                let set = self.bindings.entry(name).or_insert_with(|| Set {
                    ttl: record.ttl,
                    data: BTreeSet::new(),
                });
                set.data.insert(data);
            }
            _ => {}
        }
    }

    /// Notes the pins of names that lead to where a zone has some.
    pub(super) fn led_to_pins(&mut self, zone: &Zone) {
        let led = std::mem::take(&mut self.pinned_at);
        if led.is_empty() {
            return;
        }
        let targets: BTreeSet<&Name> = led.values().collect();
        let pins = zone.records().filter(|record| record.kind == Type::TLSA);
        let mut sets = BTreeMap::<Name, Set>::new();
        for record in pins {
            let owner = Name::of_wire(record.owner);
            if targets.contains(&owner) {
                let (ttl, data) = (record.ttl, BTreeSet::new());
                let set = sets.entry(owner).or_insert(Set { ttl, data });
                set.data.insert(record.data.to_vec());
            }
        }
        let led = led.into_iter();
        let led = led.filter_map(|(name, target)| Some((name, Some(sets.get(&target)?.clone()))));
        self.pinned.extend(led);
    }

    fn seeming_at(&self, name: &Name) -> impl Iterator<Item = (&(Name, Type), &Set)> {
        let from = (name.clone(), Type::of(0));
        self.seeming
            .range(from..=(name.clone(), Type::of(u16::MAX)))
    }

    pub(super) fn is_known(&self, name: &Name) -> bool {
        self.is_whole || self.known.contains(name)
    }

    /// A record of a name that is not looked at itself may name one that is.
    pub(super) fn names(&mut self, record: Record<'_>, near: &BTreeSet<Name>) {
        let target = target(record.kind, record.data);
        if target.is_some_and(|target| near.contains(&target)) {
            self.named(&Name::of_wire(record.owner), record.kind, record.data);
        }
    }

    pub(super) fn named(&mut self, owner: &Name, kind: Type, data: &[u8]) {
        if let Some(target) = target(kind, data) {
            let by = (owner.clone(), kind);
            if kind == Type::NS {
                // No alias may be a server of a zone, whoever else names it.
                self.named.insert(target, by);
            } else {
                self.named.entry(target).or_insert(by);
            }
        }
    }
}

/// The host that a record names by the name that it really has (RFC 2181, section 10.3; RFC 2782).
fn target(kind: Type, data: &[u8]) -> Option<Name> {
    let start = match kind {
        Type::NS => 0,
        Type::MX => 2,
        Type::SRV => 6,
        _ => return None,
    };
    let name = name::first(data.get(start..)?)?;
    Some(Name::of_wire(name))
}

impl State {
    /// What it has of these names.
    pub(crate) fn at_names<'n>(&self, names: impl IntoIterator<Item = &'n Name>) -> Self {
        let mut state = Self::default();
        for name in names {
            let own = self.at(name);
            let own = own.map(|(kind, set)| ((name.clone(), kind), set.clone()));
            state.sets.extend(own);
            let seeming = self.around.seeming_at(name);
            let seeming = seeming.map(|(key, set)| (key.clone(), set.clone()));
            state.around.seeming.extend(seeming);
        }
        state
    }

    /// What the names in a plan have when it is carried out.
    pub(super) fn after(&self, plan: &Plan) -> Self {
        let mut state = self.at_names(plan.names());
        plan.steps.iter().for_each(|step| state.apply(step));
        state
    }

    /// Says that all that a name owns is here.
    pub fn know(&mut self, name: Name) {
        self.around.known.insert(name);
    }

    /// Says that all of it, and what its names lead to in other zones, has stood for longer than caches remember:
    /// nothing waits for that.
    pub fn has_stood(&mut self) {
        self.around.has_stood = true;
    }

    /// Says that a name is there, whatever it owns.
    pub fn exists(&mut self, name: Name) {
        self.around.above.insert(name);
    }

    /// Notes the names above those that own something: all that is here is the zone's own, and nothing that a wildcard
    /// only seems to give.
    pub fn settle(&mut self) {
        for (name, _) in self.sets.keys() {
            self.around.owns(name, None);
        }
    }

    /// Takes in another part of the zone.
    pub fn join(&mut self, other: &Self) {
        for (name, kind, set) in other.sets() {
            for data in &set.data {
                self.add(name.clone(), kind, set.ttl, data);
            }
        }
        self.around.known.extend(other.around.known.iter().cloned());
        self.around.above.extend(other.around.above.iter().cloned());
        self.settle();
    }

    /// Whether all that a name owns is known.
    pub(super) fn is_known(&self, name: &Name) -> bool {
        self.around.is_known(name)
    }

    /// Whether a name is there, though it may own nothing.
    pub(super) fn is_there(&self, name: &Name, zone: &Name) -> bool {
        name == zone || self.around.above.contains(name) || self.kinds(name).next().is_some()
    }

    /// Whether something below a name is there.
    pub(super) fn is_above(&self, name: &Name) -> bool {
        self.around.above.contains(name)
    }

    /// Which record names a host by this name: its owner, and its type.
    pub(super) fn named_by(&self, name: &Name) -> Option<&(Name, Type)> {
        self.around.named.get(name)
    }

    /// The nearest name above one that is there (RFC 4592, section 3.3.1).
    pub(super) fn encloser(&self, name: &Name, zone: &Name) -> Option<Name> {
        let mut here = name.parent();
        while let Some(at) = here.filter(|at| at.is_within(zone)) {
            if self.is_there(&at, zone) {
                return Some(at);
            }
            here = at.parent();
        }
        None
    }

    /// The highest name at or above one that is not there; `None` where it is.
    pub(super) fn top_of_new(&self, name: &Name, zone: &Name) -> Option<Name> {
        let above = std::iter::successors(Some(name.clone()), Name::parent);
        let new = above.take_while(|at| at.is_within(zone) && !self.is_there(at, zone));
        new.last()
    }

    /// The wildcard that answers for a name that is not there, and owns something.
    pub(super) fn giver(&self, name: &Name, zone: &Name) -> Option<Name> {
        if self.is_there(name, zone) {
            return None;
        }
        self.wildcard(name, zone)
    }

    /// The wildcard that answers for a name that is not there, where more names come, or something below them: a name that
    /// comes is the nearest one above others (RFC 4592, section 3.3.1), and a wildcard may come itself.
    pub(super) fn giver_with(
        &self,
        name: &Name,
        zone: &Name,
        comes: impl Fn(&Name) -> bool,
    ) -> Option<Name> {
        let comes_or_is = |name: &Name| self.is_there(name, zone) || comes(name);
        if comes_or_is(name) {
            return None;
        }
        let above = std::iter::successors(name.parent(), Name::parent);
        let mut above = above.take_while(|at| at.is_within(zone));
        let wildcard = above.find(|at| comes_or_is(at))?.child("*").ok()?;
        (comes_or_is(&wildcard) && wildcard != *name).then_some(wildcard)
    }

    /// The wildcard that would answer for a name if it were not there, and owns something.
    pub(super) fn wildcard(&self, name: &Name, zone: &Name) -> Option<Name> {
        let wildcard = self.encloser(name, zone)?.child("*").ok()?;
        let owns = self.kinds(&wildcard).next().is_some();
        (owns && wildcard != *name).then_some(wildcard)
    }

    /// What the wildcard gives of a type to a name that is not there.
    pub(super) fn given_set(&self, zone: &Name, name: &Name, kind: Type) -> Option<&Set> {
        self.set(&self.giver(name, zone)?, kind)
    }

    /// For names that nobody knows to be there or not, as a wildcard above would answer for them: a question each that
    /// tells. A name below one that is there is not answered for by the wildcards above it (RFC 4592, section 3.3.1).
    pub fn doubtful(&self, names: &BTreeSet<Name>, zone: &Name) -> BTreeMap<Name, Question> {
        let mut doubtful = BTreeMap::new();
        for name in names {
            let mut here = name.parent();
            while let Some(at) = here.filter(|at| at.is_within(zone) && at != zone) {
                here = at.parent();
                if self.is_there(&at, zone) || at.is_wildcard() {
                    continue;
                }
                let mut wildcards = wildcards(&at, zone).into_iter();
                let kind = wildcards.find_map(|wildcard| self.kinds(&wildcard).next());
                if let (Some(kind), Some(name)) = (kind, probe(&at)) {
                    doubtful.insert(at, Question { name, kind });
                }
            }
        }
        doubtful
    }
}
