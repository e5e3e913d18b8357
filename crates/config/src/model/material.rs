use std::fmt;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};
use zeroize::Zeroizing;

/// What begins every block of PEM (RFC 7468).
const PEM_BEGIN: &str = "-----BEGIN ";

/// A certificate, key or list: where it lies, or its PEM text.
#[derive(Clone, PartialEq, Eq)]
pub enum Material {
    /// A path; relative to the folder of the service file (of the link, where the file was named by one).
    Path(String),
    /// The text itself. It may be a private key: it is overwritten when it is dropped, and is not
    /// shown.
    Pem(Zeroizing<String>),
}

impl Material {
    /// A path or a text of PEM, whichever it is.
    pub fn new(text: &str) -> Self {
        if text.contains(PEM_BEGIN) {
            Self::Pem(Zeroizing::new(text.to_owned()))
        } else {
            Self::Path(text.to_owned())
        }
    }

    /// The path, if it is one.
    pub fn path(&self) -> Option<&str> {
        match self {
            Self::Path(path) => Some(path),
            Self::Pem(_) => None,
        }
    }

    /// As it stands in a service file.
    pub fn written(&self) -> &str {
        match self {
            Self::Path(path) => path,
            Self::Pem(text) => text,
        }
    }

    /// Whether it is the text of a private key.
    pub fn holds_key(&self) -> bool {
        holds_key(self.written())
    }
}

/// Whether a text holds a private key in PEM, of whatever kind (RFC 7468, sections 10 and 11; RFC 5915,
/// section 4).
pub(super) fn holds_key(text: &str) -> bool {
    text.contains("PRIVATE KEY-----")
}

impl fmt::Debug for Material {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => write!(f, "Path({path:?})"),
            Self::Pem(_) => f.write_str("Pem([redacted])"),
        }
    }
}

impl Serialize for Material {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.written())
    }
}

impl<'de> Deserialize<'de> for Material {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = Material;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a path, or the PEM text itself")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Material, E> {
                Ok(Material::new(text))
            }
        }
        deserializer.deserialize_str(Text)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Material {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Material".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "A path (relative to the folder of the service file; of the link, where the file is named by one), or the PEM text itself.",
            "type": "string"
        })
    }
}
