use std::ops::Range;

use toml_edit::{Document, Item, TableLike, Value as Written};
use zeroize::Zeroizing;

use super::{Count, Entry, Node, Value};
use crate::ReadError;

pub(super) fn read(text: &str) -> Result<Node, ReadError> {
    let document = Document::parse(text).map_err(|error| ReadError::Syntax {
        message: error.message().to_owned(),
        bytes: error.span().unwrap_or(0..0),
    })?;
    let mut count = Count::default();
    let value = table(document.as_table(), 0, &mut count)?;
    let bytes = 0..text.len();
    Ok(Node { value, bytes })
}

fn table(table: &dyn TableLike, depth: usize, count: &mut Count) -> Result<Value, ReadError> {
    let mut entries = Vec::new();
    for (key, item) in table.iter() {
        let key_bytes = table
            .key(key)
            .and_then(toml_edit::Key::span)
            .unwrap_or(0..0);
        let around = item.span().unwrap_or_else(|| key_bytes.clone());
        entries.push(Entry {
            key: key.to_owned(),
            node: node(item, around, depth + 1, count)?,
            key_bytes,
        });
    }
    Ok(Value::Table(entries))
}

fn node(
    item: &Item,
    bytes: Range<usize>,
    depth: usize,
    count: &mut Count,
) -> Result<Node, ReadError> {
    count.add(depth, &bytes)?;
    let value = match item {
        Item::None => Value::Null,
        Item::Table(inner) => table(inner, depth, count)?,
        Item::Value(written) => value(written, depth, count)?,
        Item::ArrayOfTables(tables) => {
            let mut nodes = Vec::new();
            for inner in tables {
                let bytes = inner.span().unwrap_or_else(|| bytes.clone());
                count.add(depth + 1, &bytes)?;
                let value = table(inner, depth + 1, count)?;
                nodes.push(Node { value, bytes });
            }
            Value::List(nodes)
        }
    };
    Ok(Node { value, bytes })
}

fn value(written: &Written, depth: usize, count: &mut Count) -> Result<Value, ReadError> {
    Ok(match written {
        Written::String(text) => Value::Text(Zeroizing::new(text.value().clone())),
        Written::Integer(number) => Value::Integer(*number.value()),
        Written::Float(number) => Value::Float(*number.value()),
        Written::Boolean(truth) => Value::Truth(*truth.value()),
        Written::Datetime(_) => Value::Date,
        Written::InlineTable(inner) => table(inner, depth, count)?,
        Written::Array(list) => {
            let mut nodes = Vec::new();
            for inner in list {
                let bytes = inner.span().unwrap_or(0..0);
                count.add(depth + 1, &bytes)?;
                let value = value(inner, depth + 1, count)?;
                nodes.push(Node { value, bytes });
            }
            Value::List(nodes)
        }
    })
}
