//! When a certificate is due.

use keyway_report::{DAY, Timestamp};

/// Lifetimes up to here count as short (Let's Encrypt, "Integration guide": renew at half of a lifetime under ten
/// days).
const SHORT: i64 = 10 * DAY;

/// When a certificate with this validity is to be renewed where its CA suggests no window (RFC 9773, section 4.3): at
/// two thirds of its lifetime, of one under ten days at half. A validity that ends before it begins is due when it
/// begins.
pub fn due(not_before: Timestamp, not_after: Timestamp) -> Timestamp {
    let lifetime = not_after.since(not_before).max(0);
    let used = if lifetime < SHORT {
        lifetime / 2
    } else {
        // No overflow for a lifetime of three times the age of the universe.
        lifetime - lifetime / 3
    };
    not_before.plus(used)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn after(days: i64) -> i64 {
        let begin = Timestamp::from_seconds(0);
        due(begin, Timestamp::from_seconds(days * DAY)).seconds()
    }

    #[test]
    fn the_last_third_is_for_renewing_of_short_lives_the_last_half() {
        assert_eq!(after(90), 60 * DAY);
        assert_eq!(after(45), 30 * DAY);
        assert_eq!(after(6), 3 * DAY);
        assert_eq!(after(-1), 0);
    }

    proptest! {
        #[test]
        fn it_is_due_while_it_is_valid(begin in -1_000_000_000_i64..10_000_000_000, lifetime in 1_i64..10_000_000_000) {
            let (begin, end) = (Timestamp::from_seconds(begin), Timestamp::from_seconds(begin + lifetime));
            let due = due(begin, end);
            prop_assert!(begin <= due && due < end);
        }
    }
}
