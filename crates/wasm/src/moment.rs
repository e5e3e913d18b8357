use std::fmt;

use keyway_report::{Timestamp, TimestampError};
use serde::de::{Deserialize, Deserializer, Visitor};

/// The moment to judge at, as JavaScript writes it.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(untagged))]
pub enum Moment {
    /// Milliseconds since 1970, as `Date.now()` gives them.
    Milliseconds(f64),
    /// `2026-11-23`, or an RFC 3339 moment as `toISOString()` gives it.
    Text(String),
}

/// The last second of the calendar's year 9999: later moments are no dates.
const LAST: i64 = 253_402_300_799;

impl Moment {
    /// Whole seconds; a part of a second is cut off.
    ///
    /// # Errors
    /// [`TimestampError`] when it is no moment between the years -9999 and 9999.
    pub fn read(&self) -> Result<Timestamp, TimestampError> {
        match self {
            Self::Text(text) => Timestamp::parse(text),
            Self::Milliseconds(number) => {
                let seconds = (number / 1000.0).floor();
                #[allow(clippy::cast_precision_loss)]
                let limit = LAST as f64;
                if !(-limit..=limit).contains(&seconds) {
                    return Err(TimestampError);
                }
                #[allow(clippy::cast_possible_truncation)]
                Ok(Timestamp::from_seconds(seconds as i64))
            }
        }
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl Visitor<'_> for Reader {
    type Value = Moment;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("milliseconds since 1970 or a text such as 2026-11-23")
    }

    fn visit_f64<E>(self, number: f64) -> Result<Moment, E> {
        Ok(Moment::Milliseconds(number))
    }

    #[allow(clippy::cast_precision_loss)]
    fn visit_i64<E>(self, number: i64) -> Result<Moment, E> {
        Ok(Moment::Milliseconds(number as f64))
    }

    #[allow(clippy::cast_precision_loss)]
    fn visit_u64<E>(self, number: u64) -> Result<Moment, E> {
        Ok(Moment::Milliseconds(number as f64))
    }

    fn visit_str<E>(self, text: &str) -> Result<Moment, E> {
        Ok(Moment::Text(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn milliseconds_and_texts_name_the_same_moment() {
        let text = Moment::Text("2026-11-23T00:00:00.250Z".to_owned());
        let number = Moment::Milliseconds(1_795_392_000_250.0);
        assert_eq!(text.read(), number.read());
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for number in [f64::NAN, f64::INFINITY, -1e300, 1e18] {
            assert_eq!(Moment::Milliseconds(number).read(), Err(TimestampError));
        }
    }
}
