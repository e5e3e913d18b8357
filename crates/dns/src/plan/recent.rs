//! What may have come only just before a plan is made: nobody sees in a zone since when it is there.

use std::collections::BTreeSet;

use super::{Change, Kept, State};
use crate::name::Name;
use crate::rdata::Type;

/// How long names stay where they lead, seconds. Pins count as if they had just been made: who has the old ones only
/// must not come to where a new key is served (RFC 7671, section 8.1). So do the sets of the zone by which a new target
/// leads to addresses, and what it leads to in other zones: caches may know that there are none (RFC 2308, section 5). A
/// name that is `bridged` has its own addresses for so long anyway, and what is `following` comes later. The sets of the zone are kept, so that every server
/// is known to have them before the time begins.
pub(super) fn wait(
    changes: &[Change],
    kept: &mut Vec<Kept>,
    bridged: &BTreeSet<Name>,
    following: &BTreeSet<(Name, Type)>,
    zone: &Name,
    state: &State,
) -> u32 {
    if state.around.has_stood {
        return 0;
    }
    let moves = |change: &&Change| {
        let kinds = [Type::A, Type::AAAA, Type::CNAME];
        kinds.contains(&change.kind) && !change.added().is_empty()
    };
    let moved: BTreeSet<&Name> = changes.iter().filter(moves).map(|it| &it.name).collect();
    let is_pin = |name: &Name, kind: Type| {
        let host = name.parent().and_then(|protocol| protocol.parent());
        kind == Type::TLSA && host.is_some_and(|host| moved.contains(&host))
    };
    let stay = kept.iter().map(|it| (&it.name, it.kind, it.set.as_ref()));
    let is_later = |it: &&Change| following.contains(&(it.name.clone(), it.kind));
    let change = changes.iter().filter(|it| !is_later(it));
    let change = change.map(|it| (&it.name, it.kind, it.before.as_ref()));
    let pins = stay
        .chain(change)
        .filter(|(name, kind, _)| is_pin(name, *kind));
    let pins = pins.filter_map(|(name, kind, set)| state.kept_for(name, kind, set));
    let pins = pins.max().unwrap_or(0);

    let targets = changes.iter().filter(moves).filter(|change| {
        let is_known = leads(state, zone, &change.name);
        change.kind == Type::CNAME && is_known && !bridged.contains(&change.name)
    });
    let beyond = targets.clone().map(|change| beyond(change, zone, state));
    let mut negative = beyond.max().unwrap_or(0);
    let ways = targets.filter_map(|change| change.after.as_ref()?.targets().next());
    let ways: BTreeSet<Name> = ways.collect();
    let ways = ways.iter().flat_map(|target| state.way(zone, target));
    for (name, kind, set) in ways {
        let is_same = |of: &Name, other: Type| (of, other) == (&name, kind);
        if changes.iter().any(|it| is_same(&it.name, it.kind)) {
            continue;
        }
        negative = negative.max(state.negative_ttl(zone));
        if !kept.iter().any(|it| is_same(&it.name, it.kind)) {
            let set = Some(set);
            kept.push(Kept { name, kind, set });
        }
    }
    pins.max(negative)
}

/// How long caches may know that there is nothing where an alias comes to lead to in other zones, seconds.
pub(super) fn beyond(change: &Change, zone: &Name, state: &State) -> u32 {
    if change.kind != Type::CNAME || state.around.has_stood {
        return 0;
    }
    let added = change.added().into_iter();
    let beyond = added.map(|target| state.unsettled(zone, &change.name, target));
    beyond.max().unwrap_or(0)
}

/// Whether a name leads somewhere so far: who is led on has something to lose.
pub(super) fn leads(state: &State, zone: &Name, name: &Name) -> bool {
    let mut kinds = [Type::A, Type::AAAA, Type::CNAME].into_iter();
    kinds.any(|kind| {
        let own = state.set(name, kind);
        own.or_else(|| state.given_set(zone, name, kind)).is_some()
    })
}
