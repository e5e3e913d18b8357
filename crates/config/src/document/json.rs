//! JSON by `serde_json`, level by level: each value is kept as the text that it is, and where that
//! text lies in the input is its place.

use std::fmt;
use std::ops::Range;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use super::{Count, Entry, Node, Value};
use crate::ReadError;

pub(super) fn read(text: &str) -> Result<Node, ReadError> {
    let bare = text.strip_prefix('\u{feff}').unwrap_or(text);
    let reader = Reader { text };
    let raw: &RawValue = serde_json::from_str(bare).map_err(|error| reader.syntax(&error, bare))?;
    let root = reader.node(raw.get(), 0, &mut Count::default())?;
    match root.value {
        Value::Table(_) => Ok(root),
        _ => Err(ReadError::Syntax {
            message: "a service file in JSON is an object".to_owned(),
            bytes: root.bytes,
        }),
    }
}

struct Reader<'t> {
    text: &'t str,
}

/// One level of an object, its values unread. An object may say a key twice; each is kept.
struct Members<'t>(Vec<(String, &'t RawValue)>);

/// One level of an array.
struct Elements<'t>(Vec<&'t RawValue>);

impl<'t> Reader<'t> {
    fn node(&self, raw: &'t str, depth: usize, count: &mut Count) -> Result<Node, ReadError> {
        let bytes = self.place(raw);
        count.add(depth, &bytes)?;
        let value = match raw.as_bytes().first() {
            Some(b'{') => {
                let Members(members) = self.level(raw)?;
                let mut entries = Vec::new();
                for (key, value) in members {
                    let node = self.node(value.get(), depth + 1, count)?;
                    let key_bytes = self.key_before(&key, node.bytes.start);
                    entries.push(Entry {
                        key,
                        key_bytes,
                        node,
                    });
                }
                Value::Table(entries)
            }
            Some(b'[') => {
                let Elements(elements) = self.level(raw)?;
                let nodes = elements
                    .into_iter()
                    .map(|value| self.node(value.get(), depth + 1, count));
                Value::List(nodes.collect::<Result<_, _>>()?)
            }
            _ => self.scalar(raw)?,
        };
        Ok(Node { value, bytes })
    }

    fn scalar(&self, raw: &'t str) -> Result<Value, ReadError> {
        Ok(match self.level::<serde_json::Value>(raw)? {
            serde_json::Value::Bool(truth) => Value::Truth(truth),
            serde_json::Value::String(text) => Value::Text(Zeroizing::new(text)),
            serde_json::Value::Number(number) => match number.as_i64() {
                Some(number) => Value::Integer(number),
                None => Value::Float(number.as_f64().unwrap_or(f64::NAN)),
            },
            _ => Value::Null,
        })
    }

    fn level<T: Deserialize<'t>>(&self, raw: &'t str) -> Result<T, ReadError> {
        serde_json::from_str(raw).map_err(|error| self.syntax(&error, raw))
    }

    /// Where a piece of the text lies in it.
    fn place(&self, piece: &str) -> Range<usize> {
        let start = (piece.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        start..start + piece.len()
    }

    /// Where the key in front of a value stands: as written, or the value's own place when it is
    /// written with escapes.
    fn key_before(&self, key: &str, value: usize) -> Range<usize> {
        let before = self.text.get(..value).unwrap_or_default().trim_end();
        let before = before.strip_suffix(':').unwrap_or(before).trim_end();
        let written = format!("\"{key}\"");
        if before.ends_with(&written) {
            before.len() - written.len()..before.len()
        } else {
            value..value
        }
    }

    fn syntax(&self, error: &serde_json::Error, piece: &str) -> ReadError {
        let lines: usize = piece
            .split_inclusive('\n')
            .take(error.line().saturating_sub(1))
            .map(str::len)
            .sum();
        let offset = self.place(piece).start + lines + error.column().saturating_sub(1);
        let at = offset.min(self.text.len());
        let message = error.to_string();
        // The place is said by the caller, as lines of the whole file.
        let message = message.split(" at line ").next().unwrap_or_default();
        ReadError::Syntax {
            message: message.to_owned(),
            bytes: at..at,
        }
    }
}

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Walk;
        impl<'de> Visitor<'de> for Walk {
            type Value = Members<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry::<String, &RawValue>()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Walk)
    }
}

impl<'de> Deserialize<'de> for Elements<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Walk;
        impl<'de> Visitor<'de> for Walk {
            type Value = Elements<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut elements = Vec::new();
                while let Some(element) = seq.next_element::<&RawValue>()? {
                    elements.push(element);
                }
                Ok(Elements(elements))
            }
        }
        deserializer.deserialize_seq(Walk)
    }
}
