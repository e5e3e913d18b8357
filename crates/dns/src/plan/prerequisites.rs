//! What has to stand when a step is made (RFC 2136, section 2.4).

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::absent::cuts;
use super::follow::LEAD;
use super::leads::target;
use super::state::MAX_ALIASES;
use super::{Change, LOOKED_FOR, Plan, Set, State};
use crate::name::Name;
use crate::rdata::Type;

/// The type of no set: of every one (RFC 1035, section 3.2.3).
const ANY: Type = Type::of(255);

/// What has to be so of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prerequisite<'p> {
    /// The name.
    pub name: Cow<'p, Name>,
    /// The type of the set; of [`Holds::NoName`] none.
    pub kind: Type,
    /// What has to be so of it.
    pub holds: Holds<'p>,
}

/// What has to be so of a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds<'p> {
    /// It has these records and no other (section 2.4.2).
    Exactly(&'p Set),
    /// It is an alias of this name alone (section 2.4.2).
    Alias(&'p Name),
    /// It has records, whichever (section 2.4.1).
    Something,
    /// It has none (section 2.4.3).
    Nothing,
    /// Its name owns nothing at all (section 2.4.5).
    NoName,
}

impl Change {
    /// That its set is still what was seen.
    pub fn prerequisite(&self) -> Prerequisite<'_> {
        Prerequisite {
            name: Cow::Borrowed(&self.name),
            kind: self.kind,
            holds: self.before.as_ref().map_or(Holds::Nothing, Holds::Exactly),
        }
    }
}

impl Plan {
    /// What a step starts from: its own sets as they were seen, and those that are kept beside them; nothing that a new alias cannot stand beside, that leads its
    /// names elsewhere, or that takes them out of the zone; what earlier
    /// steps left at the same hosts and at those that they come to lead to; and what aliases lead to that the plan leaves
    /// alone. `number` counts from 0; there is nothing of a step that the plan does not have.
    pub fn prerequisites(&self, number: usize) -> Vec<Prerequisite<'_>> {
        let Some(step) = self.steps.get(number) else {
            return Vec::new();
        };
        let own = step.changes.iter().map(Change::prerequisite);
        let excluded = step.excluded().map(|(name, kind)| Prerequisite {
            name: Cow::Borrowed(name),
            kind,
            holds: Holds::Nothing,
        });
        let mut all: Vec<Prerequisite<'_>> = own.chain(excluded).collect();
        let known: BTreeSet<(&Name, Type)> = all.iter().map(|it| (&*it.name, it.kind)).collect();
        let barred = self.barred(step).into_iter();
        let barred = barred.filter(|(name, kind)| !known.contains(&(name, *kind)));
        let barred: Vec<(Name, Type)> = barred.collect();
        all.extend(barred.into_iter().map(|(name, kind)| Prerequisite {
            name: Cow::Owned(name),
            kind,
            holds: Holds::Nothing,
        }));
        let told = all.iter().map(|it| (it.name.clone(), it.kind));
        let told: BTreeSet<(Cow<'_, Name>, Type)> = told.collect();
        let mut more = BTreeMap::new();
        // What is kept beside a set that is there is there as well, and no wildcard gives it.
        let there = step.changes.iter().filter(|it| it.before.is_some());
        let there: BTreeSet<&Name> = there.map(|change| &change.name).collect();
        let kept = self.kept.iter().filter(|kept| there.contains(&kept.name));
        for (kept, set) in kept.filter_map(|kept| Some((kept, kept.set.as_ref()?))) {
            let key = (Cow::Borrowed(&kept.name), kept.kind);
            more.insert(key, Holds::Exactly(set));
        }
        let related = related(&step.changes);
        let earlier = self.steps[..number].iter().flat_map(|step| &step.changes);
        for change in earlier.filter(|change| related.contains(&host(&change.name))) {
            let key = (Cow::Borrowed(&change.name), change.kind);
            match &change.after {
                Some(set) => more.insert(key, Holds::Exactly(set)),
                None => more.remove(&key),
            };
        }
        for change in &step.changes {
            self.led(target(change), &mut more);
        }
        more.retain(|key, _| !told.contains(key));
        all.extend(more.into_iter().map(|((name, kind), holds)| Prerequisite {
            name,
            kind,
            holds,
        }));
        all
    }

