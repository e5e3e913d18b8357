//! What wildcards give no more, as names are there that were not.

use std::collections::{BTreeMap, BTreeSet};

use super::{Change, Plan, State};
use crate::name::Name;
use crate::rules::Kind;
use crate::rules::wildcard_shadows::WildcardShadows;

/// Names that are there now, and were not: wildcards gave them something, and the names below them (RFC 4592, section
/// 3.3.1). `after` is what the names in the plan have in the end.
pub(super) fn told(plan: &Plan, state: &State, after: &State) -> Vec<Kind> {
    let mut told = BTreeMap::new();
    let made = plan.changes().filter(|change| change.after.is_some());
    let made: BTreeSet<&Name> = made.map(|change| &change.name).collect();
    for name in &made {
        let Some(wildcard) = state.giver(name, &plan.zone) else {
            continue;
        };
        let leads = |change: &Change| change.name == **name && change.kind.leads();
        if plan.changes().any(leads) {
            told.entry((*name).clone())
                .or_insert_with(|| (wildcard.clone(), None));
        }
        // Those between it and the nearest one that is there, though they own nothing.
        let mut here = name.parent();
        while let Some(at) = here.filter(|at| !state.is_there(at, &plan.zone)) {
            here = at.parent();
            // Nobody asks for what only serves as a place for others.
            if at.wire().get(1).is_none_or(|first| *first != b'_') && !made.contains(&at) {
                let by = || (wildcard.clone(), Some((*name).clone()));
                told.entry(at).or_insert_with(by);
            }
        }
    }
    let kinds = told.into_iter().filter_map(|(name, (wildcard, by))| {
        let lost = |own: Option<&Name>| -> Vec<String> {
            let is_lost = |kind| own.is_none_or(|own| after.set(own, kind).is_none());
            let kinds = state.kinds(&wildcard).filter(|kind| is_lost(*kind));
            kinds.map(|kind| kind.to_string()).collect()
        };
        // What is below a wildcard's name nobody asks for.
        let is_wildcard = name.is_wildcard();
        let below = name.child("*").ok();
        let found = WildcardShadows {
            kinds: lost(Some(&name)),
            below: if is_wildcard {
                Vec::new()
            } else {
                lost(below.as_ref())
            },
            name: name.to_string(),
            wildcard: wildcard.to_string(),
            by: by.map(|by| by.to_string()),
        };
        (!found.kinds.is_empty() || !found.below.is_empty()).then(|| found.into())
    });
    kinds.collect()
}
