//! How the two moments of a validity are written (RFC 5280, section 4.1.2.5).

use x509_parser::asn1_rs::{Any, Class, FromDer, Tag};

/// A moment that is not written as the standard demands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValidityFault {
    /// `notBefore` or `notAfter`.
    pub field: &'static str,
    /// How it is written.
    pub form: TimeForm,
    /// The text of the moment, untrusted.
    pub text: String,
}

/// How a moment is written that should be written otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeForm {
    /// As `GeneralizedTime` although it lies before 2050.
    TooEarly,
    /// With a fraction, without seconds, or in another time zone than Z.
    Malformed,
}

/// Looks at the moments of a `TBSCertificate`; nothing where they cannot be found.
pub(super) fn faults(tbs: &[u8]) -> Vec<ValidityFault> {
    let Some(moments) = moments(tbs) else {
        return Vec::new();
    };
    let fields = ["notBefore", "notAfter"].into_iter().zip(moments);
    let faults = fields.filter_map(|(field, (tag, text))| {
        Some(ValidityFault {
            field,
            form: form(tag, text)?,
            text: String::from_utf8_lossy(text).into_owned(),
        })
    });
    faults.collect()
}

/// Tag and text of both moments.
fn moments(tbs: &[u8]) -> Option<[(Tag, &[u8]); 2]> {
    let (_, whole) = Any::from_der(tbs).ok()?;
    let (mut rest, mut field) = Any::from_der(whole.data).ok()?;
    // The version is absent in version 1; then come serial, signature, issuer and validity.
    if field.header.class() == Class::ContextSpecific {
        (rest, field) = Any::from_der(rest).ok()?;
    }
    for _ in 0..3 {
        (rest, field) = Any::from_der(rest).ok()?;
    }
    let (rest, not_before) = Any::from_der(field.data).ok()?;
    let (_, not_after) = Any::from_der(rest).ok()?;
    Some([not_before, not_after].map(|moment| (moment.tag(), moment.data)))
}

fn form(tag: Tag, text: &[u8]) -> Option<TimeForm> {
    // YYMMDDHHMMSSZ, and the same with four digits for the year.
    let digits = if tag == Tag::UtcTime { 12 } else { 14 };
    let is_whole = text
        .strip_suffix(b"Z")
        .is_some_and(|front| front.len() == digits && front.iter().all(u8::is_ascii_digit));
    if !is_whole {
        Some(TimeForm::Malformed)
    } else if tag == Tag::GeneralizedTime && text < b"2050".as_slice() {
        Some(TimeForm::TooEarly)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utc_time_goes_to_2049_and_generalized_time_begins_there() {
        assert_eq!(form(Tag::UtcTime, b"491231235959Z"), None);
        assert_eq!(form(Tag::GeneralizedTime, b"20500101000000Z"), None);
        assert_eq!(form(Tag::GeneralizedTime, b"99991231235959Z"), None);
        assert_eq!(
            form(Tag::GeneralizedTime, b"20491231235959Z"),
            Some(TimeForm::TooEarly)
        );
    }

    #[test]
    fn fractions_zones_and_missing_seconds_are_malformed() {
        for text in [
            b"20261012000000.5Z".as_slice(),
            b"20261012000000+0100",
            b"202610120000Z",
            b"20261012000000",
        ] {
            assert_eq!(
                form(Tag::GeneralizedTime, text),
                Some(TimeForm::Malformed),
                "{text:?}"
            );
        }
        assert_eq!(
            form(Tag::UtcTime, b"2610120000Z"),
            Some(TimeForm::Malformed)
        );
    }
}
