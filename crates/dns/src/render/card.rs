//! What to type into the form of a registrar, set by set.

use std::fmt::Write as _;

use super::{data, number, one_by_one};
use crate::plan::{Change, Plan, Step};
use crate::rdata::Type;

pub(super) fn step(plan: &Plan, step: &Step, gaps: &[String]) -> String {
    let (place, count) = number(plan, step);
    let mut out = format!("Step {place} of {count}, in the zone {}\n", plan.zone);
    for gap in gaps {
        let _ = writeln!(out, "{gap}.");
    }
    for change in one_by_one(step) {
        set(plan, change, &mut out);
    }
    out
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
    // A form shows the whole set: what is not said to stay would be taken out of it.
    let after = change.after.iter().flat_map(|set| &set.data);
    let added = change.added();
    let kept = after
        .map(Vec::as_slice)
        .filter(|data| !added.contains(data));
    let sets = [
        ("keep", kept.collect()),
        ("value", added.clone()),
        ("remove", change.removed()),
    ];
    for (word, all) in sets {
        for one in all {
            let _ = writeln!(out, "  {word:<7} {}", data::text(kind, one));
        }
    }
    if matches!(kind, Type::TXT | Type::CAA) && change.after.is_some() {
        out.push_str("          with the quotation marks or without them, as the form has it\n");
    }
}
