use std::fmt;

use serde::de::{Deserialize, Deserializer, SeqAccess, Visitor};
use zeroize::Zeroizing;

/// A file as JavaScript hands it over: a name and its bytes, which are overwritten when dropped. What it says besides
/// is nobody's business: what a repair wrote can be handed back.
#[derive(serde::Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "InputFile")
)]
pub struct File {
    /// What findings call it; shown escaped.
    pub name: String,
    /// Its contents.
    #[cfg_attr(feature = "schema", schemars(with = "Bytes"))]
    pub bytes: Secret,
}

/// Bytes that are overwritten when dropped: a `Uint8Array`, or an array of numbers.
#[derive(Default)]
pub struct Secret(pub Zeroizing<Vec<u8>>);

/// How the schema writes them.
#[cfg(feature = "schema")]
pub(crate) struct Bytes;

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Bytes {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Uint8Array".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "description": "Bytes." })
    }
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("File")
            .field("name", &self.name)
            .field("length", &self.bytes.0.len())
            .finish()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_byte_buf(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Secret;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("bytes (a Uint8Array)")
    }

    fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Secret, E> {
        Ok(Secret(Zeroizing::new(bytes)))
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Secret, E> {
        Ok(Secret(Zeroizing::new(bytes.to_vec())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut numbers: A) -> Result<Secret, A::Error> {
        let mut bytes = Zeroizing::new(Vec::new());
        while let Some(byte) = numbers.next_element()? {
            bytes.push(byte);
        }
        Ok(Secret(bytes))
    }
}
