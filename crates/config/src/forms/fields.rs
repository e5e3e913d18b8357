//! The fields that a service says.

use serde_json::Value;

use crate::Service;

/// Every field that is written in a service, by its path.
fn said(service: &Service) -> Vec<String> {
    let mut fields = Vec::new();
    // A model of texts, numbers and lists: it always serialises.
    if let Ok(value) = serde_json::to_value(service) {
        walk(&value, String::new(), &mut fields);
    }
    fields
}

/// The fields that two services say otherwise.
pub(super) fn differing(one: &Service, other: &Service) -> Vec<String> {
    let of = |service: &Service| serde_json::to_value(service).unwrap_or_default();
    let (one_value, other_value) = (of(one), of(other));
    let mut fields = said(one);
    fields.extend(said(other));
    fields.sort();
    fields.dedup();
    fields.retain(|field| {
        let pointer = format!("/{}", field.replace('.', "/"));
        one_value.pointer(&pointer) != other_value.pointer(&pointer)
    });
    fields
}

fn walk(value: &Value, path: String, fields: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            // An editor's business.
            for (name, value) in members.iter().filter(|(name, _)| *name != "$schema") {
                let dot = if path.is_empty() { "" } else { "." };
                walk(value, format!("{path}{dot}{name}"), fields);
            }
        }
        _ => fields.push(path),
    }
}

/// The fields that a service says and a form does not: `expressed` names fields, or whole tables.
pub(super) fn lost(service: &Service, expressed: &[&str]) -> Vec<String> {
    let is_expressed = |field: &String| {
        expressed.iter().any(|known| {
            let rest = field.strip_prefix(known);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    };
    let mut fields = said(service);
    fields.retain(|field| !is_expressed(field));
    fields
}

/// Notes that everything is lost that a service says in a table, or in a field.
pub(super) fn lose(service: &Service, table: &str, lost: &mut Vec<String>) {
    for field in said(service) {
        let rest = field.strip_prefix(table);
        if rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.')) {
            add(lost, &field);
        }
    }
}

/// Notes that a field is lost, once.
pub(super) fn add(lost: &mut Vec<String>, field: &str) {
    if !lost.iter().any(|known| known == field) {
        lost.push(field.to_owned());
    }
}
