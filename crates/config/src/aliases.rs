//! Names that fields have elsewhere: read, moved to where the field belongs, and told.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::document::{Entry, Node, Value};

/// A name that a field has elsewhere.
struct Alias {
    /// Where it may stand: the table, and its name there.
    at: &'static [&'static str],
    /// The field, from the top.
    means: &'static [&'static str],
}

const fn alias(at: &'static [&'static str], means: &'static [&'static str]) -> Alias {
    Alias { at, means }
}

/// Azure ML v1 (`SslConfiguration`, `az ml computetarget update aks`), and what people write.
const ALIASES: &[Alias] = &[
    // The table itself comes first: what stands in it is moved along.
    alias(&["ssl"], &["tls"]),
    alias(&["hosts"], &["host"]),
    alias(&["cname"], &["host"]),
    alias(&["ssl_cname"], &["host"]),
    alias(&["tls", "cname"], &["host"]),
    alias(&["tls", "ssl_cname"], &["host"]),
    alias(&["tls", "host"], &["host"]),
    alias(&["scoring_uri"], &["endpoint"]),
    alias(&["upstreams"], &["upstream"]),
    alias(&["ssl_status"], &["tls", "status"]),
    alias(&["ssl_enabled"], &["tls", "status"]),
    alias(&["tls", "ssl_enabled"], &["tls", "status"]),
    alias(&["tls", "enabled"], &["tls", "status"]),
    alias(&["tls", "ssl_status"], &["tls", "status"]),
    alias(&["ssl_cert_pem_file"], &["tls", "certificate"]),
    alias(&["ssl_cert_file"], &["tls", "certificate"]),
    alias(&["ssl_cert"], &["tls", "certificate"]),
    alias(&["tls", "ssl_cert_pem_file"], &["tls", "certificate"]),
    alias(&["tls", "ssl_cert_file"], &["tls", "certificate"]),
    alias(&["tls", "ssl_cert"], &["tls", "certificate"]),
    alias(&["tls", "cert_pem_file"], &["tls", "certificate"]),
    alias(&["tls", "cert_file"], &["tls", "certificate"]),
    alias(&["tls", "cert"], &["tls", "certificate"]),
    alias(&["ssl_key_pem_file"], &["tls", "key"]),
    alias(&["ssl_key_file"], &["tls", "key"]),
    alias(&["ssl_key"], &["tls", "key"]),
    alias(&["tls", "ssl_key_pem_file"], &["tls", "key"]),
    alias(&["tls", "ssl_key_file"], &["tls", "key"]),
    alias(&["tls", "ssl_key"], &["tls", "key"]),
    alias(&["tls", "key_pem_file"], &["tls", "key"]),
    alias(&["tls", "key_file"], &["tls", "key"]),
    alias(&["leaf_domain_label"], &["tls", "leaf_domain_label"]),
    alias(&["ssl_leaf_domain_label"], &["tls", "leaf_domain_label"]),
    alias(
        &["tls", "ssl_leaf_domain_label"],
        &["tls", "leaf_domain_label"],
    ),
    alias(
        &["overwrite_existing_domain"],
        &["tls", "overwrite_existing_domain"],
    ),
    alias(
        &["ssl_overwrite_domain"],
        &["tls", "overwrite_existing_domain"],
    ),
    alias(
        &["tls", "ssl_overwrite_domain"],
        &["tls", "overwrite_existing_domain"],
    ),
    alias(&["ssl_renew"], &["tls", "renew"]),
    alias(&["renew"], &["tls", "renew"]),
    alias(&["tls", "ssl_renew"], &["tls", "renew"]),
    alias(&["ssl_min_version"], &["tls", "min_version"]),
    alias(&["ssl_max_version"], &["tls", "max_version"]),
    alias(&["tls", "ssl_min_version"], &["tls", "min_version"]),
    alias(&["tls", "ssl_max_version"], &["tls", "max_version"]),
];

