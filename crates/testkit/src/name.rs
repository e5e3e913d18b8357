//! Distinguished names.

use crate::{der, oid};

/// A distinguished name: what `subject` and `issuer` hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name(Vec<u8>);

impl Name {
    /// A name with a common name alone.
    pub fn common(name: &str) -> Self {
        Self::empty().with(oid::COMMON_NAME, name)
    }

    /// What a certificate authority is called: country, organization, common name.
    pub fn authority(name: &str) -> Self {
        Self::empty()
            .with_tagged(oid::COUNTRY, der::PRINTABLE_STRING, b"NO")
            .with(oid::ORGANIZATION, "Keyway Test Trust")
            .with(oid::COMMON_NAME, name)
    }

    /// The empty name.
    pub fn empty() -> Self {
        Self(Vec::new())
    }

    /// These bytes as the content of the SEQUENCE.
    pub fn raw(relative_names: &[u8]) -> Self {
        Self(relative_names.to_vec())
    }

    /// One more attribute, as `UTF8String`.
    #[must_use]
    pub fn with(self, attribute: &str, value: &str) -> Self {
        self.with_tagged(attribute, der::UTF8_STRING, value.as_bytes())
    }

    /// One more attribute, of any string type and any bytes.
    #[must_use]
    pub fn with_tagged(mut self, attribute: &str, tag: u8, value: &[u8]) -> Self {
        let pair = der::sequence(&[der::oid(attribute), der::tlv(tag, value)]);
        self.0.extend(der::set(&[pair]));
        self
    }

    /// The `Name` in DER.
    pub fn der(&self) -> Vec<u8> {
        der::tlv(0x30, &self.0)
    }
}
