//! Sets of an octoDNS zone file (YAML), step by step: what has to be there after each; octoDNS finds its own way.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::data;
use crate::name::Name;
use crate::plan::{Plan, Set, Step};
use crate::rdata::Type;

pub(super) fn step(plan: &Plan, step: &Step, lost: &mut Vec<Type>) -> String {
    let mut sets: BTreeMap<(&Name, Type), Option<&Set>> = BTreeMap::new();
    for change in &step.changes {
        sets.insert((&change.name, change.kind), change.after.as_ref());
    }
    let (mut out, mut owner) = (String::new(), None);
    for ((name, kind), set) in sets {
        let part = data::host_part(name, &plan.zone);
        let part = if part == "@" { String::new() } else { part };
        let Some(set) = set else {
            let _ = writeln!(out, "# remove from {}: {kind}", quoted(&part));
            continue;
        };
        let values: Option<Vec<String>> = set.data.iter().map(|one| value(kind, one)).collect();
        let Some(values) = values else {
            lost.push(kind);
            continue;
        };
        if owner != Some(name) {
            let _ = writeln!(out, "{}:", quoted(&part));
            owner = Some(name);
        }
        let _ = writeln!(out, "- type: {kind}\n  ttl: {}\n  values:", set.ttl);
        for value in values {
            let _ = writeln!(out, "  - {value}");
        }
    }
    out
}

/// A record as YAML; `None` for types that octoDNS takes apart in a way that is not known here.
fn value(kind: Type, data: &[u8]) -> Option<String> {
    Some(match kind {
        Type::A | Type::AAAA | Type::CNAME => quoted(&data::text(kind, data)),
        // octoDNS wants a semicolon escaped.
        Type::TXT => quoted(&data::txt(data)?.replace(';', "\\;")),
        Type::CAA => {
            let caa = data::caa(data)?;
            let (tag, value) = (quoted(&caa.tag), quoted(&caa.value));
            format!("{{flags: {}, tag: {tag}, value: {value}}}", caa.flags)
        }
        Type::TLSA => {
            let ([usage, selector, matching], hex) = data::tlsa(data)?;
            format!(
                "{{certificate_usage: {usage}, selector: {selector}, matching_type: {matching}, \
                 certificate_association_data: {}}}",
                quoted(&hex)
            )
        }
        _ => return None,
    })
}

/// A string of YAML in double quotes: those of JSON are some.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
