//! A service file as a tree in which every value knows its place: the same for TOML and JSON.

mod json;
mod toml;

use std::ops::Range;

use zeroize::Zeroizing;

use crate::ReadError;

/// How a service file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// TOML 1.0.
    Toml,
    /// JSON (RFC 8259).
    Json,
}

impl Format {
    /// By the first character that is no blank: a file in JSON is an object, and no TOML begins so.
    pub fn of(text: &str) -> Self {
        if text
            .trim_start_matches('\u{feff}')
            .trim_start()
            .starts_with('{')
        {
            Self::Json
        } else {
            Self::Toml
        }
    }
}

/// Bytes of a service file that are read. One with inline certificates takes some ten kilobytes.
pub const MAX_BYTES: usize = 1 << 20;

/// Values inside values. The model needs four; what is deeper is no service file.
pub(crate) const MAX_DEPTH: usize = 16;

/// Values in one file: each costs about a hundred bytes of memory.
pub(crate) const MAX_VALUES: usize = 100_000;

/// What a date or a time is called.
pub(crate) const DATE: &str = "a date or a time";

/// A value and its place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    pub(crate) value: Value,
    pub(crate) bytes: Range<usize>,
}

/// What a file can hold.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Null,
    Truth(bool),
    Integer(i64),
    Float(f64),
    /// A date or a time, which TOML has. No field is one.
    Date,
    /// It may be a private key.
    Text(Zeroizing<String>),
    List(Vec<Node>),
    Table(Vec<Entry>),
}

/// A key with its value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) key_bytes: Range<usize>,
    pub(crate) node: Node,
}

impl Node {
    /// What it is, in a word.
    pub(crate) fn word(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Truth(_) => "true or false",
            Value::Integer(_) => "a number",
            Value::Float(_) => "a number with a fraction",
            Value::Date => DATE,
            Value::Text(_) => "a text",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
        }
    }

    /// The entries of a table; none otherwise.
    pub(crate) fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Table(entries) => entries,
            _ => &[],
        }
    }

    /// Takes the innermost field that holds the value at a place, or lists it, out of its table; `false` where there is
    /// none. Others keep their places.
    pub(crate) fn remove(&mut self, bytes: &Range<usize>) -> bool {
        match &mut self.value {
            Value::Table(entries) => {
                let before = entries.len();
                entries.iter_mut().any(|entry| entry.node.remove(bytes)) || {
                    entries.retain(|entry| !entry.node.is_or_lists(bytes));
                    entries.len() < before
                }
            }
            Value::List(nodes) => nodes.iter_mut().any(|node| node.remove(bytes)),
            _ => false,
        }
    }

    fn is_or_lists(&self, bytes: &Range<usize>) -> bool {
        let lists = |nodes: &[Self]| nodes.iter().any(|node| node.bytes == *bytes);
        self.bytes == *bytes || matches!(&self.value, Value::List(nodes) if lists(nodes))
    }

    /// The value at a path of keys.
    pub(crate) fn find<'n>(&'n self, path: &[&str]) -> Option<&'n Self> {
        let Some((first, rest)) = path.split_first() else {
            return Some(self);
        };
        let entry = self.entries().iter().find(|entry| entry.key == *first)?;
        entry.node.find(rest)
    }
}

/// Reads the tree.
pub(crate) fn read(text: &str, format: Format) -> Result<Node, ReadError> {
    if text.len() > MAX_BYTES {
        return Err(ReadError::TooLarge { limit: MAX_BYTES });
    }
    match format {
        Format::Toml => toml::read(text),
        Format::Json => json::read(text),
    }
}

/// Counts values, and refuses past the limit.
#[derive(Default)]
struct Count(usize);

impl Count {
    fn add(&mut self, depth: usize, bytes: &Range<usize>) -> Result<(), ReadError> {
        self.0 += 1;
        let what = if depth > MAX_DEPTH {
            "values inside values"
        } else if self.0 > MAX_VALUES {
            "values"
        } else {
            return Ok(());
        };
        Err(ReadError::TooMuch {
            what,
            bytes: bytes.clone(),
        })
    }
}