/// An alias that a file uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Used {
    /// As it is written.
    pub(crate) written: String,
    /// The field's own name.
    pub(crate) means: String,
    /// Where its name stands.
    pub(crate) bytes: Range<usize>,
    /// Whether the field is said under its own name, too, or under another alias.
    pub(crate) again: bool,
}

/// Moves every aliased entry to where the field belongs. What is said twice stays as it was first.
pub(crate) fn resolve(root: &mut Node) -> Vec<Used> {
    let mut used = doubled(root, "");
    // What stood in a table with another name, by the place of its name there.
    let mut moved = BTreeMap::new();
    for alias in ALIASES {
        let Some(mut entry) = take(root, alias.at) else {
            continue;
        };
        let bytes = entry.key_bytes.clone();
        let written = match moved.get(&bytes.start) {
            Some(written) => String::clone(written),
            None => alias.at.join("."),
        };
        for within in entry.node.entries() {
            moved.insert(within.key_bytes.start, format!("{written}.{}", within.key));
        }
        if let (true, Value::Truth(truth)) = (is_truth(alias.at), &entry.node.value) {
            let word = if *truth { "enabled" } else { "disabled" };
            entry.node.value = Value::Text(word.to_owned().into());
        }
        let means = alias.means.join(".");
        let mut twice = Vec::new();
        let again = match put(root, alias.means, entry) {
            Put::New => false,
            Put::Taken => true,
            Put::Joined(both) => {
                twice = both;
                false
            }
        };
        used.extend(twice.into_iter().map(|(within, bytes)| Used {
            written: format!("{written}.{within}"),
            means: format!("{means}.{within}"),
            bytes,
            again: true,
        }));
        used.push(Used {
            written,
            means,
            bytes,
            again,
        });
    }
    used.sort_by_key(|used| used.bytes.start);
    used
}

/// Whether an alias says true or false where the field has a word: `ssl_enabled`.
pub(crate) fn is_truth(at: &[&str]) -> bool {
    at.last().is_some_and(|name| name.ends_with("enabled"))
}

/// The aliases that may stand in a table, `""` for the file itself: each with the field that it is.
pub(crate) fn within(table: &str) -> impl Iterator<Item = (&'static str, String)> {
    ALIASES.iter().filter_map(move |alias| {
        let (name, tables) = alias.at.split_last()?;
        (tables.join(".") == table).then(|| (*name, alias.means.join(".")))
    })
}

/// Every alias, with the field that it is: `tls.cert_file` and `tls.certificate`.
pub fn aliases() -> impl Iterator<Item = (String, String)> {
    ALIASES
        .iter()
        .map(|alias| (alias.at.join("."), alias.means.join(".")))
}

/// The path under which a field is written in a tree: its own, or an alias.
pub(crate) fn written_as<'f>(root: &Node, field: &[&'f str]) -> Option<Vec<&'f str>> {
    spellings(field)
        .into_iter()
        .find(|path| root.find(path).is_some())
}

/// The path under which a field that is not there is written: in the table that there is for it.
pub(crate) fn place_of<'f>(root: &Node, field: &[&'f str]) -> Vec<&'f str> {
    let splits = (1..field.len()).rev().map(|at| field.split_at(at));
    let mut tables = splits.filter_map(|(table, rest)| {
        let table = written_as(root, table)?;
        Some([table.as_slice(), rest].concat())
    });
    tables.next().unwrap_or_else(|| field.to_vec())
}

/// All ways to write a field, its own first: a table may have another name, and so may the field in it.
fn spellings<'f>(field: &[&'f str]) -> Vec<Vec<&'f str>> {
    let mut all = vec![field.to_vec()];
    let mut at = 0;
    // No alias leads back to what it means, and so this ends.
    while let Some(path) = all.get(at) {
        let others: Vec<Vec<&str>> = ALIASES
            .iter()
            .filter_map(|alias| {
                let rest = path.strip_prefix(alias.means)?;
                Some([alias.at, rest].concat())
            })
            .collect();
        all.extend(others);
        at += 1;
    }
    all
}

