//! What is kept of renewing a certificate, as it may lie on a disk.

use keyway_issue::renewal::{History, Next, Validity};
use keyway_report::Timestamp;

/// On the first line when a certificate begins and ends, its own number, and what moment it is; JSON behind it. What is
/// read is written and read as the same; a wait ends later than now and then it is over; nobody asks a CA about a
/// certificate that has ended; and what fails now waits for a minute at the least, and for no more than a day where the
/// certificate has ended.
pub fn history(data: &[u8]) {
    let line_end = data.iter().position(|byte| *byte == b'\n');
    let (line, json) = line_end.map_or((data, &[][..]), |at| (&data[..at], &data[at + 1..]));
    let line = String::from_utf8_lossy(line);
    let mut numbers = line
        .split(' ')
        .map(|number| number.parse().unwrap_or(0_i64));
    let mut number = || numbers.next().unwrap_or(0);
    let validity = Validity {
        not_before: Timestamp::from_seconds(number()),
        not_after: Timestamp::from_seconds(number()),
    };
    let spread = u32::try_from(number() & i64::from(u32::MAX)).expect("32 bits");
    let now = Timestamp::from_seconds(number());
    let Ok(mut history) = serde_json::from_slice::<History>(json) else {
        return;
    };
    let text = serde_json::to_string(&history).expect("JSON");
    let again: History = serde_json::from_str(&text).expect("what was written is read");
    assert_eq!(again, history);
    if let Next::Wait { until, .. } = history.next(validity, spread, now) {
        assert!(until > now);
        let to_come = history.failures.is_some_and(|it| it.last > now);
        let is_over = matches!(history.next(validity, spread, until), Next::Due { .. });
        assert!(is_over || to_come, "{history:?}");
    }
    let asked = history.ask(validity, now);
    assert_eq!(asked.is_some(), now < validity.not_after);
    assert!(asked.is_none_or(|asked| asked >= now));
    let retry_after = history.failures.and_then(|it| it.retry_after);
    history.failed(retry_after, now);
    // At the end of time, nothing is later.
    let minute = now.plus(60);
    match history.next(validity, spread, now) {
        Next::Wait { until, .. } => {
            assert!(until >= minute);
            assert!(now < validity.not_after || until <= now.plus(keyway_report::DAY));
        }
        Next::Due { .. } => assert_eq!(now, minute),
    }
}
