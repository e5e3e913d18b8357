//! Input of `nsupdate`: one update a step, made only if every set is still what the plan saw.

use std::fmt::Write as _;

use super::data;
use crate::plan::{Plan, Step};

pub(super) fn step(plan: &Plan, step: &Step) -> String {
    let mut out = format!("zone {}\n", plan.zone);
    for change in &step.changes {
        let (name, kind) = (&change.name, change.kind);
        match &change.before {
            Some(before) => {
                for one in &before.data {
                    let _ = writeln!(
                        out,
                        "prereq yxrrset {name} IN {kind} {}",
                        data::text(kind, one)
                    );
                }
            }
            None => {
                let _ = writeln!(out, "prereq nxrrset {name} IN {kind}");
            }
        }
    }
    for (name, kind) in step.excluded() {
        let _ = writeln!(out, "prereq nxrrset {name} IN {kind}");
    }
    // What goes is taken away first: BIND ignores a CNAME beside other records, and says nothing.
    for change in &step.changes {
        let (name, kind) = (&change.name, change.kind);
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
