use std::fmt;

use crate::hostname::{MAX_LABEL, label_fault};

/// Characters that are added to a label, so that the same label of two services makes two names.
pub const SUFFIX_LENGTH: usize = 6;

/// What the characters are taken from: 36 of them, 36^6 = 2.2 billion suffixes.
const ALPHABET: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";

/// A name that is made for a service: `<label><six characters>.<region>.<zone>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManagedName {
    label: String,
    suffix: String,
    parent: String,
}

/// Why a text is no label of a managed name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LabelFault {
    /// It breaks the form of DNS labels (RFC 1035 section 2.3.1), or starts with a digit.
    #[error("{0}")]
    Form(&'static str),
    /// It leaves no room for the six characters.
    #[error("leaves no room for the six characters: at most 57 are taken")]
    TooLong,
    /// It is the whole name, or more than its first label.
    #[error("is more than one label")]
    NotOneLabel,
    /// It is the label with the six characters of the name there is.
    #[error("already holds the six characters")]
    WithSuffix,
}

impl LabelFault {
    /// The fault of a label; `existing` is the managed name there is, if any.
    pub fn of(label: &str, existing: Option<&str>) -> Option<Self> {
        if let Some(first) = existing.and_then(|name| name.split('.').next())
            && first.len() > SUFFIX_LENGTH
            && label
                .split('.')
                .next()
                .is_some_and(|given| given.eq_ignore_ascii_case(first))
        {
            return Some(Self::WithSuffix);
        }
        if label.contains('.') {
            return Some(Self::NotOneLabel);
        }
        if let Some(fault) = label_fault(label) {
            return Some(Self::Form(fault));
        }
        if label.as_bytes().first().is_some_and(u8::is_ascii_digit) {
            return Some(Self::Form("begins with a digit"));
        }
        (label.len() > MAX_LABEL - SUFFIX_LENGTH).then_some(Self::TooLong)
    }
}

impl ManagedName {
    /// Makes a name out of a label, its parent (`region.zone`), and random bytes.
    ///
    /// Six of the bytes are used; those past 251 are passed over, so that every character is as
    /// likely as any other (252 is 7 times 36). `None` when there are too few.
    ///
    /// # Errors
    ///
    /// [`LabelFault`] when the label cannot be used.
    pub fn generate(label: &str, parent: &str, random: &[u8]) -> Result<Option<Self>, LabelFault> {
        if let Some(fault) = LabelFault::of(label, None) {
            return Err(fault);
        }
        let fair = random.iter().filter(|byte| **byte < 252);
        let suffix: String = fair
            .take(SUFFIX_LENGTH)
            .map(|byte| char::from(ALPHABET[usize::from(byte % 36)]))
            .collect();
        Ok((suffix.len() == SUFFIX_LENGTH).then(|| Self {
            label: label.to_ascii_lowercase(),
            suffix,
            parent: parent.to_ascii_lowercase(),
        }))
    }

    /// Reads a name that was made before, of this label and parent. `None` when it is another's.
    pub fn parse(name: &str, label: &str, parent: &str) -> Option<Self> {
        let (first, rest) = name.split_once('.')?;
        let suffix = first.strip_prefix(&label.to_ascii_lowercase())?;
        let is_suffix =
            suffix.len() == SUFFIX_LENGTH && suffix.bytes().all(|byte| ALPHABET.contains(&byte));
        (is_suffix && rest.eq_ignore_ascii_case(parent)).then(|| Self {
            label: label.to_ascii_lowercase(),
            suffix: suffix.to_owned(),
            parent: rest.to_owned(),
        })
    }
}

impl fmt::Display for ManagedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}.{}", self.label, self.suffix, self.parent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_label_six_characters_and_parent_and_is_read_again() {
        let random = [0, 255, 1, 35, 36, 71, 251];
        let name = ManagedName::generate("Contoso", "westeurope.cloudapp.example", &random);
        let name = name.unwrap().unwrap();
        assert_eq!(
            name.to_string(),
            "contosoab9a99.westeurope.cloudapp.example"
        );
        let again = ManagedName::parse(&name.to_string(), "contoso", "westeurope.cloudapp.example");
        assert_eq!(again, Some(name));
    }

    #[test]
    fn too_few_fair_bytes_make_no_name() {
        assert_eq!(
            ManagedName::generate("a", "b.example", &[255; 64]),
            Ok(None)
        );
    }

    #[test]
    fn labels_that_make_no_name_are_refused_each_with_its_reason() {
        assert_eq!(LabelFault::of("contoso", None), None);
        assert_eq!(LabelFault::of(&"a".repeat(57), None), None);
        assert_eq!(
            LabelFault::of(&"a".repeat(58), None),
            Some(LabelFault::TooLong)
        );
        assert_eq!(LabelFault::of("a.b", None), Some(LabelFault::NotOneLabel));
        let existing = Some("contoso12ab34.west.cloudapp.example");
        assert_eq!(
            LabelFault::of("contoso12ab34", existing),
            Some(LabelFault::WithSuffix)
        );
        assert_eq!(LabelFault::of("contoso", existing), None);
        assert!(matches!(
            LabelFault::of("", None),
            Some(LabelFault::Form(_))
        ));
        assert!(matches!(
            LabelFault::of("-a", None),
            Some(LabelFault::Form(_))
        ));
        assert!(matches!(
            LabelFault::of("9a", None),
            Some(LabelFault::Form(_))
        ));
    }
}
