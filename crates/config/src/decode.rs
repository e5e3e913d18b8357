//! From the tree to the model: serde's `Deserializer` over nodes, which notes unknown fields and says
//! the place of what does not fit.

use std::cell::RefCell;
use std::fmt;
use std::ops::Range;

use serde::de::{self, DeserializeSeed, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use crate::document::{DATE, Entry, Node, Value};

/// What does not fit the model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Misfit {
    /// The field, for example `tls.certificates[1].key`.
    pub(crate) field: String,
    /// What is wrong.
    pub(crate) message: String,
    /// Where.
    pub(crate) bytes: Range<usize>,
}

/// A field that the model does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stranger {
    /// The field with the tables around it.
    pub(crate) field: String,
    /// Its last part.
    pub(crate) name: String,
    /// What there is at that place.
    pub(crate) known: &'static [&'static str],
    /// Where its name stands.
    pub(crate) bytes: Range<usize>,
}

/// The way to a value.
#[derive(Clone, Copy)]
enum Path<'p> {
    Root,
    Field(&'p Path<'p>, &'p str),
    Index(&'p Path<'p>, usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Field(Self::Root, name) => f.write_str(name),
            Self::Field(above, name) => write!(f, "{above}.{name}"),
            Self::Index(above, index) => write!(f, "{above}[{index}]"),
        }
    }
}

/// An error of serde's, before its place is known.
#[derive(Debug)]
pub(crate) struct Unplaced {
    message: String,
    misfit: Option<Misfit>,
}

impl fmt::Display for Unplaced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Unplaced {}

impl de::Error for Unplaced {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self {
            message: message.to_string(),
            misfit: None,
        }
    }

    /// Without the value: it may be a secret at the wrong place.
    fn invalid_type(found: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::custom(format!(
            "{} where {} is wanted",
            word(&found),
            wanted(expected)
        ))
    }

    fn invalid_value(found: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        match found {
            de::Unexpected::Signed(number) => {
                Self::custom(format!("{number} where {} is wanted", wanted(expected)))
            }
            other => Self::invalid_type(other, expected),
        }
    }
}

/// serde's words for what it wants, in those of a file.
fn wanted(expected: &dyn de::Expected) -> String {
    let text = expected.to_string();
    match text.as_str() {
        "u32" => format!("a number from 0 to {}", u32::MAX),
        "u16" | "u64" => "a number from 0 on".to_owned(),
        "a boolean" => "true or false".to_owned(),
        "a string" | "string" => "a text".to_owned(),
        "a sequence" => "a list".to_owned(),
        other if other.starts_with("struct ") => "a table".to_owned(),
        _ => text,
    }
}

fn word<'w>(found: &de::Unexpected<'w>) -> &'w str {
    match found {
        de::Unexpected::Bool(_) => "true or false",
        de::Unexpected::Unsigned(_) | de::Unexpected::Signed(_) => "a number",
        de::Unexpected::Float(_) => "a number with a fraction",
        de::Unexpected::Str(_) => "a text",
        de::Unexpected::Seq => "a list",
        de::Unexpected::Map => "a table",
        de::Unexpected::Unit | de::Unexpected::Option => "nothing",
        de::Unexpected::Other(word) => word,
        _ => "something else",
    }
}

/// Reads a value of the model out of the tree.
pub(crate) fn decode<'de, T: de::Deserialize<'de>>(
    root: &'de Node,
) -> Result<(T, Vec<Stranger>), Misfit> {
    let strangers = RefCell::new(Vec::new());
    let reader = Reader {
        node: root,
        path: Path::Root,
        strangers: &strangers,
    };
    let value = T::deserialize(reader).map_err(|error| {
        error.misfit.unwrap_or(Misfit {
            field: String::new(),
            message: error.message,
            bytes: root.bytes.clone(),
        })
    })?;
    Ok((value, strangers.into_inner()))
}

#[derive(Clone, Copy)]
struct Reader<'de, 'p> {
    node: &'de Node,
    path: Path<'p>,
    strangers: &'p RefCell<Vec<Stranger>>,
}

impl Reader<'_, '_> {
    /// Gives an error that has no place yet this one.
    fn placed(&self, error: Unplaced) -> Unplaced {
        let misfit = error.misfit.unwrap_or_else(|| Misfit {
            field: self.path.to_string(),
            message: error.message.clone(),
            bytes: self.node.bytes.clone(),
        });
        Unplaced {
            message: error.message,
            misfit: Some(misfit),
        }
    }
}

