//! Names that seem to own what the wildcard above them gives (RFC 4592): whoever looks from outside is told the same.

use std::collections::{BTreeMap, BTreeSet};

use super::State;
use super::state::wildcards;
use crate::name::Name;
use crate::rdata::Type;

/// A label that nobody has.
pub(crate) const NOBODY: &str = "_keyway-looks-below";

/// A name that tells whether another one is there: below that, the wildcards above it give nothing (RFC 4592, section
/// 3.3.1). Nor does one right below it: the asterisk is such a wildcard itself, or is not there for one to be made of.
pub(super) fn probe(name: &Name) -> Option<Name> {
    name.child("*").ok()?.child(NOBODY).ok()
}

impl State {
    /// The same without what wildcards only seem to give: a server answers for a name that does not exist with
    /// the sets of the wildcard beside it (RFC 4592), and whoever looks from outside sees no difference. A name
    /// whose sets are those of its wildcard, all of them and no other, counts as one that does not exist, save
    /// where it is known to: `exists`. What it seemed to have is kept apart: see [`Self::taking`].
    #[must_use]
    pub fn without_synthesis(&self, zone: &Name, exists: &BTreeSet<Name>) -> Self {
        let given: BTreeSet<Name> = self.given(zone).into_keys().collect();
        let mut state = self.clone();
        let is_own = |name: &Name| exists.contains(name) || !given.contains(name);
        let sets = std::mem::take(&mut state.sets).into_iter();
        (state.sets, state.around.seeming) = sets.partition(|((name, _), _)| is_own(name));
        state
    }

    /// The names whose sets are those of the nearest wildcard, all of them and no other: a server that is asked for
    /// one of them would say the same whether it exists or not. Each with a question that tells: a name below it is
    /// answered for by that wildcard, too, unless the name exists (RFC 4592, section 3.3.1).
    pub fn given(&self, zone: &Name) -> BTreeMap<Name, Option<(Name, Type)>> {
        let names: BTreeSet<&Name> = self.sets.keys().map(|(name, _)| name).collect();
        let is_given = |name: &Name| {
            let mut wildcards = wildcards(name, zone).into_iter();
            // A name that is a wildcard is none that answers for itself.
            let wildcard = wildcards
                .find(|wildcard| wildcard != name && self.kinds(wildcard).next().is_some());
            wildcard.is_some_and(|wildcard| self.at(&wildcard).eq(self.at(name)))
        };
        let given = names.into_iter().filter(|name| is_given(name));
        let told = |name: &Name| Some((probe(name)?, self.kinds(name).next()?));
        given.map(|name| (name.clone(), told(name))).collect()
    }

    /// Of names that own nothing those that the nearest wildcard above gives nothing either, as somebody says of a type that
    /// it has: they are there, or one between is, and hides the wildcard (RFC 4592, section 2.2.2).
    pub fn empty<'n>(
        &self,
        zone: &Name,
        names: impl IntoIterator<Item = &'n Name>,
        is_nothing: impl Fn(&Name, Type) -> bool,
    ) -> BTreeSet<Name> {
        let is_empty = |name: &&Name| {
            // One that owns something is nearer than the wildcards above it.
            let above = std::iter::successors(name.parent(), Name::parent);
            let above = above.take_while(|at| at.is_within(zone));
            let mut near = above.filter_map(|at| {
                let wildcard = at.child("*").ok().filter(|it| it != *name);
                let owner = wildcard.filter(|it| self.kinds(it).next().is_some());
                let is_own = self.kinds(&at).next().is_some();
                (owner.is_some() || is_own).then_some(owner)
            });
            let wildcard = near.next().flatten();
            let given = wildcard.iter().flat_map(|wildcard| self.kinds(wildcard));
            let mut given = given.filter(|kind| is_nothing(name, *kind));
            self.kinds(name).next().is_none() && given.next().is_some()
        };
        names.into_iter().filter(is_empty).cloned().collect()
    }

    /// Whether a name has what a wildcard gives it, so that nobody sees whether it is there.
    pub fn seems(&self, name: &Name) -> bool {
        let mut seeming = self.around.seeming.keys();
        seeming.any(|(seeming, _)| seeming == name)
    }

    /// The same where names have what they seem to have and are expected to: whoever asks is given the right answer,
    /// whosever it is. With the names of which that is so.
    #[must_use]
    pub fn taking(&self, expected: &Self) -> (Self, BTreeSet<Name>) {
        let seeming = &self.around.seeming;
        let names: BTreeSet<&Name> = seeming.keys().map(|(name, _)| name).collect();
        let is_expected = |name: &&Name| {
            let mut expected = expected.at(name).peekable();
            let is_any = expected.peek().is_some();
            is_any && expected.all(|(kind, set)| seeming.get(&((*name).clone(), kind)) == Some(set))
        };
        let names: BTreeSet<Name> = names.into_iter().filter(is_expected).cloned().collect();
        let mut state = self.clone();
        let taken = seeming.iter().filter(|((name, _), _)| names.contains(name));
        state
            .sets
            .extend(taken.map(|(key, set)| (key.clone(), set.clone())));
        (state, names)
    }
}
