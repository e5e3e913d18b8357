//! Numbers in words.

use keyway_report::{DAY, Timestamp};

/// `1 file`, `2 files`.
pub(super) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// `in 12 days`, `12 days ago`; under a day in hours, under an hour in minutes.
pub(super) fn distance(to: Timestamp, now: Timestamp) -> String {
    let seconds = to.since(now);
    let whole = |unit: i64| {
        usize::try_from(seconds.unsigned_abs() / unit.unsigned_abs()).unwrap_or(usize::MAX)
    };
    let length = match seconds.unsigned_abs() {
        0..3_600 => counted(whole(60), "minute", "minutes"),
        3_600..86_400 => counted(whole(3_600), "hour", "hours"),
        _ => counted(whole(DAY), "day", "days"),
    };
    if seconds < 0 {
        format!("{length} ago")
    } else {
        format!("in {length}")
    }
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn joined(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [head @ .., last] => format!("{} and {last}", head.join(", ")),
    }
}

/// At most `most` of them, and how many more there are.
pub(super) fn some(parts: &[String], most: usize) -> String {
    if parts.len() <= most {
        return joined(parts);
    }
    format!(
        "{} and {} more",
        parts[..most].join(", "),
        parts.len() - most
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_told_in_their_own_unit() {
        let now = Timestamp::from_seconds(1_000_000);
        assert_eq!(distance(now.plus(90), now), "in 1 minute");
        assert_eq!(distance(now.plus(-7200), now), "2 hours ago");
        assert_eq!(distance(now.plus(3 * DAY), now), "in 3 days");
        assert_eq!(
            distance(Timestamp::from_seconds(i64::MIN), now),
            format!("{} days ago", i64::MAX / DAY)
        );
    }

    #[test]
    fn long_lists_are_cut_and_counted() {
        let names: Vec<String> = ["a", "b", "c", "d"].map(String::from).into();
        assert_eq!(some(&names, 4), "a, b, c and d");
        assert_eq!(some(&names, 2), "a, b and 2 more");
    }
}
