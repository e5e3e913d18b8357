//! The order of changes, and which of them are made together.

use std::collections::{BTreeMap, BTreeSet};

use super::prerequisites::{HEAD, Leaning};
use super::{
    Change, Checksum, LOOKED_FOR, NEVER_BESIDE_ALIAS, Set, State, Step, follow, layers, recent,
};
use crate::name::Name;
use crate::rdata::Type;

/// Most bytes that the records of one step may take in an update. A message has at most 65,535 (RFC 1035, section
/// 4.2.2); the rest is for its head, the zone and a signature.
const MAX_STEP: usize = 64_000;

/// First what only adds, or is looked at before anybody connects; then where names lead, all of a name at
/// once; then, when the old answers have run out, what the old ones needed goes, and what is `following` comes.
/// The names in `bridged` have addresses of both kinds until then, and what follows those comes later still. No name leads elsewhere before `settled` seconds.
pub(super) fn steps(
    changes: Vec<Change>,
    bridged: &BTreeSet<Name>,
    following: &BTreeSet<(Name, Type)>,
    settled: u32,
    zone: &Name,
    state: &State,
) -> Vec<Step> {
    let beyond = changes.iter().filter(|it| bridged.contains(&it.name));
    let beyond = beyond
        .map(|change| recent::beyond(change, zone, state))
        .max();
    let (mut first, mut second) = (Vec::new(), BTreeMap::<Name, Vec<Change>>::new());
    let (mut last, mut after) = (Vec::new(), Vec::new());
    // Beside an alias that goes nothing can come before it is gone.
    let aliases = changes.iter().filter(|change| change.kind == Type::CNAME);
    let aliases: BTreeSet<Name> = aliases.map(|change| change.name.clone()).collect();
    // A name that is new, or that something below is made of, is no longer answered for by a wildcard, nor is what is below
    // the highest name that is there for it: all of that gets what it shall have at once (RFC 4592, section 2.2.2).
    let is_new =
        |change: &&Change| change.after.is_some() && state.kinds(&change.name).next().is_none();
    let new: BTreeSet<Name> = changes
        .iter()
        .filter(is_new)
        .filter(|change| change.kind.leads())
        .map(|change| {
            let given = state.giver(&change.name, zone);
            let top = given.and_then(|_| state.top_of_new(&change.name, zone));
            top.unwrap_or_else(|| change.name.clone())
        })
        .collect();
    // The highest new name that a name is, or is below.
    let newest = |name: &Name| {
        let mut found = None;
        let mut here = Some(name.clone());
        while let Some(name) = here.filter(|name| name.is_within(zone)) {
            here = name.parent();
            found = if new.contains(&name) {
                Some(name)
            } else {
                found
            };
        }
        found
    };
    for change in changes {
        let name = change.name.clone();
        if following.contains(&(name.clone(), change.kind)) {
            after.push(change);
            continue;
        }
        let is_address = matches!(change.kind, Type::A | Type::AAAA);
        let comes = is_address && change.after.is_some();
        if bridged.contains(&name) && (is_address || aliases.contains(&name)) && !comes {
            last.push(change);
            continue;
        }
        if change.kind.leads() || aliases.contains(&name) {
            second.entry(name).or_default().push(change);
            continue;
        }
        let (now, later) = parted(change);
        last.extend(later);
        if newest(&name).is_some() {
            second.entry(name).or_default().extend(now);
        } else {
            first.extend(now);
        }
    }
    // An alias goes before its addresses come, and the other way round, in one update.
    let layers = layers::layers(second, zone, state);
    let second: Vec<Change> = layers
        .iter()
        .flat_map(|(_, changes)| changes)
        .cloned()
        .collect();
    let ttl = |changes: &[Change]| {
        let before = changes.iter().filter_map(|change| {
            // Caches have what a wildcard gave as long as what a name has itself.
            let given = || change.given.as_ref().map(|given| &given.set);
            let before = change.before.as_ref().or_else(given);
            state.kept_for(&change.name, change.kind, before)
        });
        before.max().unwrap_or(0)
    };
    // Who has the old pins only must not come to where the new key is served.
    let is_pin = |change: &&Change| change.kind == Type::TLSA;
    let grown = first.iter().filter(|change| !change.added().is_empty());
    let pins: Vec<Change> = grown.filter(is_pin).cloned().collect();
    let negative = if bridged.is_empty() {
        0
    } else {
        state.negative_ttl(zone).max(beyond.unwrap_or(0))
    };
    // Nobody sees in a zone since when a pin is there: whoever takes another away waits as if it had just been made
    // (RFC 7671, section 8).
    let grows = |gone: &&Change| {
        let mut grown = first.iter().chain(&second);
        grown.any(|change| (&change.name, change.kind) == (&gone.name, gone.kind))
    };
    let old = last.iter().filter(is_pin).filter(|gone| !grows(gone));
    let old: Vec<Change> = old.cloned().collect();
    let wait = ttl(&first).max(ttl(&second)).max(ttl(&old)).max(negative);
    let wait = wait.max(follow::held(following, state));
    let settled = settled.max(ttl(&pins));
    if !last.iter().any(|change| change.kind.leads()) {
        last.append(&mut after);
    }
    let left = ttl(&last);
    let leaning = Leaning::of(
        first.iter().chain(&second).chain(&last).chain(&after),
        zone,
        state,
    );
    let layers = layers.into_iter().enumerate();
    let layers = layers.map(|(number, (held, changes))| match number {
        0 => (settled, changes),
        _ => (held, changes),
    });
    let parts = std::iter::once((0, first)).chain(layers);
    parts
        .chain([(wait, last), (left, after)])
        .filter(|(_, changes)| !changes.is_empty())
        .flat_map(|(wait, changes)| {
            let messages = messages(changes, newest, &leaning).into_iter().enumerate();
            messages.map(move |(number, changes)| Step {
                // Who has waited for the first of them has waited for all.
                wait: if number == 0 { wait } else { 0 },
                state: Checksum::of(&[]),
                changes,
            })
        })
        .collect()
}

