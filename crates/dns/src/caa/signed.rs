//! What DNSSEC says of the answers on the way (RFC 4035, section 4.3).

use super::{Climbed, Failed, Found};

/// What signatures are worth, seen through a resolver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dnssec {
    /// Every answer is signed, down from an anchor.
    Validated,
    /// Some answer is not signed, and nothing says that it had to be.
    Unsigned,
    /// Some answer is signed, and no DS record above its zone says by which key.
    Unchained,
    /// Some answer does not hold against its signatures.
    Bogus,
    /// The resolver does not look at signatures, or nobody knows whether it does.
    Unknown,
}

impl Dnssec {
    /// Of all answers on the way together. `validates` is whether the resolver looks at signatures, where that
    /// is known from elsewhere: an answer that it calls authentic shows it, too.
    pub fn of(climbed: &Climbed, validates: Option<bool>) -> Self {
        let lookups = || climbed.visits.iter().map(|visit| &visit.lookup);
        if lookups().any(|lookup| lookup.found == Found::Failed(Failed::Bogus)) {
            return Self::Bogus;
        }
        let is_failure = lookups().any(|lookup| matches!(lookup.found, Found::Failed(_)));
        if is_failure || climbed.visits.is_empty() {
            return Self::Unknown;
        }
        if lookups().all(|lookup| lookup.is_authentic) {
            return Self::Validated;
        }
        let shows = lookups().any(|lookup| lookup.is_authentic);
        if !shows && validates != Some(true) {
            return Self::Unknown;
        }
        if lookups().any(|lookup| lookup.is_signed && !lookup.is_authentic) {
            return Self::Unchained;
        }
        Self::Unsigned
    }

    /// The word used in every output format.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Validated => "validated",
            Self::Unsigned => "unsigned",
            Self::Unchained => "unchained",
            Self::Bogus => "bogus",
            Self::Unknown => "unknown",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::caa::{Climb, Lookup};
    use crate::name::Name;

    fn of(answers: &[(bool, bool)], validates: Option<bool>) -> Dnssec {
        let mut answers = answers.iter();
        let name = Name::read("www.example.com").expect("a name");
        let climbed = Climb::with(&name, |_| {
            let answer = answers.next().map(|&(is_authentic, is_signed)| Lookup {
                found: Found::Nothing,
                is_authentic,
                is_signed,
            });
            answer.unwrap_or_else(|| Found::Failed(Failed::Bogus).into())
        });
        Dnssec::of(&climbed, validates)
    }

    #[test]
    fn all_answers_have_to_hold() {
        let (held, plain) = ((true, true), (false, false));
        assert_eq!(of(&[held; 3], None), Dnssec::Validated);
        assert_eq!(of(&[plain, held, held], None), Dnssec::Unsigned);
        assert_eq!(of(&[(false, true), held, held], None), Dnssec::Unchained);
        assert_eq!(of(&[held, held], None), Dnssec::Bogus);
    }

    #[test]
    fn a_resolver_that_does_not_look_says_nothing() {
        assert_eq!(of(&[(false, true); 3], None), Dnssec::Unknown);
        assert_eq!(of(&[(false, false); 3], Some(false)), Dnssec::Unknown);
        assert_eq!(of(&[(false, false); 3], Some(true)), Dnssec::Unsigned);
    }
}
