//! Sets of which there are none and may be none while a plan is carried out: what would lead its names elsewhere, and
//! what would take them out of the zone.

use std::collections::BTreeSet;

use super::follow::LEAD;
use super::prerequisites::host;
use super::{Change, Plan, Step};
use crate::name::Name;
use crate::rdata::Type;

/// Keeps of what is wanted away and is not there what says where names lead; what the plan makes for a while is none of it.
pub(super) fn keep(plan: &mut Plan) {
    let made: BTreeSet<(Name, Type)> = plan
        .changes()
        .map(|change| (change.name.clone(), change.kind))
        .collect();
    plan.absent
        .retain(|set| LEAD.contains(&set.1) && !made.contains(set));
}

impl Plan {
    /// Sets that may not be there when a step is made: another kind of address, or an alias, at a name that it leads
    /// somewhere; and above its names whatever takes them out of the zone.
    pub(super) fn barred<'p>(&'p self, step: &'p Step) -> BTreeSet<(Name, Type)> {
        let leading = step.changes.iter().filter(|it| LEAD.contains(&it.kind));
        let absent = leading.flat_map(|change| {
            let sets = LEAD.map(|kind| (change.name.clone(), kind));
            sets.into_iter().filter(|set| self.absent.contains(set))
        });
        let made = step.changes.iter().filter(|it| it.after.is_some());
        absent
            .chain(made.flat_map(|change| cuts(change, &self.zone)))
            .collect()
    }
}

/// Where a zone of its own could begin (NS, RFC 1034, section 4.2.1), or another name stand for all below (DNAME, RFC 6672,
/// section 2.3): a server that has such a set takes what is written below it, and gives it to nobody.
pub(super) fn cuts(change: &Change, zone: &Name) -> Vec<(Name, Type)> {
    let host = host(&change.name);
    let names = std::iter::successors(Some(host.clone()), Name::parent);
    let names = names.take_while(|at| at != zone && at.is_within(zone));
    let both = names.flat_map(|at| [Type::NS, Type::DNAME].map(|kind| (at.clone(), kind)));
    // An alias of all that is below a name says nothing of the name itself.
    let is_own = |set: &(Name, Type)| set.1 == Type::DNAME && set.0 == change.name;
    both.filter(|set| !is_own(set)).collect()
}
