//! Names that come only when caches no longer lead anybody to what they hide.

use std::collections::{BTreeMap, BTreeSet};

use super::{Change, State};
use crate::name::Name;
use crate::rdata::Type;

/// How long to wait before changes, seconds, and those that are made together.
pub(super) type Layer = (u32, Vec<Change>);

/// Changes of where names lead, in layers. A name that comes hides the wildcard that answered for it and all below it
/// (RFC 4592, section 3.3.1): where an alias of before leads there, whoever has it in a cache would be led to nothing. So
/// that alias goes first, and the name comes when the alias's TTL has run out. Nothing new leads to a name that comes.
pub(super) fn layers(
    changes: BTreeMap<Name, Vec<Change>>,
    zone: &Name,
    state: &State,
) -> Vec<Layer> {
    let tops: BTreeMap<Name, Name> = changes
        .iter()
        .filter(|(_, changes)| changes.iter().any(|change| change.after.is_some()))
        .filter_map(|(name, _)| Some((name.clone(), state.top_of_new(name, zone)?)))
        .collect();
    // Each alias that goes, how long it is remembered, and what of the zone it leads to.
    let gone = changes.iter().filter_map(|(name, changes)| {
        let alias = changes
            .iter()
            .find(|it| it.kind == Type::CNAME || leaves(it))?;
        let given = alias.given.as_ref().map(|given| &given.set);
        let ttl = state.kept_for(name, alias.kind, alias.before.as_ref().or(given))?;
        let way = state.names_on_way(zone, name);
        Some((name.clone(), (ttl, way)))
    });
    let gone: BTreeMap<Name, (u32, Vec<Name>)> =
        gone.filter(|(_, (_, way))| !way.is_empty()).collect();
    let hides = |name: &Name, alias: &Name| -> Option<u32> {
        let (top, (ttl, way)) = (tops.get(name)?, gone.get(alias)?);
        (name != alias && way.iter().any(|at| at.is_within(top))).then_some(*ttl)
    };
    let mut left = changes;
    let (mut layers, mut wait) = (Vec::new(), 0);
    loop {
        let names: BTreeSet<Name> = left.keys().cloned().collect();
        let aliases: Vec<&Name> = gone.keys().filter(|name| names.contains(*name)).collect();
        let held = |name: &Name| aliases.iter().filter_map(|alias| hides(name, alias)).max();
        let later: BTreeMap<Name, u32> = names
            .iter()
            .filter_map(|name| Some((name.clone(), held(name)?)))
            .collect();
        // None of two that hide what the other one leads to could be first.
        let is_last = later.is_empty() || later.len() == names.len();
        let now = names
            .iter()
            .filter(|name| is_last || !later.contains_key(*name));
        let now: Vec<Change> = now.filter_map(|name| left.remove(name)).flatten().collect();
        layers.push((wait, now));
        if is_last {
            return layers;
        }
        wait = later.into_values().max().unwrap_or(0);
    }
}

/// Whether a name stops being what a wildcard makes an alias of.
fn leaves(change: &Change) -> bool {
    let given = change.given.as_ref();
    change.before.is_none() && given.is_some_and(|given| given.kind == Type::CNAME)
}
