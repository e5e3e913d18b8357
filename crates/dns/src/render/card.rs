//! What to type into the form of a registrar, set by set.

use std::fmt::Write as _;

use super::{data, number};
use crate::plan::{Change, Plan, Step};
use crate::rdata::Type;

pub(super) fn step(plan: &Plan, step: &Step) -> String {
    let (place, count) = number(plan, step);
    let mut out = format!("Step {place} of {count}, in the zone {}\n", plan.zone);
    // Forms have no transactions: what is new comes first, save where an alias has to make room.
    let makes_room = |change: &&Change| change.after.is_none() && step_adds(step, change);
    let first = step.changes.iter().filter(makes_room);
    let then = step.changes.iter().filter(|change| !makes_room(change));
    let (adding, removing): (Vec<_>, Vec<_>) = then.partition(|change| change.after.is_some());
    for change in first.chain(adding).chain(removing) {
        set(plan, change, &mut out);
    }
    out
}

/// Whether the step also adds something at the name that cannot stand beside what a change takes away.
fn step_adds(step: &Step, gone: &Change) -> bool {
    let mut others = step.changes.iter().filter(|other| other.name == gone.name);
    let is_alias = gone.kind == Type::CNAME;
    others.any(|other| other.after.is_some() && (is_alias || other.kind == Type::CNAME))
}

fn set(plan: &Plan, change: &Change, out: &mut String) {
    let part = data::host_part(&change.name, &plan.zone);
    let full = change.name.to_string();
    let full = full.trim_end_matches('.');
    let kind = change.kind;
    let verb = match (&change.before, &change.after) {
        (None, _) => "Add",
        (_, None) => "Remove",
        _ => "Change",
    };
    let _ = writeln!(out, "\n{verb} {kind}: {}", change.reason);
    let _ = writeln!(out, "  name    {part}   (some forms want {full})");
    let _ = writeln!(
        out,
        "  TTL     {} seconds, or the shortest there is",
        data::ttl(change)
    );
    let sets = [("remove", change.removed()), ("value", change.added())];
    for (word, all) in sets {
        for one in all {
            let _ = writeln!(out, "  {word:<7} {}", data::text(kind, one));
        }
    }
    if matches!(kind, Type::TXT | Type::CAA) && change.after.is_some() {
        out.push_str("          with the quotation marks or without them, as the form has it\n");
    }
}
