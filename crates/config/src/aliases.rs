//! Names that fields have elsewhere: read, moved to where the field belongs, and told.

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
    alias(&["tls", "cert_pem_file"], &["tls", "certificate"]),
    alias(&["tls", "cert_file"], &["tls", "certificate"]),
    alias(&["tls", "cert"], &["tls", "certificate"]),
    alias(&["ssl_key_pem_file"], &["tls", "key"]),
    alias(&["ssl_key_file"], &["tls", "key"]),
    alias(&["ssl_key"], &["tls", "key"]),
    alias(&["tls", "ssl_key_pem_file"], &["tls", "key"]),
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
    for alias in ALIASES {
        if let Some(mut entry) = take(root, alias.at) {
            let bytes = entry.key_bytes.clone();
            if let (true, Value::Truth(truth)) = (is_truth(alias.at), &entry.node.value) {
                let word = if *truth { "enabled" } else { "disabled" };
                entry.node.value = Value::Text(word.to_owned().into());
            }
            let again = !put(root, alias.means, entry);
            used.push(Used {
                written: alias.at.join("."),
                means: alias.means.join("."),
                bytes,
                again,
            });
        }
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
pub(crate) fn written_as(root: &Node, field: &[&str]) -> Option<Vec<&'static str>> {
    let aliases = ALIASES.iter().filter(|alias| alias.means == field);
    aliases
        .map(|alias| alias.at)
        .find(|at| root.find(at).is_some())
        .map(<[&str]>::to_vec)
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

/// Puts an entry at a path, with the tables it needs; `false` when something stands there.
fn put(root: &mut Node, path: &[&str], mut entry: Entry) -> bool {
    let Some((name, tables)) = path.split_last() else {
        return false;
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
        return false;
    };
    if let Some(standing) = entries.iter_mut().find(|entry| entry.key == *name) {
        // `[ssl]` beside `[tls]`: the two are one table.
        if let (Value::Table(into), Value::Table(from)) =
            (&mut standing.node.value, &mut entry.node.value)
        {
            into.append(from);
            return true;
        }
        return false;
    }
    (*name).clone_into(&mut entry.key);
    entries.push(entry);
    true
}
