//! Times as zone files write them.

use keyway_report::Timestamp;

/// Seconds in each unit that BIND and NSD read behind a number.
const UNITS: [(u8, u64); 5] = [
    (b'w', 604_800),
    (b'd', 86_400),
    (b'h', 3_600),
    (b'm', 60),
    (b's', 1),
];

/// The longest TTL, seconds (RFC 2181, section 8).
pub(crate) const MAX: u32 = i32::MAX.cast_unsigned();

/// Seconds, or numbers with units (`1h30m`); none above 32 bits.
pub(crate) fn read(text: &[u8]) -> Option<u32> {
    let (mut total, mut number, mut has_digit) = (0_u64, 0_u64, false);
    for byte in text {
        if byte.is_ascii_digit() {
            number = number
                .checked_mul(10)?
                .checked_add(u64::from(byte - b'0'))?;
            has_digit = true;
            if number > u64::from(u32::MAX) {
                return None;
            }
            continue;
        }
        let lower = byte.to_ascii_lowercase();
        let (_, seconds) = UNITS.iter().find(|(unit, _)| *unit == lower)?;
        if !has_digit {
            return None;
        }
        total = total.checked_add(number.checked_mul(*seconds)?)?;
        (number, has_digit) = (0, false);
    }
    let is_empty = text.is_empty();
    total = total.checked_add(number)?;
    (!is_empty).then(|| u32::try_from(total).ok()).flatten()
}

/// `YYYYMMDDHHmmSS` in UTC, as seconds since 1970 modulo 2³² (RFC 4034, section 3.2).
pub(crate) fn moment(text: &[u8]) -> Option<u32> {
    if text.len() != 14 || !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let text = std::str::from_utf8(text).ok()?;
    let rfc3339 = format!(
        "{}-{}-{}T{}:{}:{}Z",
        &text[..4],
        &text[4..6],
        &text[6..8],
        &text[8..10],
        &text[10..12],
        &text[12..]
    );
    let moment = Timestamp::parse(&rfc3339).ok()?;
    u32::try_from(moment.seconds().rem_euclid(1 << 32)).ok()
}

/// A moment as zone files write it, taken as one between 1970 and 2106.
pub(crate) fn show_moment(seconds: u32) -> String {
    let text = Timestamp::from_seconds(i64::from(seconds)).to_string();
    text.chars().filter(char::is_ascii_digit).take(14).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_add_up_and_numbers_alone_are_seconds() {
        assert_eq!(read(b"3600"), Some(3600));
        assert_eq!(read(b"1h30M"), Some(5400));
        assert_eq!(read(b"1w2d3h4m5s"), Some(604_800 + 172_800 + 10_800 + 245));
        assert_eq!(read(b""), None);
        assert_eq!(read(b"h"), None);
        assert_eq!(read(b"1x"), None);
        assert_eq!(read(b"4294967295"), Some(u32::MAX));
        assert_eq!(read(b"4294967296"), None);
    }

    #[test]
    fn moments_are_written_as_they_are_read() {
        let seconds = moment(b"20261125032500").expect("a moment");
        assert_eq!(show_moment(seconds), "20261125032500");
        assert_eq!(moment(b"20261332032500"), None);
    }
}
