//! Input of `nsupdate`: one update a step, made only while what it starts from stands.

use std::fmt::Write as _;

use super::data;
use crate::plan::{Holds, Plan, Prerequisite, Step};

pub(super) fn step(plan: &Plan, number: usize, step: &Step) -> String {
    let mut out = format!("zone {}\n", plan.zone);
    for Prerequisite { name, kind, holds } in plan.prerequisites(number) {
        let _ = match holds {
            Holds::Exactly(set) => set.data.iter().try_for_each(|one| {
                let text = data::text(kind, one);
                writeln!(out, "prereq yxrrset {name} IN {kind} {text}")
            }),
            Holds::Alias(target) => writeln!(out, "prereq yxrrset {name} IN {kind} {target}"),
            Holds::Something => writeln!(out, "prereq yxrrset {name} IN {kind}"),
            Holds::Nothing => writeln!(out, "prereq nxrrset {name} IN {kind}"),
            Holds::NoName => writeln!(out, "prereq nxdomain {name}"),
        };
    }
    // What goes is taken away first: BIND ignores a CNAME beside other records, and says nothing.
    for change in &step.changes {
        let (name, kind) = (&change.name, change.kind);
        if change.is_retimed() {
            let _ = writeln!(out, "update delete {name} IN {kind}");
            continue;
        }
        for gone in change.removed() {
            let _ = writeln!(
                out,
                "update delete {name} IN {kind} {}",
                data::text(kind, gone)
            );
        }
    }
    for change in &step.changes {
        let (name, kind, ttl) = (&change.name, change.kind, data::ttl(change));
        for new in change.written() {
            let _ = writeln!(
                out,
                "update add {name} {ttl} IN {kind} {}",
                data::text(kind, new)
            );
        }
    }
    out.push_str("send\n");
    out
}
