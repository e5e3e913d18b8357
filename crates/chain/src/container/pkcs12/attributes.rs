//! `friendlyName` and `localKeyId` of a bag (RFC 2985, 5.5.1 and 5.5.2).

use der::Sequence;
use der::asn1::{AnyRef, ObjectIdentifier};

use super::Pkcs12Error;
use super::structure::elements;

const FRIENDLY_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.20");
const LOCAL_KEY_ID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.21");

/// Attributes of one bag. Files in the field have two or three.
const MAX_ATTRIBUTES: usize = 64;

#[derive(Sequence)]
struct Attribute<'a> {
    kind: ObjectIdentifier,
    values: AnyRef<'a>,
}

/// What a bag is called, and which key it goes with.
#[derive(Default)]
pub(super) struct Attributes {
    pub(super) friendly_name: Option<String>,
    pub(super) local_key_id: Option<Vec<u8>>,
}

/// Reads the attributes; ones of other kinds are passed over.
pub(super) fn read(set: Option<AnyRef<'_>>) -> Result<Attributes, Pkcs12Error> {
    let mut found = Attributes::default();
    let Some(set) = set else {
        return Ok(found);
    };
    for attribute in elements::<Attribute<'_>>(set.value(), MAX_ATTRIBUTES)? {
        let values: Vec<AnyRef<'_>> = elements(attribute.values.value(), MAX_ATTRIBUTES)?;
        let Some(value) = values.first() else {
            continue;
        };
        match attribute.kind {
            FRIENDLY_NAME => found.friendly_name = Some(text(value.value())),
            LOCAL_KEY_ID => found.local_key_id = Some(value.value().to_vec()),
            _ => {}
        }
    }
    Ok(found)
}

/// A `BMPString`, which some writers fill with UTF-16; what is neither shows as U+FFFD.
fn text(bytes: &[u8]) -> String {
    let units: Vec<u16> = bytes
        .chunks_exact(2)
        .map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
        .collect();
    String::from_utf16_lossy(&units)
}
