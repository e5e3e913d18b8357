//! Objects beside the Ingress that is read. What they keep people out of is told where the service answers for it.

use std::collections::BTreeSet;

use super::annotations;
use super::objects::Object;
use crate::document::{Node, Value};
use crate::forms::left::Left;
use crate::forms::settings::Covered;
use crate::rules::upstream_left_behind::Reason;

/// The hosts of an Ingress; one of its rules may be for all that no other is for.
fn hosts(object: &mut Object) -> Vec<Option<String>> {
    let rules = object.take(&["spec", "rules"]).map(|node| node.value);
    let Some(Value::List(rules)) = rules else {
        return vec![None];
    };
    let host = |rule: &Node| match &rule.find(&["host"])?.value {
        Value::Text(text) => Some(text.to_ascii_lowercase()),
        _ => None,
    };
    rules.iter().map(host).collect()
}

/// Tells of the others, where a service answers for these hosts.
pub(super) fn leave(others: Vec<Object>, served: &[String], left: &mut Left) {
    let covered = Covered::by(served);
    let named: BTreeSet<String> = served
        .iter()
        .map(|host| host.to_ascii_lowercase())
        .collect();
    // Not every controller gives the Ingress of the very name all of its requests: to Traefik the longer rule goes
    // before.
    let ends = named.iter().filter_map(|host| host.split_once('.'));
    let ends: BTreeSet<&str> = ends.map(|(_, end)| end).collect();
    let is_wide = |host: &str| {
        let end = host.strip_prefix("*.");
        end.is_some_and(|end| ends.contains(end))
    };
    for mut other in others {
        let (line, told) = (other.first_line(), other.told());
        if other.text_at(&["kind"]) != Some("Ingress") {
            left.line(line, &told);
            continue;
        }
        let is_served = |host: &Option<String>| match host {
            Some(host) => named.contains(host) || covered.has(host) || is_wide(host),
            None => served.is_empty(),
        };
        let hosts = hosts(&mut other);
        let is_missed = |host: &Option<String>| host.is_some() && !is_served(host);
        match hosts.iter().find(|host| is_missed(host)) {
            Some(Some(host)) => {
                left.upstream(line, &format!("{told}: {host}"), Reason::Apart);
            }
            _ => left.line(line, &told),
        }
        if hosts.iter().any(is_served) {
            let mut its = Left::default();
            annotations::take(&mut other, &mut its);
            left.take_in_guards_alone(its, &told);
        }
    }
}
