use keyway_report::escape;
use serde::{Serialize, Serializer};
use x509_parser::asn1_rs::{Class, FromDer, Header, Length, Tag, ToDer};
use x509_parser::x509::{AttributeTypeAndValue, X509Name};

use super::oid::{Oid, known};

/// A subject or issuer: its exact DER, for comparison, and a text, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DistinguishedName {
    der: Vec<u8>,
    text: String,
    common_names: Vec<String>,
    is_empty: bool,
}

/// Attribute short names of RFC 4514, section 3, and those that openssl prints.
const SHORT_NAMES: &[(&[u8], &str)] = &[
    (known::COMMON_NAME, "CN"),
    (&[0x55, 4, 6], "C"),
    (&[0x55, 4, 7], "L"),
    (&[0x55, 4, 8], "ST"),
    (&[0x55, 4, 9], "STREET"),
    (&[0x55, 4, 10], "O"),
    (&[0x55, 4, 11], "OU"),
    (&[0x55, 4, 5], "serialNumber"),
    (&[0x55, 4, 97], "organizationIdentifier"),
    (
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 1],
        "emailAddress",
    ),
    (
        &[0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 25],
        "DC",
    ),
];

impl DistinguishedName {
    pub(super) fn read(name: &X509Name<'_>) -> Self {
        let mut parts = Vec::new();
        let mut common_names = Vec::new();
        let mut is_empty = true;
        for attribute in name.iter_attributes() {
            is_empty = false;
            let value = value_text(attribute);
            if attribute.attr_type().as_bytes() == known::COMMON_NAME {
                common_names.push(value.clone());
            }
            parts.push(format!(
                "{}={}",
                short_name(attribute),
                escape::text(&value)
            ));
        }
        // Most specific first, as RFC 4514 orders them.
        parts.reverse();
        Self {
            der: name.as_raw().to_vec(),
            text: parts.join(", "),
            common_names,
            is_empty,
        }
    }

    /// The name as facts, for other structures than certificates.
    pub(crate) fn of(name: &X509Name<'_>) -> Self {
        Self::read(name)
    }

    /// Reads a name from its contents octets, as trust anchors hold it.
    pub(crate) fn from_contents(contents: &[u8]) -> Option<Self> {
        let header = Header::new(
            Class::Universal,
            true,
            Tag::Sequence,
            Length::Definite(contents.len()),
        );
        let mut der = header.to_der_vec().ok()?;
        der.extend_from_slice(contents);
        let (_, name) = X509Name::from_der(&der).ok()?;
        Some(Self::read(&name))
    }

    /// The DER of the `Name`, as it stands in the certificate.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The name for people: attributes most specific first, escaped.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What to call it in a sentence: the common name, else the whole, else "(no name)".
    pub fn short(&self) -> String {
        match self.common_names.first() {
            Some(name) if !name.is_empty() => escape::text(name),
            _ if self.text.is_empty() => "(no name)".to_owned(),
            _ => self.text.clone(),
        }
    }

    /// The common names, as they are: NOT escaped.
    pub fn common_names(&self) -> &[String] {
        &self.common_names
    }

    /// Whether the name is an empty sequence.
    pub fn is_empty(&self) -> bool {
        self.is_empty
    }
}

impl Serialize for DistinguishedName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

fn short_name(attribute: &AttributeTypeAndValue<'_>) -> String {
    let oid = attribute.attr_type().as_bytes();
    SHORT_NAMES
        .iter()
        .find(|(known, _)| *known == oid)
        .map_or_else(
            || Oid::from_der_contents(oid).to_string(),
            |(_, name)| (*name).to_owned(),
        )
}

/// The value as text, whatever string type it is in; bytes that are no text are replaced.
fn value_text(attribute: &AttributeTypeAndValue<'_>) -> String {
    const BMP_STRING: u32 = 30;
    const T61_STRING: u32 = 20;
    let bytes = attribute.as_slice();
    match attribute.attr_value().tag().0 {
        BMP_STRING => {
            let units: Vec<u16> = bytes
                .chunks_exact(2)
                .map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
                .collect();
            String::from_utf16_lossy(&units)
        }
        // T.61 is read as Latin-1, as every other tool does.
        T61_STRING => bytes.iter().map(|&byte| char::from(byte)).collect(),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}
