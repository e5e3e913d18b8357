//! Seconds since 1970 as X.509 writes moments.

use crate::DAY;
use crate::der::{self, GENERALIZED_TIME, UTC_TIME};

/// `UTCTime` through 2049, `GeneralizedTime` from 2050 (RFC 5280 4.1.2.5).
pub(crate) fn time(seconds: i64) -> Vec<u8> {
    let (year, ..) = civil(seconds);
    if (1950..2050).contains(&year) {
        utc_time(seconds)
    } else {
        generalized_time(seconds)
    }
}

/// `YYMMDDhhmmssZ`.
pub(crate) fn utc_time(seconds: i64) -> Vec<u8> {
    let text = digits(seconds);
    der::tlv(UTC_TIME, &text.as_bytes()[2..])
}

/// `YYYYMMDDhhmmssZ`.
pub(crate) fn generalized_time(seconds: i64) -> Vec<u8> {
    der::tlv(GENERALIZED_TIME, digits(seconds).as_bytes())
}

fn digits(seconds: i64) -> String {
    let (year, month, day) = civil(seconds);
    let clock = seconds.rem_euclid(DAY);
    let (hour, minute, second) = (clock / 3600, clock / 60 % 60, clock % 60);
    format!("{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}Z")
}

/// Year, month and day of the proleptic Gregorian calendar. Years are counted from March, so that
/// the day that is sometimes missing is the last one.
fn civil(seconds: i64) -> (i64, i64, i64) {
    let days = seconds.div_euclid(DAY) + 719_468; // from 0000-03-01 to 1970-01-01
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 {
        from_march + 3
    } else {
        from_march - 9
    };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::{digits, time};
    use crate::NOW;

    #[test]
    fn now_is_the_documented_moment() {
        assert_eq!(digits(NOW), "20261123000000Z");
    }

    #[test]
    fn leap_days_and_the_last_second_of_a_year_are_written() {
        assert_eq!(digits(1_709_164_800), "20240229000000Z");
        assert_eq!(digits(1_735_689_599), "20241231235959Z");
    }

    #[test]
    fn the_form_changes_in_2050() {
        assert_eq!(time(2_524_607_999)[0], 0x17);
        assert_eq!(time(2_524_608_000)[0], 0x18);
    }
}
