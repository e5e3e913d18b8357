//! Times as nginx writes them (nginx.org: "Configuration file measurement units").

/// Seconds of each unit; without one it is seconds. Months are of 30 days, years of 365.
const UNITS: &[(&str, u64)] = &[
    ("", 1),
    ("s", 1),
    ("m", 60),
    ("h", 60 * 60),
    ("d", 24 * 60 * 60),
    ("w", 7 * 24 * 60 * 60),
    ("M", 30 * 24 * 60 * 60),
    ("y", 365 * 24 * 60 * 60),
];

/// A time in whole seconds, of one or several parts: `1h 30m`.
pub(super) fn seconds(text: &str) -> Option<u32> {
    let mut sum: u64 = 0;
    let mut rest = text.trim();
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let end = rest.find(|letter: char| !letter.is_ascii_digit());
        let (number, behind) = rest.split_at(end.unwrap_or(rest.len()));
        let end = behind.find(|letter: char| !letter.is_ascii_alphabetic());
        let (unit, behind) = behind.split_at(end.unwrap_or(behind.len()));
        let number: u64 = number.parse().ok()?;
        let part = if unit == "ms" {
            number.is_multiple_of(1000).then_some(number / 1000)?
        } else {
            let (_, length) = UNITS.iter().find(|(known, _)| *known == unit)?;
            number.checked_mul(*length)?
        };
        sum = sum.checked_add(part)?;
        rest = behind.trim_start();
    }
    u32::try_from(sum).ok()
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn times_are_sums_of_parts() {
        for (text, read) in [
            ("90", Some(90)),
            ("60s", Some(60)),
            ("1m 30s", Some(90)),
            ("1h30m", Some(5400)),
            ("90000ms", Some(90)),
            ("1d", Some(86_400)),
            ("500ms", None),
            ("1x", None),
            ("s", None),
            ("", None),
            ("99999999999999999999y", None),
        ] {
            assert_eq!(seconds(text), read, "{text}");
        }
    }
}