/// Changes as one update after the other, each as long as a message can be. What is below a new name stays with it.
fn messages(
    changes: Vec<Change>,
    newest: impl Fn(&Name) -> Option<Name>,
    leaning: &Leaning,
) -> Vec<Vec<Change>> {
    let size = |changes: &[Change]| changes.iter().map(size).sum::<usize>() + leaning.size(changes);
    if size(&changes) <= MAX_STEP {
        return vec![changes];
    }
    let mut families = BTreeMap::<Name, Vec<Change>>::new();
    for change in changes {
        let head = newest(&change.name).unwrap_or_else(|| change.name.clone());
        families.entry(head).or_default().push(change);
    }
    let (mut messages, mut taken) = (Vec::<Vec<Change>>::new(), 0);
    for family in families.into_values() {
        let size = size(&family);
        match messages.last_mut() {
            Some(message) if taken + size <= MAX_STEP => {
                taken += size;
                message.extend(family);
            }
            _ => {
                taken = size;
                messages.push(family);
            }
        }
    }
    messages
}

/// Bytes that a change takes in an update, at most: what is looked for before, what goes, and what comes.
fn size(change: &Change) -> usize {
    let owner = change.name.wire().len() + HEAD;
    let before = change.before.iter().flat_map(|set| &set.data);
    let looked_for = before.map(|data| owner + data.len()).sum::<usize>();
    let (gone, written) = (change.removed(), change.written());
    let updates = gone.iter().chain(&written);
    let excluded = if change.makes_alias() {
        owner * (LOOKED_FOR.len() + NEVER_BESIDE_ALIAS.len())
    } else {
        0
    };
    excluded + looked_for.max(owner) + updates.map(|data| owner + data.len()).sum::<usize>()
}

/// A set that grows first and shrinks later: who has the old one in a cache still finds what it says.
fn parted(change: Change) -> (Option<Change>, Option<Change>) {
    let (Some(before), after) = (&change.before, &change.after) else {
        return (Some(change), None);
    };
    // Another TTL of the same is nothing that anybody has to wait for; of several pins one may have come just before.
    let is_same = after.as_ref().is_some_and(|it| it.data == before.data);
    if is_same && (change.kind != Type::TLSA || before.data.len() == 1) {
        return (Some(change), None);
    }
    let ttl = after.as_ref().map_or(before.ttl, |set| set.ttl);
    let grown = Set {
        // Whoever plans anew sees how long caches may have the old pins alone.
        ttl: match change.kind {
            Type::TLSA => ttl.max(before.ttl),
            _ => ttl,
        },
        data: before
            .data
            .iter()
            .chain(after.iter().flat_map(|set| &set.data))
            .cloned()
            .collect(),
    };
    if Some(&grown) == after.as_ref() {
        return (Some(change), None);
    }
    let with = |before: Option<Set>, after: Option<Set>| Change {
        given: change.given.clone().filter(|_| after.is_none()),
        before,
        after,
        ..change.clone()
    };
    let now = (grown != *before).then(|| with(Some(before.clone()), Some(grown.clone())));
    (now, Some(with(Some(grown), after.clone())))
}
