//! Change batches of Amazon Route 53: what is in one is made together.

use serde_json::{Value, json};

use super::{data, number};
use crate::name::Name;
use crate::plan::{Plan, Set, Step};
use crate::rdata::Type;

pub(super) fn step(plan: &Plan, step: &Step) -> String {
    let (number, count) = number(plan, step);
    let (mut gone, mut new) = (Vec::new(), Vec::new());
    for change in &step.changes {
        match (&change.before, &change.after) {
            (_, Some(after)) => new.push(one("UPSERT", &change.name, change.kind, after)),
            (Some(before), None) => gone.push(one("DELETE", &change.name, change.kind, before)),
            (None, None) => {}
        }
    }
    gone.extend(new);
    let batch = json!({
        "Comment": format!("step {number} of {count}"),
        "Changes": gone,
    });
    format!("{batch:#}\n")
}

fn one(action: &str, name: &Name, kind: Type, set: &Set) -> Value {
    let values = set
        .data
        .iter()
        .map(|one| json!({ "Value": data::text(kind, one) }));
    json!({
        "Action": action,
        "ResourceRecordSet": {
            "Name": name.to_string(),
            "Type": kind.to_string(),
            "TTL": set.ttl,
            "ResourceRecords": values.collect::<Vec<_>>(),
        },
    })
}
