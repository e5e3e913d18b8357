use std::fmt;

use serde::{Serialize, Serializer};
use time::format_description::well_known::{Iso8601, Rfc3339};
use time::{Date, OffsetDateTime};

/// One day, in seconds (BR 1.6.1: "a day is 86,400 seconds").
pub const DAY: i64 = 86_400;

/// A moment: whole seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// A text that is not a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimestampError;

impl fmt::Display for TimestampError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "not a date: write 2026-11-23, 2026-11-23T12:00:00Z, or @ and seconds since 1970",
        )
    }
}

impl std::error::Error for TimestampError {}

impl Timestamp {
    /// From seconds since 1970.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Seconds since 1970.
    pub const fn seconds(self) -> i64 {
        self.0
    }

    /// The same moment `seconds` later; stops at the ends of the range.
    #[must_use]
    pub const fn plus(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// Seconds from `earlier` to this moment; negative when this one is earlier.
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Reads `2026-11-23` (midnight UTC), an RFC 3339 moment, or `@` and seconds since 1970.
    ///
    /// # Errors
    /// [`TimestampError`] when the text is none of these.
    pub fn parse(text: &str) -> Result<Self, TimestampError> {
        let text = text.trim();
        if let Some(seconds) = text.strip_prefix('@') {
            return seconds.parse().map(Self).map_err(|_| TimestampError);
        }
        if let Ok(moment) = OffsetDateTime::parse(text, &Rfc3339) {
            return Ok(Self(moment.unix_timestamp()));
        }
        // The format of dates would pass over a time behind the date.
        let is_date = text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'-');
        let date = Date::parse(text, &Iso8601::DATE).ok().filter(|_| is_date);
        date.map(|date| Self(date.midnight().assume_utc().unix_timestamp()))
            .ok_or(TimestampError)
    }

    /// The civil date and time in UTC; `None` outside years -9999 to 9999.
    fn civil(self) -> Option<OffsetDateTime> {
        OffsetDateTime::from_unix_timestamp(self.0).ok()
    }

    /// The date alone, `2026-11-23`.
    pub fn date(self) -> String {
        self.civil()
            .map_or_else(|| self.to_string(), |at| at.date().to_string())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.civil().and_then(|at| at.format(&Rfc3339).ok()) {
            Some(text) => f.write_str(&text),
            None => write!(f, "@{}", self.0),
        }
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Timestamp {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Timestamp".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "description": "A moment in UTC, RFC 3339, for example 2026-11-23T12:00:00Z."
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_midnight_utc() {
        let at = Timestamp::parse("2026-11-23").unwrap();
        assert_eq!(at.to_string(), "2026-11-23T00:00:00Z");
        assert_eq!(at.date(), "2026-11-23");
    }

    #[test]
    fn an_offset_is_converted_and_seconds_are_taken_as_they_are() {
        assert_eq!(
            Timestamp::parse("2024-01-01T01:00:00+01:00"),
            Timestamp::parse("2024-01-01")
        );
        assert_eq!(Timestamp::parse("@86400").unwrap().date(), "1970-01-02");
    }

    #[test]
    fn nonsense_is_refused_with_the_accepted_forms() {
        // A time without its zone says no moment, and must not be passed over.
        for text in [
            "2026-11-26T12:00:00",
            "2026-11-26T12:00Z",
            "2026-11-26T23:59:60Z",
        ] {
            assert!(Timestamp::parse(text).is_err(), "{text}");
        }
        let error = Timestamp::parse("tomorrow").unwrap_err();
        assert!(error.to_string().contains("2026-11-23"));
    }

    #[test]
    fn a_moment_outside_the_calendar_is_shown_as_seconds() {
        assert_eq!(
            Timestamp::from_seconds(i64::MAX).to_string(),
            format!("@{}", i64::MAX)
        );
    }
}
