use zeroize::Zeroizing;

use super::{EditError, Setting, no_table};
use crate::document::{Entry, Node, Value};

/// Changes a tree of JSON and writes it, in the order of its members.
pub(super) fn change(
    mut root: Node,
    settings: &[(Vec<&str>, &Setting)],
    length: usize,
) -> Result<Zeroizing<String>, EditError> {
    for (path, setting) in settings {
        put(&mut root, path, setting).ok_or_else(|| no_table(path))?;
    }
    // Room for every text with escapes, so that no piece is left behind where it grows.
    let mut out = Zeroizing::new(String::with_capacity(4096 + 6 * length));
    write(&root, 0, &mut out);
    out.push('\n');
    Ok(out)
}

fn put(node: &mut Node, path: &[&str], setting: &Setting) -> Option<()> {
    let (name, rest) = path.split_first()?;
    let Value::Table(entries) = &mut node.value else {
        return None;
    };
    let at = entries.iter().position(|entry| entry.key == *name);
    if rest.is_empty() && *setting == Setting::Nothing {
        entries.retain(|entry| entry.key != *name);
        return Some(());
    }
    let index = match at {
        Some(index) => index,
        None if *setting == Setting::Nothing => return Some(()),
        None => {
            entries.push(Entry {
                key: (*name).to_owned(),
                key_bytes: 0..0,
                node: placed(Value::Table(Vec::new())),
            });
            entries.len() - 1
        }
    };
    let node = &mut entries.get_mut(index)?.node;
    if rest.is_empty() {
        *node = value(setting);
        return Some(());
    }
    put(node, rest, setting)
}

fn value(setting: &Setting) -> Node {
    let texts = |texts: &[String]| {
        let nodes = texts
            .iter()
            .map(|text| placed(Value::Text(text.clone().into())));
        Value::List(nodes.collect())
    };
    placed(match setting {
        Setting::Text(text) => Value::Text(text.clone().into()),
        Setting::Texts(all) => texts(all),
        Setting::Truth(truth) => Value::Truth(*truth),
        Setting::Table(name, text) => Value::Table(vec![Entry {
            key: name.clone(),
            key_bytes: 0..0,
            node: placed(Value::Text(text.clone().into())),
        }]),
        Setting::Nothing => Value::Null,
    })
}

/// A new value: its place is known when the text is read again.
fn placed(value: Value) -> Node {
    Node { value, bytes: 0..0 }
}

/// A text as JSON writes it; texts always serialise.
fn quoted(text: &str) -> Zeroizing<String> {
    Zeroizing::new(serde_json::to_string(text).unwrap_or_default())
}

fn write(node: &Node, depth: usize, out: &mut String) {
    let inside = "  ".repeat(depth + 1);
    let outside = "  ".repeat(depth);
    match &node.value {
        // JSON has no dates, and so none is ever read.
        Value::Null | Value::Date => out.push_str("null"),
        Value::Truth(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Value::Integer(number) => out.push_str(&number.to_string()),
        Value::Float(number) => out.push_str(&serde_json::Value::from(*number).to_string()),
        Value::Text(text) => out.push_str(&quoted(text)),
        Value::List(nodes) if nodes.is_empty() => out.push_str("[]"),
        Value::Table(entries) if entries.is_empty() => out.push_str("{}"),
        Value::List(nodes) => {
            out.push('[');
            for (index, node) in nodes.iter().enumerate() {
                out.push_str(if index == 0 { "\n" } else { ",\n" });
                out.push_str(&inside);
                write(node, depth + 1, out);
            }
            out.push('\n');
            out.push_str(&outside);
            out.push(']');
        }
        Value::Table(entries) => {
            out.push('{');
            for (index, entry) in entries.iter().enumerate() {
                out.push_str(if index == 0 { "\n" } else { ",\n" });
                out.push_str(&inside);
                out.push_str(&quoted(&entry.key));
                out.push_str(": ");
                write(&entry.node, depth + 1, out);
            }
            out.push('\n');
            out.push_str(&outside);
            out.push('}');
        }
    }
}
