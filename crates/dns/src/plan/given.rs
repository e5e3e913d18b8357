//! What wildcards give in the place of what a plan changes.

use std::collections::BTreeSet;

use super::{Change, Set, State};
use crate::name::Name;
use crate::rdata::Type;

/// What a wildcard gives (RFC 4592).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The type: the one that is asked for, or CNAME; in the place of an alias, of what is remembered longest.
    pub kind: Type,
    /// The records.
    pub set: Set,
}

impl Given {
    fn by(state: &State, wildcard: &Name, kind: Type) -> Option<Self> {
        let by = |kind| {
            let set = state.set(wildcard, kind)?.clone();
            Some(Self { kind, set })
        };
        let all = || state.kinds(wildcard).filter_map(by);
        let longest = || all().max_by_key(|given| given.set.ttl);
        let own = by(kind).or_else(|| by(Type::CNAME));
        own.or_else(|| (kind == Type::CNAME).then(longest)?)
    }
}

/// Notes at changes what a wildcard gives: before, to names that are not there, and after, to those of which nothing is
/// left.
pub(super) fn note(changes: &mut [Change], zone: &Name, state: &State) {
    let gone = changes.iter().filter(|change| change.after.is_none());
    let gone: BTreeSet<(Name, Type)> = gone.map(|it| (it.name.clone(), it.kind)).collect();
    let made = changes.iter().filter(|change| change.after.is_some());
    let made: BTreeSet<Name> = made.map(|change| change.name.clone()).collect();
    let is_left = |name: &Name| {
        let mut kinds = state.kinds(name);
        kinds.any(|kind| !gone.contains(&(name.clone(), kind)))
            || made.iter().any(|made| made.is_within(name))
            || state.is_above(name)
    };
    for change in changes {
        let wildcard = match (&change.before, &change.after) {
            (None, _) => state.giver(&change.name, zone),
            (_, None) if !is_left(&change.name) => state.wildcard(&change.name, zone),
            _ => None,
        };
        change.given = wildcard.and_then(|it| Given::by(state, &it, change.kind));
    }
}
