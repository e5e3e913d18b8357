//! Addresses that a name has for a while, so that nobody who comes by one kind alone finds none.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::state::MAX_ALIASES;
use super::{Change, Set, State};
use crate::name::Name;
use crate::rdata::Type;

/// The two kinds of addresses.
const KINDS: [Type; 2] = [Type::A, Type::AAAA];

const REASON: &str = "caches may know that there are none of this kind";

/// Names that come to have addresses of one kind alone, and had others. Who knows that there was none of that kind asks
/// again only when that has run out (RFC 2308, section 5): until then the old ones stay, and those of the new kind
/// stand beside them, where a name becomes an alias those of its target. Nobody sees in a zone since when the new ones
/// are there: they count as if they had just been made. To the changes comes what it takes.
pub(super) fn bridge(changes: &mut Vec<Change>, zone: &Name, state: &State) -> BTreeSet<Name> {
    let leads = |change: &&Change| change.kind == Type::CNAME || KINDS.contains(&change.kind);
    let names = changes.iter().filter(leads);
    let names: BTreeSet<Name> = names.map(|change| change.name.clone()).collect();
    let seen = Seen {
        changes,
        zone,
        state,
    };
    let names = names.into_iter().filter(|name| seen.loses(name));
    let bridged: BTreeSet<Name> = names.collect();
    let more: Vec<Change> = bridged.iter().flat_map(|name| seen.more(name)).collect();
    changes.extend(more);
    bridged
}

/// What clients are told of names.
struct Seen<'s> {
    changes: &'s [Change],
    zone: &'s Name,
    state: &'s State,
}

impl<'s> Seen<'s> {
    /// Whether a name loses addresses of one kind, and has the other one afterwards.
    fn loses(&self, name: &Name) -> bool {
        let [four, six] = KINDS.map(|kind| self.after(name, kind).is_some());
        let gone = |kind, is_left: bool| self.before(name, kind).is_some() && !is_left;
        gone(Type::A, four) && six || gone(Type::AAAA, six) && four
    }

    /// What a name gets for that while: what a wildcard gave it, and what the target has that it becomes an alias of.
    fn more(&self, name: &Name) -> Vec<Change> {
        let alias = self.change(name, Type::CNAME);
        let is_alias = alias.is_some_and(|alias| alias.after.is_some());
        let mut own = self.changes.iter().filter(|change| change.name == *name);
        let ttl = own.find_map(|change| Some(change.after.as_ref()?.ttl));
        let kinds = KINDS.into_iter();
        let kinds = kinds.filter(|kind| self.state.set(name, *kind).is_none());
        let more = kinds.filter_map(|kind| {
            let (before, after) = (self.before(name, kind), self.after(name, kind));
            let set = match after {
                // It comes to stay.
                Some(_) if !is_alias => return None,
                _ => before.or(after)?,
            };
            let set = Set {
                ttl: ttl.unwrap_or(set.ttl),
                data: set.data.clone(),
            };
            let change = |before: Option<Set>, after: Option<Set>| Change {
                name: name.clone(),
                kind,
                before,
                after,
                given: None,
                reason: Cow::Borrowed(REASON),
            };
            Some([change(None, Some(set.clone())), change(Some(set), None)])
        });
        more.flatten().collect()
    }

    fn change(&self, name: &Name, kind: Type) -> Option<&'s Change> {
        let mut changes = self.changes.iter();
        changes.find(|change| change.name == *name && change.kind == kind)
    }

    /// What a name has itself, or a wildcard gives it. The way from an alias has no such moment: that there is one is
    /// what caches know.
    fn before(&self, name: &Name, kind: Type) -> Option<&'s Set> {
        let own = self.state.set(name, kind);
        own.or_else(|| self.state.given_set(self.zone, name, kind))
    }

    /// What it leads to afterwards, as far as that is known.
    fn after(&self, name: &Name, kind: Type) -> Option<&'s Set> {
        let mut here = name.clone();
        for _ in 0..=MAX_ALIASES {
            if self.state.is_elsewhere(&here, self.zone) {
                match self.state.back(&here, self.zone) {
                    Some(back) if self.state.is_known(back) => here = back.clone(),
                    _ => return self.state.elsewhere(&here, kind),
                }
                continue;
            }
            let Some(alias) = self.last(&here, Type::CNAME) else {
                return self.last(&here, kind);
            };
            here = alias.targets().next()?;
        }
        None
    }

    /// What the zone says of a name afterwards: itself, or a wildcard that answers for it then.
    fn last(&self, name: &Name, kind: Type) -> Option<&'s Set> {
        let makes = |name: &Name| self.makes(name);
        let giver = self.state.giver_with(name, self.zone, makes);
        let owner = giver.as_ref().unwrap_or(name);
        match self.change(owner, kind) {
            Some(change) => change.after.as_ref(),
            None => self.state.set(owner, kind),
        }
    }

    /// Whether a name, or one below it, has something afterwards that it may not have had.
    fn makes(&self, name: &Name) -> bool {
        let mut made = self.changes.iter().filter(|it| it.after.is_some());
        made.any(|change| change.name.is_within(name))
    }
}
