//! Entries of an octoDNS zone file (YAML), a document a step: all that each name has after it, as octoDNS takes away what
//! is not there (docs/records.md and `YamlProvider` of octoDNS 1.22).

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::data;
use crate::name::{self, Name};
use crate::plan::{Plan, Set, State, Step};
use crate::rdata::{self, Type};

/// Types that octoDNS knows, and would take away where they are not in the file.
const KNOWN: [Type; 20] = [
    Type::A,
    Type::NS,
    Type::CNAME,
    Type::PTR,
    Type::MX,
    Type::TXT,
    Type::AAAA,
    Type::LOC,
    Type::SRV,
    Type::NAPTR,
    Type::DNAME,
    Type::DS,
    Type::SSHFP,
    Type::TLSA,
    Type::of(61), // OPENPGPKEY
    Type::SVCB,
    Type::HTTPS,
    Type::of(99), // SPF
    Type::URI,
    Type::CAA,
];

/// `here` is the zone after the step.
pub(super) fn step(plan: &Plan, step: &Step, here: &State, lost: &mut Vec<Type>) -> String {
    let names: BTreeSet<&Name> = step.changes.iter().map(|change| &change.name).collect();
    let mut entries: Vec<(String, &Name)> = names
        .into_iter()
        .map(|name| (data::host_part(name, &plan.zone), name))
        .map(|(part, name)| (if part == "@" { String::new() } else { part }, name))
        .collect();
    // octoDNS refuses keys that are not in this order, of a file as of a record.
    entries.sort_by(|(left, _), (right, _)| natural(left, right));
    let mut out =
        "---\n# Each entry is all that its name has: put it in the place of the one that \
                   is there.\n"
            .to_owned();
    let mut has_semicolon = false;
    for (part, name) in &entries {
        let (mut records, mut unsaid) = (String::new(), Vec::new());
        for kind in here.kinds(name).filter(|kind| KNOWN.contains(kind)) {
            let set = here.set(name, kind);
            let written = set.and_then(|set| record(kind, set));
            match written.filter(|_| !part.contains('\\')) {
                Some(record) => {
                    has_semicolon |= kind == Type::TXT && record.contains(r"\\;");
                    records += &record;
                }
                None => unsaid.push(kind),
            }
        }
        for kind in unsaid {
            let _ = writeln!(out, "# {} has {kind}, too: write it by hand", quoted(part));
            lost.push(kind);
        }
        if records.is_empty() {
            let _ = writeln!(out, "# remove the entry {}", quoted(part));
        } else {
            let _ = write!(out, "{}:\n{records}", quoted(part));
        }
    }
    if has_semicolon {
        out.push_str(
            "# `\\;` is a semicolon where escaped_semicolons is true, as it is in octoDNS 1\n",
        );
    }
    out
}

/// A set; `None` where octoDNS, or this, has no words for it.
fn record(kind: Type, set: &Set) -> Option<String> {
    let values = set.data.iter().map(|one| value(kind, one));
    let values = values.collect::<Option<Vec<String>>>()?;
    let mut out = format!("- ttl: {}\n  type: {kind}\n", set.ttl);
    if matches!(kind, Type::CNAME | Type::DNAME) {
        let _ = writeln!(out, "  value: {}", values.first()?);
        return Some(out);
    }
    out.push_str("  values:\n");
    for value in values {
        let _ = writeln!(out, "  - {value}");
    }
    Some(out)
}