/// Fields that JSON says twice under one name; the first is kept.
fn doubled(node: &mut Node, above: &str) -> Vec<Used> {
    let mut used = Vec::new();
    let Value::Table(entries) = &mut node.value else {
        return used;
    };
    let mut seen = std::collections::BTreeSet::new();
    entries.retain(|entry| {
        let is_new = seen.insert(entry.key.clone());
        if !is_new {
            let name = format!("{above}{}", entry.key);
            used.push(Used {
                written: name.clone(),
                means: name,
                bytes: entry.key_bytes.clone(),
                again: true,
            });
        }
        is_new
    });
    for entry in entries {
        let above = format!("{above}{}.", entry.key);
        used.extend(doubled(&mut entry.node, &above));
    }
    used
}

fn take(node: &mut Node, path: &[&str]) -> Option<Entry> {
    let (name, tables) = path.split_last()?;
    let entries = table(node, tables)?;
    let index = entries.iter().position(|entry| entry.key == *name)?;
    Some(entries.remove(index))
}

fn table<'n>(node: &'n mut Node, path: &[&str]) -> Option<&'n mut Vec<Entry>> {
    let mut node = node;
    for name in path {
        let Value::Table(entries) = &mut node.value else {
            return None;
        };
        node = &mut entries.iter_mut().find(|entry| entry.key == *name)?.node;
    }
    match &mut node.value {
        Value::Table(entries) => Some(entries),
        _ => None,
    }
}

/// What became of an entry.
enum Put {
    /// It stands where it belongs.
    New,
    /// Something else stands there.
    Taken,
    /// It is a table, and one with what was in the other. What both say is said, with its path and place.
    Joined(Vec<(String, Range<usize>)>),
}

/// Puts an entry at a path, with the tables it needs.
fn put(root: &mut Node, path: &[&str], mut entry: Entry) -> Put {
    let Some((name, tables)) = path.split_last() else {
        return Put::Taken;
    };
    if let Value::Table(entries) = &mut root.value {
        for table in tables {
            if !entries.iter().any(|entry| entry.key == *table) {
                entries.push(Entry {
                    key: (*table).to_owned(),
                    key_bytes: entry.key_bytes.clone(),
                    node: Node {
                        value: Value::Table(Vec::new()),
                        bytes: entry.key_bytes.clone(),
                    },
                });
            }
        }
    }
    let Some(entries) = table(root, tables) else {
        return Put::Taken;
    };
    if let Some(standing) = entries.iter_mut().find(|entry| entry.key == *name) {
        // `[ssl]` beside `[tls]`: the two are one table.
        if let (Value::Table(into), Value::Table(from)) =
            (&mut standing.node.value, &mut entry.node.value)
        {
            let mut both = Vec::new();
            join(into, std::mem::take(from), "", &mut both);
            return Put::Joined(both);
        }
        return Put::Taken;
    }
    (*name).clone_into(&mut entry.key);
    entries.push(entry);
    Put::New
}

/// Puts the entries of a table into another one, which keeps what both say.
fn join(
    into: &mut Vec<Entry>,
    from: Vec<Entry>,
    above: &str,
    both: &mut Vec<(String, Range<usize>)>,
) {
    let known: BTreeMap<String, usize> = into
        .iter()
        .enumerate()
        .map(|(index, entry)| (entry.key.clone(), index))
        .collect();
    for mut entry in from {
        let standing = known.get(&entry.key).and_then(|index| into.get_mut(*index));
        let Some(standing) = standing else {
            into.push(entry);
            continue;
        };
        let path = format!("{above}{}", entry.key);
        match (&mut standing.node.value, &mut entry.node.value) {
            (Value::Table(into), Value::Table(from)) => {
                join(into, std::mem::take(from), &format!("{path}."), both);
            }
            _ => both.push((path, entry.key_bytes)),
        }
    }
}
