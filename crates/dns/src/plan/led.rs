//! Where names lead when a plan is carried out.

use std::collections::{BTreeMap, BTreeSet};

use super::state::MAX_ALIASES;
use super::{PlanError, Set, State, recent};
use crate::name::Name;
use crate::rdata::Type;
use crate::wanted::Wanted;

/// What is wanted, by name and type.
pub(super) struct Wants<'w>(BTreeMap<(&'w Name, Type), &'w Wanted>);

impl<'w> Wants<'w> {
    /// Of a list.
    pub(super) fn of(wanted: &'w [Wanted]) -> Self {
        let wanted = wanted.iter();
        Self(wanted.map(|want| ((&want.name, want.kind), want)).collect())
    }

    /// Whether anything is wanted of a set, be it that it goes.
    pub(super) fn is_about(&self, name: &Name, kind: Type) -> bool {
        self.0.contains_key(&(name, kind))
    }

    /// The highest names of those that are wanted and of those above them that are not there yet. All that is at or below
    /// them is answered for by other wildcards afterwards, if by any.
    fn tops(&self, state: &State, zone: &Name) -> BTreeSet<Name> {
        let made = self.0.values().filter(|want| !want.data.is_empty());
        let made: BTreeSet<&Name> = made.map(|want| &want.name).collect();
        let tops = made
            .into_iter()
            .filter_map(|name| state.top_of_new(name, zone));
        tops.collect()
    }

    /// What a name has of a type afterwards.
    pub(super) fn after(&self, state: &State, name: &Name, kind: Type) -> Option<Set> {
        match self.0.get(&(name, kind)) {
            Some(want) => want.after(state.set(name, kind)),
            None => state.set(name, kind).cloned(),
        }
    }

    /// Whether a name has records of a type afterwards.
    fn has(&self, state: &State, name: &Name, kind: Type) -> bool {
        self.after(state, name, kind).is_some()
    }

    /// Where a name leads afterwards, as an alias.
    pub(super) fn target(&self, state: &State, name: &Name) -> Option<Name> {
        let data = match self.0.get(&(name, Type::CNAME)) {
            Some(want) => want.data.first(),
            None => state.set(name, Type::CNAME)?.data.first(),
        };
        data.map(|data| Name::of_wire(data))
    }

    /// Whether a name is to become an alias.
    pub(super) fn makes_alias(&self, name: &Name) -> bool {
        let alias = self.0.get(&(name, Type::CNAME));
        alias.is_some_and(|want| !want.data.is_empty())
    }

    /// Whether a name, or one below it, has something afterwards that it may not have had.
    fn makes(&self, name: &Name) -> bool {
        let mut made = self.0.values().filter(|want| !want.data.is_empty());
        made.any(|want| want.name.is_within(name))
    }

    /// The wildcard that answers for a name afterwards, where the name is not there.
    fn giver(&self, state: &State, name: &Name, zone: &Name) -> Option<Name> {
        state.giver_with(name, zone, |name| self.makes(name))
    }
}

/// Where a way ends.
#[derive(Debug, Clone, PartialEq, Eq)]
enum End {
    /// At an address, or where nobody knows.
    Open,
    /// At a name that has none.
    Nowhere(Name),
    /// At a name of another zone that has none by now.
    Abroad(Name),
    /// Where it has been before.
    Loop(Name),
}

/// Where the way of a name ends that is an alias of another one, as far as it is in the zone, or comes back to it, and is
/// known.
fn end(zone: &Name, state: &State, name: &Name, target: &Name, wants: &Wants<'_>) -> End {
    let (mut here, mut seen) = (target.clone(), BTreeSet::from([name.clone()]));
    for _ in 0..MAX_ALIASES {
        if state.is_elsewhere(&here, zone) {
            match state.back(&here, zone) {
                Some(back) => here = back.clone(),
                None if state.is_nowhere(&here) => return End::Abroad(here),
                None => return End::Open,
            }
            continue;
        }
        if !seen.insert(here.clone()) {
            return End::Loop(here);
        }
        // What a wildcard gave to a name is known, and that it gives it no more where the name comes.
        let is_hidden = || wants.makes(&here) && state.giver(&here, zone).is_some();
        if !state.is_known(&here) && !is_hidden() {
            return End::Open;
        }
        // A wildcard answers for a name that is not there.
        let owner = wants.giver(state, &here, zone);
        let owner = owner.unwrap_or_else(|| here.clone());
        match wants.target(state, &owner) {
            Some(next) => here = next,
            None if [Type::A, Type::AAAA]
                .iter()
                .any(|kind| wants.has(state, &owner, *kind)) =>
            {
                return End::Open;
            }
            None => return End::Nowhere(here),
        }
    }
    End::Open
}

/// Whether a name that becomes an alias comes to an address.
pub(super) fn leads(
    zone: &Name,
    state: &State,
    want: &Wanted,
    wants: &Wants<'_>,
) -> Result<(), PlanError> {
    let Some(target) = want.data.first().map(|data| Name::of_wire(data)) else {
        return Ok(());
    };
    let (at, is_loop) = match end(zone, state, &want.name, &target, wants) {
        End::Open => return Ok(()),
        // A name that led nowhere has nothing to lose, and its target may be made yet.
        End::Abroad(_) if !recent::leads(state, zone, &want.name) => return Ok(()),
        End::Nowhere(at) | End::Abroad(at) => (at, false),
        End::Loop(at) => (at, true),
    };
    let name = want.name.clone();
    Err(PlanError::LeadsNowhere {
        name,
        target,
        at,
        is_loop,
    })
}

/// Whether the aliases of the zone that stay as they are lead on to an address that led to one.
pub(super) fn stay(zone: &Name, state: &State, wants: &Wants<'_>) -> Result<(), PlanError> {
    let tops = wants.tops(state, zone);
    if tops.is_empty() {
        return Ok(());
    }
    let nothing = Wants(BTreeMap::new());
    let aliases = state.sets().filter(|(_, kind, _)| *kind == Type::CNAME);
    let aliases = aliases.filter(|(name, kind, _)| !wants.is_about(name, *kind));
    for (name, target) in aliases.filter_map(|(name, _, set)| Some((name, set.targets().next()?))) {
        if !target.is_at_or_below(&tops) || state.is_elsewhere(name, zone) {
            continue;
        }
        if end(zone, state, name, &target, &nothing) != End::Open {
            continue;
        }
        let (at, is_loop) = match end(zone, state, name, &target, wants) {
            End::Open => continue,
            End::Nowhere(at) | End::Abroad(at) => (at, false),
            End::Loop(at) => (at, true),
        };
        let name = name.clone();
        return Err(PlanError::LosesTarget {
            name,
            target,
            at,
            is_loop,
        });
    }
    Ok(())
}