fn value(kind: Type, one: &[u8]) -> Option<String> {
    let text = data::text(kind, one);
    let words: Vec<&str> = text.split(' ').collect();
    Some(match (kind, words.as_slice()) {
        (Type::A | Type::AAAA | Type::CNAME | Type::DNAME | Type::NS | Type::PTR, _) => {
            // A name with an escape in it is none to octoDNS.
            (!text.contains('\\')).then(|| quoted(&text))?
        }
        (Type::TXT, _) => quoted(&txt(&data::txt(one)?)?),
        (Type::CAA, _) => {
            let caa = data::caa(one)?;
            let can_stand = |text: &str| text.is_ascii() && !text.contains(['"', '\\']);
            let (tag, value) = (quoted(&caa.tag), quoted(&caa.value));
            let all = format!("{{flags: {}, tag: {tag}, value: {value}}}", caa.flags);
            (can_stand(&caa.tag) && can_stand(&caa.value)).then_some(all)?
        }
        (Type::TLSA, _) => {
            let ([usage, selector, matching], hex) = data::tlsa(one)?;
            format!(
                "{{certificate_association_data: {}, certificate_usage: {usage}, matching_type: {matching}, \
                 selector: {selector}}}",
                quoted(&hex)
            )
        }
        (Type::MX, [preference, exchange]) => {
            format!(
                "{{exchange: {}, preference: {preference}}}",
                quoted(exchange)
            )
        }
        (Type::SRV, [priority, weight, port, target]) => format!(
            "{{port: {port}, priority: {priority}, target: {}, weight: {weight}}}",
            quoted(target)
        ),
        (Type::SSHFP, [algorithm, kind, print]) => format!(
            "{{algorithm: {algorithm}, fingerprint: {}, fingerprint_type: {kind}}}",
            quoted(&print.to_ascii_lowercase())
        ),
        (Type::DS, [tag, algorithm, kind, digest]) => format!(
            "{{algorithm: {algorithm}, digest: {}, digest_type: {kind}, key_tag: {tag}}}",
            quoted(digest)
        ),
        (Type::HTTPS | Type::SVCB, _) => binding(one)?,
        _ => return None,
    })
}

/// Text of which octoDNS makes the same again: it takes quotes around it off, joins strings, and wants a semicolon
/// escaped, but not twice.
fn txt(text: &str) -> Option<String> {
    let is_kept = text.is_ascii()
        && !text.is_empty()
        && !text.starts_with('"')
        && !text.contains("\" \"")
        && !text.contains("\\;");
    is_kept.then(|| text.replace(';', "\\;"))
}

/// A service binding, its parameters in a map of their own.
fn binding(one: &[u8]) -> Option<String> {
    let priority = u16::from_be_bytes(*one.first_chunk()?);
    let target = name::show(name::first(one.get(2..)?)?);
    let mut parameters = BTreeMap::new();
    for text in rdata::parameters(one) {
        let (key, value) = match text.split_once('=') {
            Some((key, value)) => (key, Some(value.trim_matches('"'))),
            None => (text.as_str(), None),
        };
        let is_list = matches!(key, "alpn" | "ipv4hint" | "ipv6hint" | "mandatory");
        let value = match value {
            // What is escaped is something else to octoDNS.
            Some(value) if value.contains('\\') => return None,
            Some(value) if is_list => {
                let items: Vec<String> = value.split(',').map(quoted).collect();
                format!("[{}]", items.join(", "))
            }
            Some(value) if key == "port" => value.to_owned(),
            Some(value) => quoted(value),
            None => "null".to_owned(),
        };
        parameters.insert(key.to_owned(), value);
    }
    let mut parameters: Vec<(String, String)> = parameters.into_iter().collect();
    parameters.sort_by(|(left, _), (right, _)| natural(left, right));
    let parameters: Vec<String> = parameters
        .iter()
        .map(|(key, value)| format!("{key}: {value}"))
        .collect();
    let parameters = parameters.join(", ");
    let target = quoted(&target);
    Some(format!(
        "{{svcparams: {{{parameters}}}, svcpriority: {priority}, targetname: {target}}}"
    ))
}

/// The order in which octoDNS wants keys: numbers in them by their value.
fn natural(left: &str, right: &str) -> Ordering {
    let (mut left, mut right) = (chunks(left).into_iter(), chunks(right).into_iter());
    loop {
        match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (None, _) => return Ordering::Less,
            (_, None) => return Ordering::Greater,
            (Some(one), Some(other)) => {
                // A number is longer, or has a higher digit.
                let by = |(text, number): (&str, &str)| {
                    let number = number.trim_start_matches('0');
                    (text.to_owned(), number.len(), number.to_owned())
                };
                let order = by(one).cmp(&by(other));
                if order != Ordering::Equal {
                    return order;
                }
            }
        }
    }
}

/// Text and the number behind it, again and again.
fn chunks(mut text: &str) -> Vec<(&str, &str)> {
    let mut chunks = Vec::new();
    while !text.is_empty() {
        let is_digit = |ch: char| ch.is_ascii_digit();
        let (front, rest) = text.split_at(text.find(is_digit).unwrap_or(text.len()));
        let end = rest.find(|ch| !is_digit(ch)).unwrap_or(rest.len());
        let (number, rest) = rest.split_at(end);
        chunks.push((front, number));
        text = rest;
    }
    chunks
}

/// A string of YAML in double quotes: those of JSON are some.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
