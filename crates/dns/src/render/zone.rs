//! Lines of a zone file: those to write, and those to remove as comments.

use std::fmt::Write as _;

use super::data;
use crate::plan::Step;

pub(super) fn step(step: &Step) -> String {
    let mut out = String::new();
    for change in &step.changes {
        let (name, kind, ttl) = (&change.name, change.kind, data::ttl(change));
        for gone in change.removed() {
            let before = change.before.as_ref().map_or(ttl, |set| set.ttl);
            let _ = writeln!(
                out,
                "; remove: {name} {before} IN {kind} {}",
                data::text(kind, gone)
            );
        }
        for new in change.written() {
            let _ = writeln!(out, "{name} {ttl} IN {kind} {}", data::text(kind, new));
        }
    }
    out
}
