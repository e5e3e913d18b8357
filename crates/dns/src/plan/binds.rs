//! CAA records that say less than before about names below theirs.

use super::{Change, Plan, Set, State};
use crate::caa::{Property, Tag, record_text};
use crate::name::Name;
use crate::rdata::Type;
use crate::rules::Kind;
use crate::rules::caa_binds_below::CaaBindsBelow;

/// CAA records of a name with others below it, of which some have none of their own: what those that a plan leaves forbid
/// and nothing forbade before, is forbidden there, too (RFC 8659, section 3).
pub(super) fn told(plan: &Plan, state: &State) -> Vec<Kind> {
    let mut told = Vec::new();
    for (at, change) in plan.changes().enumerate() {
        let is_caa = |other: &Change| other.kind == Type::CAA && other.name == change.name;
        // Of several changes of a set the first says what was there, and the last what will be.
        if !is_caa(change)
            || plan.changes().take(at).any(is_caa)
            || !has_others(plan, state, change)
        {
            continue;
        }
        let last = plan.changes().filter(|other| is_caa(other)).last();
        let after = last.and_then(|last| last.after.as_ref());
        let Some(after) = after.filter(|after| narrows(in_force(state, change), after)) else {
            continue;
        };
        let records = after.data.iter().filter(|data| is_issue(data));
        let records = records.map(|data| record_text(data)).collect();
        let name = change.name.to_string();
        told.push(CaaBindsBelow { name, records }.into());
    }
    told
}

/// Whether there may be names below that have no CAA records of their own, and get none: those that are known, and below
/// the name of the zone whatever others.
fn has_others(plan: &Plan, state: &State, change: &Change) -> bool {
    // Nobody has a certificate for what only serves as a place for others.
    let is_host = |name: &Name| name.wire().get(1) != Some(&b'_');
    let mut known = state.sets().map(|(name, _, _)| name);
    let has_own = |name: &Name| {
        let mut changes = plan.changes();
        state.set(name, Type::CAA).is_some()
            || changes.any(|it| it.kind == Type::CAA && it.name == *name && it.after.is_some())
    };
    change.name == plan.zone
        || known.any(|name| {
            *name != change.name && name.is_within(&change.name) && is_host(name) && !has_own(name)
        })
}

/// What was in force at a name before: its own records, or the nearest above.
fn in_force<'s>(state: &'s State, change: &'s Change) -> Option<&'s Set> {
    let mut above = std::iter::successors(Some(change.name.clone()), Name::parent);
    above.find_map(|at| state.set(&at, Type::CAA))
}

/// Whether a set forbids what the one before did not.
fn narrows(before: Option<&Set>, after: &Set) -> bool {
    let issues = |set: &Set| set.data.iter().any(|data| is_issue(data));
    let restricts = before.is_some_and(issues);
    let goes = |before: &Set| {
        let mut gone = before.data.difference(&after.data);
        gone.any(|data| is_issue(data))
    };
    issues(after) && (!restricts || before.is_some_and(goes))
}

/// Whether a record says who may issue.
fn is_issue(data: &[u8]) -> bool {
    let property = Property::read(data);
    property.is_some_and(|it| matches!(it.kind(), Tag::Issue | Tag::IssueWild))
}
