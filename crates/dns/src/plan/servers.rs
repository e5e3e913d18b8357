//! Servers of zones whose addresses a plan changes.

use std::collections::BTreeSet;

use super::{Plan, PlanError, Set, State};
use crate::name::Name;
use crate::rdata::Type;
use crate::rules::Kind;
use crate::rules::server_moves::ServerMoves;
use crate::view::address;

/// A server of a zone whose addresses change.
struct Moved {
    zone: Name,
    removed: Vec<String>,
    added: Vec<String>,
}

/// Whether a name is one, by what it has of each kind of addresses afterwards.
fn moved(state: &State, name: &Name, after: impl Fn(Type) -> Option<Set>) -> Option<Moved> {
    let (zone, _) = state.named_by(name).filter(|(_, kind)| *kind == Type::NS)?;
    let kinds = [Type::A, Type::AAAA];
    let shown = |set: Set| -> Vec<String> {
        let addresses = set.data.iter().filter_map(|data| address(data));
        addresses.map(|it| it.to_string()).collect()
    };
    let before = kinds.map(|kind| state.set(name, kind).cloned());
    let before: BTreeSet<String> = before.into_iter().flatten().flat_map(shown).collect();
    let after: BTreeSet<String> = kinds
        .into_iter()
        .filter_map(after)
        .flat_map(shown)
        .collect();
    let (removed, added) = (before.difference(&after), after.difference(&before));
    let moved = Moved {
        zone: zone.clone(),
        removed: removed.cloned().collect(),
        added: added.cloned().collect(),
    };
    // One that had none is given its first, as it has to be.
    (!before.is_empty() && before != after).then_some(moved)
}

/// Whether a server of a zone keeps its addresses.
pub(super) fn stays(
    state: &State,
    name: &Name,
    after: impl Fn(Type) -> Option<Set>,
) -> Result<(), PlanError> {
    match moved(state, name, after) {
        Some(moved) if !moved.removed.is_empty() => Err(PlanError::MovesServer {
            name: name.clone(),
            zone: moved.zone,
            removed: moved.removed,
            added: moved.added,
        }),
        _ => Ok(()),
    }
}

/// Servers that a plan moves all the same, or gives more addresses.
pub(super) fn told(plan: &Plan, state: &State, after: &State) -> Vec<Kind> {
    let told = plan.names().into_iter().filter_map(|name| {
        let Moved {
            zone,
            removed,
            added,
        } = moved(state, name, |kind| after.set(name, kind).cloned())?;
        let (name, zone) = (name.to_string(), zone.to_string());
        Some(
            ServerMoves {
                name,
                zone,
                removed,
                added,
            }
            .into(),
        )
    });
    told.collect()
}
