//! What the aliases that a plan makes come to lead to, within the zone.

use std::collections::{BTreeMap, BTreeSet};

use super::follow::LEAD;
use super::state::MAX_ALIASES;
use super::{Change, Plan, State};
use crate::message::Question;
use crate::name::Name;
use crate::rdata::Type;
use crate::view::{Said, View};

/// A set that the plan leaves alone, and that an alias which it makes leads to: without it the alias leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lead {
    /// The name that is led to.
    pub name: Name,
    /// CNAME, A or AAAA. Which addresses there are is the target's own matter.
    pub kind: Type,
    /// Where it leads on to as an alias.
    pub target: Option<Name>,
    /// The wildcard that answers for the name, which is not there itself.
    pub wildcard: Option<Name>,
}

impl Lead {
    /// Whether whoever asks is told so by a server.
    pub fn is_said(&self, view: &View) -> bool {
        let set = view.of(&self.name, self.kind).and_then(Said::set);
        let is_target =
            |target: &Name| set.is_some_and(|set| set.targets().any(|it| it == *target));
        set.is_some() && self.target.as_ref().is_none_or(is_target)
    }

    /// What is asked to find out.
    pub fn question(&self) -> Question {
        Question {
            name: self.name.clone(),
            kind: self.kind,
        }
    }
}

/// Where a change makes its name lead to.
pub(super) fn target(change: &Change) -> Option<Name> {
    let after = change.after.as_ref().filter(|_| change.kind == Type::CNAME);
    after?.targets().next()
}

impl Plan {
    /// The names of other zones to which aliases of a step lead that are made of names which led somewhere: who loses by it
    /// where they have no address. `number` counts from 0.
    pub fn led_abroad(&self, number: usize) -> BTreeSet<Name> {
        let moved = self.moved();
        let changes = self.steps.get(number).into_iter();
        let changes = changes.flat_map(|step| &step.changes);
        let aliases = changes.filter(|change| moved.contains(&change.name));
        let ends = aliases.filter_map(|change| {
            let mut here = target(change)?;
            for _ in 0..=MAX_ALIASES {
                if !here.is_within(&self.zone) {
                    return Some(here);
                }
                let own = self.changes().filter(|change| change.name == here);
                let mut own = own.filter_map(target);
                let known = self.leads.iter().filter(|lead| lead.name == here);
                let mut known = known.filter_map(|lead| lead.target.clone());
                here = own.next().or_else(|| known.next())?;
            }
            None
        });
        ends.collect()
    }
}

/// What the plan leads to. What it changes itself is looked at as what it is to be.
pub(super) fn leads(plan: &Plan, state: &State) -> Vec<Lead> {
    let changed: BTreeSet<&Name> = plan.changes().map(|change| &change.name).collect();
    let mut leads = BTreeMap::new();
    for change in plan.changes() {
        let mut here = target(change);
        for _ in 0..=MAX_ALIASES {
            let is_ours = |at: &Name| !state.is_elsewhere(at, &plan.zone);
            let Some(name) = here.take().filter(is_ours) else {
                break;
            };
            let wildcard = state.giver(&name, &plan.zone);
            let owner = wildcard.as_ref().unwrap_or(&name);
            if changed.contains(&name) || changed.contains(owner) {
                break;
            }
            for kind in LEAD {
                let Some(set) = state.set(owner, kind) else {
                    continue;
                };
                let target = set.targets().next().filter(|_| kind == Type::CNAME);
                here = here.or_else(|| target.clone());
                let lead = Lead {
                    name: name.clone(),
                    kind,
                    target,
                    wildcard: wildcard.clone(),
                };
                leads.insert((name.clone(), kind), lead);
            }
        }
    }
    leads.into_values().collect()
}