    /// What stands on the way from a name that an alias leads to; and that nothing does which would hide a wildcard there.
    fn led<'p>(
        &'p self,
        from: Option<Name>,
        found: &mut BTreeMap<(Cow<'p, Name>, Type), Holds<'p>>,
    ) {
        let mut here = from;
        for _ in 0..=MAX_ALIASES {
            let Some(name) = here.take() else {
                break;
            };
            // They are in the order of their names.
            let start = self.leads.partition_point(|lead| lead.name < name);
            let leads = self.leads[start..].iter();
            for lead in leads.take_while(|lead| lead.name == name) {
                let owner = lead.wildcard.as_ref().unwrap_or(&lead.name);
                if let Some(wildcard) = &lead.wildcard {
                    let hiding = hiding(&lead.name, wildcard);
                    found.extend(hiding.map(|name| ((Cow::Owned(name), ANY), Holds::NoName)));
                }
                let target = lead.target.as_ref();
                let holds = target.map_or(Holds::Something, Holds::Alias);
                let key = (Cow::Borrowed(owner), lead.kind);
                found.entry(key).or_insert(holds);
                here = here.or_else(|| lead.target.clone());
            }
        }
    }
}

/// A name that a wildcard answers for, those above it and below the wildcard's parent, and the wildcards below each of
/// them: one that comes hides the wildcard (RFC 4592, section 3.3.1). So does any other name below them, and no server can be
/// told to look for all of these.
fn hiding(name: &Name, wildcard: &Name) -> impl Iterator<Item = Name> {
    let top = wildcard.parent();
    let at = std::iter::successors(Some(name.clone()), Name::parent);
    let at = at.take_while(move |at| Some(at) != top.as_ref());
    at.flat_map(|at| [at.child("*").ok(), Some(at)].into_iter().flatten())
}

/// The hosts that changes are about, and those that they come to lead to.
fn related(changes: &[Change]) -> BTreeSet<Name> {
    let targets = changes.iter().filter_map(target);
    let own = changes.iter().map(|change| host(&change.name));
    own.chain(targets.map(|name| host(&name))).collect()
}

/// The host that a name with labels of a service in front is about (RFC 8552).
pub(crate) fn host(name: &Name) -> Name {
    let mut here = name.clone();
    while here.wire().get(1) == Some(&b'_') {
        let Some(parent) = here.parent() else {
            break;
        };
        here = parent;
    }
    here
}

/// Type, class, TTL and length of a record (RFC 1035, section 4.1.3).
pub(super) const HEAD: usize = 10;

/// Bytes that prerequisites beside those of the changes themselves take in an update, at most, by host.
pub(super) struct Leaning(BTreeMap<Name, usize>);

impl Leaning {
    /// Of all that a plan changes.
    pub(super) fn of<'c>(
        changes: impl IntoIterator<Item = &'c Change>,
        zone: &Name,
        state: &State,
    ) -> Self {
        let mut bytes = BTreeMap::<Name, usize>::new();
        let mut seen = BTreeSet::new();
        let mut beside = BTreeSet::new();
        for change in changes {
            if beside.insert(&change.name) {
                *bytes.entry(host(&change.name)).or_default() += beside_size(&change.name, state);
            }
            if seen.insert(host(&change.name)) {
                *bytes.entry(host(&change.name)).or_default() += barred_size(change, zone);
            }
            let data = change.after.iter().flat_map(|set| &set.data);
            let records = data.map(|data| change.name.wire().len() + HEAD + data.len());
            *bytes.entry(host(&change.name)).or_default() += records.sum::<usize>();
            if let Some(target) = target(change) {
                *bytes.entry(host(&change.name)).or_default() += way_size(target, zone, state);
            }
        }
        Self(bytes)
    }

    /// Of changes that are made together.
    pub(super) fn size(&self, changes: &[Change]) -> usize {
        let hosts = related(changes).into_iter();
        hosts.filter_map(|host| self.0.get(&host)).sum()
    }
}

/// Bytes that all sets of a name take, of which those are said that are kept.
fn beside_size(name: &Name, state: &State) -> usize {
    let sets = LOOKED_FOR.iter().filter_map(|kind| state.set(name, *kind));
    let records = sets.flat_map(|set| &set.data);
    records
        .map(|data| name.wire().len() + HEAD + data.len())
        .sum()
}

/// Bytes that it takes to say what may not be at a host, or above it.
fn barred_size(change: &Change, zone: &Name) -> usize {
    let record = |name: &Name| name.wire().len() + HEAD;
    let cuts = cuts(change, zone).into_iter();
    let cuts: usize = cuts.map(|(name, _)| record(&name)).sum();
    cuts + record(&host(&change.name)) * (LEAD.len() + 1)
}

/// Bytes that what stands on the way from a target takes.
fn way_size(target: Name, zone: &Name, state: &State) -> usize {
    let record = |name: &Name| name.wire().len() + HEAD;
    let (mut size, mut at) = (0, target);
    for (owner, kind, set) in state.way(zone, &at) {
        size += record(&owner);
        if owner.is_wildcard() {
            let hiding = hiding(&at, &owner).map(|name| record(&name));
            size += hiding.sum::<usize>();
        }
        if kind == Type::CNAME
            && let Some(next) = set.targets().next()
        {
            size += next.wire().len();
            at = next;
        }
    }
    size
}
