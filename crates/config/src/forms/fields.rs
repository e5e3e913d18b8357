//! The fields that a service says.

use std::collections::HashSet;

use serde_json::Value;

use crate::Service;
use crate::model::OwnCertificate;

/// Every field that is written in a service, by its path.
pub(super) fn said(service: &Service) -> Vec<String> {
    let mut fields = Vec::new();
    // A model of texts, numbers and lists: it always serialises.
    if let Ok(value) = serde_json::to_value(service) {
        walk(&value, String::new(), &mut fields);
    }
    fields
}

/// A service as its fields are compared with those of others. It is made once of one that is compared with many.
pub(super) struct Compared {
    value: Value,
    fields: Vec<String>,
}

impl Compared {
    pub(super) fn of(service: &Service) -> Self {
        Self {
            value: serde_json::to_value(service).unwrap_or_default(),
            fields: said(service),
        }
    }

    /// The fields that two services say otherwise.
    pub(super) fn differing(&self, other: &Self) -> Vec<String> {
        let mut fields: Vec<&String> = self.fields.iter().chain(&other.fields).collect();
        fields.sort();
        fields.dedup();
        fields.retain(|field| {
            let pointer = format!("/{}", field.replace('.', "/"));
            self.value.pointer(&pointer) != other.value.pointer(&pointer)
        });
        fields.into_iter().cloned().collect()
    }
}

/// The fields that two services say otherwise.
pub(super) fn differing(one: &Service, other: &Service) -> Vec<String> {
    Compared::of(one).differing(&Compared::of(other))
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

/// The fields that a form does not say, each once, in the order in which that came to light.
#[derive(Default)]
pub(super) struct Lost {
    fields: Vec<String>,
    /// The same, to be found: a file may have thousands.
    known: HashSet<String>,
}

impl Lost {
    pub(super) fn retain(&mut self, mut is_kept: impl FnMut(&str) -> bool) {
        self.fields.retain(|field| is_kept(field));
        self.known = self.fields.iter().cloned().collect();
    }
}

impl From<Vec<String>> for Lost {
    fn from(fields: Vec<String>) -> Self {
        let mut lost = Self::default();
        for field in fields {
            add(&mut lost, &field);
        }
        lost
    }
}

impl From<Lost> for Vec<String> {
    fn from(lost: Lost) -> Self {
        lost.fields
    }
}

/// The fields that a service says and a form does not: `expressed` names fields, or whole tables.
pub(super) fn lost(service: &Service, expressed: &[&str]) -> Lost {
    let is_expressed = |field: &String| {
        expressed.iter().any(|known| {
            let rest = field.strip_prefix(known);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    };
    let mut fields = said(service);
    fields.retain(|field| !is_expressed(field));
    fields.into()
}

/// The certificate for hosts of its own that a field is of: `tls.certificates[1].key`, by the end `key`.
pub(super) fn own_certificate<'s>(
    service: &'s Service,
    field: &str,
    end: &str,
) -> Option<&'s OwnCertificate> {
    let rest = field.strip_prefix("tls.certificates[")?;
    let index = rest.strip_suffix(end)?.strip_suffix("].")?;
    service.tls.certificates.get(index.parse::<usize>().ok()?)
}

/// Notes that everything is lost that a service says in a table, or in a field.
pub(super) fn lose(service: &Service, table: &str, lost: &mut Lost) {
    for field in said(service) {
        let rest = field.strip_prefix(table);
        if rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.')) {
            add(lost, &field);
        }
    }
}

/// Notes that a field is lost, once.
pub(super) fn add(lost: &mut Lost, field: &str) {
    if lost.known.insert(field.to_owned()) {
        lost.fields.push(field.to_owned());
    }
}
