use std::fmt;

use keyway_report::escape;
use keyway_report::spelling::distance;
use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use zeroize::Zeroizing;

/// Where a secret comes from. It is read when it is needed, and never shown.
#[derive(Clone, PartialEq, Eq)]
pub enum Secret {
    /// `{ file = "path" }`: the first line of a file.
    File(String),
    /// `{ env = "NAME" }`: an environment variable.
    Environment(String),
    /// `{ command = ["program", "argument"] }`: the first line that a program prints.
    Command(Vec<String>),
    /// The secret itself, in the open. Read, so that nothing breaks; `config.secret-inline` says what to
    /// do instead.
    Inline(Zeroizing<String>),
}

/// The kinds, as they are written.
const KINDS: &[&str] = &["file", "env", "command"];

/// Said where there is none of them, or more than one.
const ONE_KIND: &str = "one of `file`, `env` and `command` is wanted, and no more";

/// Said of a kind that is none, with the one that was probably meant.
fn unknown(given: &str) -> String {
    let ranked = KINDS.iter().map(|kind| (distance(given, kind), *kind));
    // Half of its letters may be wrong: there are three to choose from.
    let near = ranked.min().filter(|(far, kind)| *far <= kind.len() / 2);
    let meant = near.map_or_else(String::new, |(_, kind)| format!("; did you mean `{kind}`?"));
    format!("`{}` is not known: {ONE_KIND}{meant}", escape::text(given))
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Self::Inline(text) = self {
            return serializer.serialize_str(text);
        }
        let mut map = serializer.serialize_map(Some(1))?;
        match self {
            Self::File(path) => map.serialize_entry("file", path)?,
            Self::Environment(name) => map.serialize_entry("env", name)?,
            Self::Command(words) => map.serialize_entry("command", words)?,
            Self::Inline(_) => {}
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Source;
        impl<'de> Visitor<'de> for Source {
            type Value = Secret;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(
                    "a table that says where the secret is, { file = … }, { env = … } or { command = […] },",
                )
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Secret, E> {
                Ok(Secret::Inline(Zeroizing::new(text.to_owned())))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Secret, A::Error> {
                let Some(kind) = map.next_key::<String>()? else {
                    return Err(de::Error::custom(ONE_KIND));
                };
                let secret = match kind.as_str() {
                    "file" => Secret::File(map.next_value()?),
                    "env" => Secret::Environment(map.next_value()?),
                    "command" => Secret::Command(map.next_value()?),
                    other => return Err(de::Error::custom(unknown(other))),
                };
                match map.next_key::<String>()? {
                    None => Ok(secret),
                    Some(_) => Err(de::Error::custom(ONE_KIND)),
                }
            }
        }
        deserializer.deserialize_any(Source)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Secret {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Secret".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "Where the secret comes from: a file's first line, an environment variable, or a program's first line of output.",
            "type": "object",
            "properties": {
                "file": {
                    "description": "A file whose first line is the secret: a path, relative to the folder of the service file.",
                    "type": "string"
                },
                "env": {
                    "description": "The environment variable that holds the secret, by its name.",
                    "type": "string"
                },
                "command": {
                    "description": "A program and its arguments; the first line that it prints is the secret. No shell reads it, and it is started in the folder of the service file.",
                    "type": "array", "items": {"type": "string"}, "minItems": 1
                }
            },
            "minProperties": 1,
            "maxProperties": 1,
            "additionalProperties": false
        })
    }
}
