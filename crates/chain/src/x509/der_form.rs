//! What of a certificate is not in DER (X.690), though BER would allow it and most readers do.

use x509_parser::asn1_rs::{Any, Class, FromDer, Tag};

use super::oid::{Oid, known};

/// A value that is not written in the one way that DER allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DerFault {
    /// The serial number has needless leading octets (X.690, 8.3.2).
    Serial,
    /// FALSE is written out in an extension, where it is the default (X.690, 11.5).
    DefaultWritten {
        /// The extension.
        extension: Oid,
        /// `critical`, or `cA` of basicConstraints.
        field: &'static str,
    },
    /// TRUE is another octet than 0xFF (X.690, 11.1).
    Boolean {
        /// The extension.
        extension: Oid,
        /// `critical`, or `cA` of basicConstraints.
        field: &'static str,
    },
    /// keyUsage ends in bits that are zero, or counts its unused bits wrongly (X.690, 11.2).
    KeyUsageBits,
}

/// Looks at a `TBSCertificate`; nothing where its parts cannot be found.
pub(super) fn faults(tbs: &[u8]) -> Vec<DerFault> {
    let mut out = Vec::new();
    let Ok((_, whole)) = Any::from_der(tbs) else {
        return out;
    };
    let mut fields = members(whole.data).peekable();
    // The version is absent in version 1; the serial number follows it.
    fields.next_if(|field| field.class() == Class::ContextSpecific);
    if fields.next().is_some_and(|serial| !is_minimal(serial.data)) {
        out.push(DerFault::Serial);
    }
    let is_extensions =
        |field: &Any<'_>| field.class() == Class::ContextSpecific && field.tag().0 == 3;
    let extensions = fields.find(is_extensions);
    let list = extensions.and_then(|field| members(field.data).next());
    for extension in list.into_iter().flat_map(|list| members(list.data)) {
        of_extension(extension.data, &mut out);
    }
    out
}

/// Whether no shorter INTEGER is the same number.
fn is_minimal(number: &[u8]) -> bool {
    minimal(number).len() == number.len()
}

/// The contents octets of the shortest INTEGER that is the same number (X.690, 8.3.2).
pub(crate) fn minimal(mut number: &[u8]) -> &[u8] {
    while let [0x00, 0x00..=0x7f, ..] | [0xff, 0x80..=0xff, ..] = number {
        number = &number[1..];
    }
    number
}

fn of_extension(contents: &[u8], out: &mut Vec<DerFault>) {
    let mut fields = members(contents).peekable();
    let Some(identifier) = fields.next() else {
        return;
    };
    let extension = Oid::from_der_contents(identifier.data);
    if let Some(critical) = fields.next_if(|field| field.tag() == Tag::Boolean) {
        out.extend(of_boolean(critical.data, &extension, "critical"));
    }
    let Some(value) = fields.next() else { return };
    let Ok((_, inner)) = Any::from_der(value.data) else {
        return;
    };
    if extension.is(known::BASIC_CONSTRAINTS) {
        let ca = members(inner.data).next();
        if let Some(ca) = ca.filter(|ca| ca.tag() == Tag::Boolean) {
            out.extend(of_boolean(ca.data, &extension, "cA"));
        }
    } else if extension.is(known::KEY_USAGE) && !are_bits_minimal(inner.data) {
        out.push(DerFault::KeyUsageBits);
    }
}

/// Both booleans that are looked at have FALSE for their default.
fn of_boolean(contents: &[u8], extension: &Oid, field: &'static str) -> Option<DerFault> {
    let extension = extension.clone();
    match contents {
        [0xff] => None,
        [0] => Some(DerFault::DefaultWritten { extension, field }),
        _ => Some(DerFault::Boolean { extension, field }),
    }
}

/// Whether a BIT STRING of named bits ends with its last set bit (X.690, 11.2.2).
fn are_bits_minimal(contents: &[u8]) -> bool {
    match contents {
        [unused] => *unused == 0,
        [unused, .., last] => u32::from(*unused) == last.trailing_zeros() && *last != 0,
        [] => true,
    }
}

/// The values that follow each other in the contents of a constructed one.
fn members(mut contents: &[u8]) -> impl Iterator<Item = Any<'_>> {
    std::iter::from_fn(move || {
        let (rest, value) = Any::from_der(contents).ok()?;
        contents = rest;
        Some(value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shortest_integer_keeps_its_sign() {
        for (number, shortest) in [
            (&[0_u8, 0, 0x80][..], &[0_u8, 0x80][..]),
            (&[0, 0x7f], &[0x7f]),
            (&[0xff, 0xff, 0x7f], &[0xff, 0x7f]),
            (&[0xff, 0x80], &[0x80]),
            (&[0, 0], &[0]),
            (&[0], &[0]),
            (&[], &[]),
        ] {
            assert_eq!(minimal(number), shortest, "{number:?}");
        }
    }

    #[test]
    fn named_bits_end_with_the_last_that_is_set() {
        assert!(are_bits_minimal(&[1, 0x06]));
        assert!(!are_bits_minimal(&[0, 0x06]));
        assert!(!are_bits_minimal(&[2, 0x06]));
        assert!(!are_bits_minimal(&[0, 0x80, 0]));
        assert!(are_bits_minimal(&[7, 0x80]));
        assert!(are_bits_minimal(&[0]));
    }
}
