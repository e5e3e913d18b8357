use std::fmt::{self, Display, Write as _};

use serde::de::{Error, Expected, Unexpected};

/// Why an argument is not of the documented form: where in it, and what. It shows no text or bytes that were given but
/// the names of fields and choices: the rest may be a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Misfit {
    /// `[0].bytes`; empty for the argument itself.
    place: String,
    what: String,
}

/// Most characters of a name that is told; the longest that is known has 17.
const SHOWN: usize = 40;

impl Misfit {
    /// The same, seen from the object whose member it is in.
    pub(crate) fn of_member(self, name: &str) -> Self {
        self.within(&format!(".{}", cut(name)))
    }

    /// The same, seen from the list whose item it is in.
    pub(crate) fn of_item(self, index: u32) -> Self {
        self.within(&format!("[{index}]"))
    }

    fn within(mut self, step: &str) -> Self {
        self.place.insert_str(0, step);
        self
    }

    /// In words, for the argument of this name.
    pub(crate) fn told(&self, argument: &str) -> String {
        format!("{argument}{}: {}", self.place, self.what)
    }

    /// A name that is none, with the one that was probably meant, or else all.
    fn unknown(given: &str, known: &[&str]) -> Self {
        let ranked = known
            .iter()
            .map(|name| (keyway_report::spelling::distance(given, name), *name));
        // A third of its letters may be wrong, and one always.
        let near = ranked
            .min()
            .filter(|(far, name)| *far <= (name.len() / 3).max(1));
        let mut what = format!("`{}` is not known; ", cut(given));
        let _ = match near {
            Some((_, name)) => write!(what, "did you mean `{name}`?"),
            None => write!(what, "known are {}", known.join(", ")),
        };
        Self::custom(what)
    }
}

fn cut(name: &str) -> String {
    name.chars().take(SHOWN).collect()
}

impl Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

impl std::error::Error for Misfit {}

impl Error for Misfit {
    fn custom<T: Display>(what: T) -> Self {
        Self {
            place: String::new(),
            what: what.to_string(),
        }
    }

    fn invalid_type(found: Unexpected<'_>, wanted: &dyn Expected) -> Self {
        let found = match found {
            Unexpected::Bool(_) => "true or false",
            Unexpected::Unsigned(_) | Unexpected::Signed(_) | Unexpected::Float(_) => "a number",
            Unexpected::Char(_) | Unexpected::Str(_) => "a text",
            Unexpected::Bytes(_) => "bytes",
            Unexpected::Unit | Unexpected::Option => "nothing",
            Unexpected::Seq => "a list",
            Unexpected::Map => "an object",
            _ => "something that is no plain value",
        };
        Self::custom(format_args!("{found}, where {wanted} is wanted"))
    }

    fn invalid_value(found: Unexpected<'_>, wanted: &dyn Expected) -> Self {
        match found {
            Unexpected::Signed(number) => {
                Self::custom(format_args!("{number}, where {wanted} is wanted"))
            }
            other => Self::invalid_type(other, wanted),
        }
    }

    fn unknown_field(given: &str, known: &'static [&'static str]) -> Self {
        Self::unknown(given, known)
    }

    fn unknown_variant(given: &str, known: &'static [&'static str]) -> Self {
        Self::unknown(given, known)
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize as _;
    use serde::de::IntoDeserializer as _;
    use serde::de::value::MapDeserializer;

    use super::*;
    use crate::options::{FixSettings, Options, Password};

    fn of<'de, T: serde::Deserialize<'de>>(name: &'static str, value: &'static str) -> String {
        let members = [(name, value)].into_iter();
        let read = T::deserialize(MapDeserializer::<_, Misfit>::new(members));
        read.err()
            .map(|misfit| misfit.told("options"))
            .unwrap_or_default()
    }

    #[test]
    fn a_name_that_is_not_known_is_told_with_the_one_that_was_meant() {
        let meant = of::<Options>("host", "www.example.com");
        assert_eq!(meant, "options: `host` is not known; did you mean `hosts`?");
        let far = of::<FixSettings>("colour", "red");
        assert_eq!(
            far,
            "options: `colour` is not known; known are form, keep_root, password, random"
        );
        assert!(of::<FixSettings>("form", "pk12").contains("did you mean `p12`?"));
    }

    #[test]
    fn what_was_given_is_not_shown_but_for_names() {
        let secret = "-----BEGIN PRIVATE KEY-----";
        let told = of::<FixSettings>("keep_root", secret);
        assert_eq!(told, "options: a text, where a boolean is wanted");
        let number = Password::deserialize(4_711_u32.into_deserializer())
            .map_err(|misfit: Misfit| misfit.of_item(2).of_member("passwords").told("options"));
        assert_eq!(
            number.err().unwrap_or_default(),
            "options.passwords[2]: a number, where a string is wanted"
        );
        let long = "x".repeat(10_000);
        assert!(Misfit::unknown(&long, &["form"]).what.len() < 100);
    }
}