impl<'de> de::Deserializer<'de> for Reader<'de, '_> {
    type Error = Unplaced;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unplaced> {
        let read = match &self.node.value {
            Value::Null => visitor.visit_unit(),
            Value::Truth(truth) => visitor.visit_bool(*truth),
            Value::Integer(number) => visitor.visit_i64(*number),
            Value::Float(number) => visitor.visit_f64(*number),
            Value::Date => Err(de::Error::invalid_type(
                de::Unexpected::Other(DATE),
                &visitor,
            )),
            Value::Text(text) => visitor.visit_borrowed_str(text),
            Value::List(nodes) => visitor.visit_seq(Elements {
                nodes: nodes.iter().enumerate(),
                around: self,
            }),
            Value::Table(entries) => visitor.visit_map(Members {
                entries: entries.iter(),
                value: None,
                known: None,
                around: self,
            }),
        };
        read.map_err(|error| self.placed(error))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unplaced> {
        match self.node.value {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unplaced> {
        visitor
            .visit_newtype_struct(self)
            .map_err(|error| self.placed(error))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unplaced> {
        let Value::Table(entries) = &self.node.value else {
            return self.deserialize_any(visitor);
        };
        let members = Members {
            entries: entries.iter(),
            value: None,
            known: Some(fields),
            around: self,
        };
        visitor
            .visit_map(members)
            .map_err(|error| self.placed(error))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unplaced> {
        let Value::Text(text) = &self.node.value else {
            let message = format!("{} where one of these is wanted: {}", self.node.word(), {
                variants.join(", ")
            });
            return Err(self.placed(de::Error::custom(message)));
        };
        let lower = text.to_ascii_lowercase();
        let Some(variant) = variants.iter().find(|variant| **variant == lower) else {
            let shown = keyway_report::escape::text(text);
            let message = format!("\"{shown}\" is none of: {}", variants.join(", "));
            return Err(self.placed(de::Error::custom(message)));
        };
        visitor
            .visit_enum(IntoDeserializer::<Unplaced>::into_deserializer(*variant))
            .map_err(|error| self.placed(error))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf
        unit unit_struct seq tuple tuple_struct map identifier ignored_any
    }
}

struct Elements<'de, 'p> {
    nodes: std::iter::Enumerate<std::slice::Iter<'de, Node>>,
    around: Reader<'de, 'p>,
}

impl<'de> SeqAccess<'de> for Elements<'de, '_> {
    type Error = Unplaced;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Unplaced> {
        let Some((index, node)) = self.nodes.next() else {
            return Ok(None);
        };
        let reader = Reader {
            node,
            path: Path::Index(&self.around.path, index),
            strangers: self.around.strangers,
        };
        let read = seed.deserialize(reader);
        read.map(Some).map_err(|error| reader.placed(error))
    }
}

struct Members<'de, 'p> {
    entries: std::slice::Iter<'de, Entry>,
    value: Option<&'de Entry>,
    known: Option<&'static [&'static str]>,
    around: Reader<'de, 'p>,
}

impl<'de> MapAccess<'de> for Members<'de, '_> {
    type Error = Unplaced;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Unplaced> {
        for entry in self.entries.by_ref() {
            if let Some(known) = self.known
                && !known.contains(&entry.key.as_str())
            {
                self.around.strangers.borrow_mut().push(Stranger {
                    field: Path::Field(&self.around.path, &entry.key).to_string(),
                    name: entry.key.clone(),
                    known,
                    bytes: entry.key_bytes.clone(),
                });
                continue;
            }
            self.value = Some(entry);
            let key: de::value::BorrowedStrDeserializer<'de, Unplaced> =
                de::value::BorrowedStrDeserializer::new(&entry.key);
            return seed.deserialize(key).map(Some);
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Unplaced> {
        let Some(entry) = self.value.take() else {
            return Err(de::Error::custom("a value without its key"));
        };
        let reader = Reader {
            node: &entry.node,
            path: Path::Field(&self.around.path, &entry.key),
            strangers: self.around.strangers,
        };
        seed.deserialize(reader)
            .map_err(|error| reader.placed(error))
    }
}
