//! When a certificate is due, and when to try again what failed: a model without a clock.
//!
//! ```text
//! Validity + what the CA said (RFC 9773)  -> a planned moment, another one for each certificate
//! planned moment + failures so far + now  -> Next: due, or wait until then, and why
//! ```
//!
//! [`History`] is what has to be kept between two looks, as JSON; whoever keeps it says what happened, and when.
//! Every wait after a failure is a part of the time that is left, so that a CA that answers again before a certificate
//! ends is asked before it ends.

use keyway_chain::x509::Certificate;
use keyway_report::{DAY, Timestamp};
use serde::{Deserialize, Serialize};

use crate::acme::Window;
use crate::acme::window::{ASK_AGAIN, LONGEST, SHORTEST};

pub(crate) mod moment;

/// Lifetimes up to here count as short (Let's Encrypt, "Integration guide": renew at half of a lifetime under ten
/// days).
const SHORT: i64 = 10 * DAY;

/// The part of a lifetime over which certificates of the same age are spread: a day and a half of ninety.
const SPREAD: i64 = 60;

/// The part of a lifetime that is kept for failures, whatever a CA suggests: nine days of ninety.
const RESERVE: i64 = 10;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;

/// The wait after a first failure; it doubles with each further one. Let's Encrypt lets five validations fail an hour.
const FIRST_WAIT: i64 = 5 * MINUTE;

/// The longest wait that nobody asked for: two tries a day.
const LONGEST_WAIT: i64 = 12 * HOUR;

/// Most times that a wait doubles; by then it is at its longest.
const DOUBLINGS: u32 = 8;

/// The part of what is left until the end that a wait may take.
const PART: i64 = 8;

/// The same where a CA asks for it (RFC 8555, section 6.6): what it says may be wrong, or lifted.
const PART_ASKED: i64 = 2;

/// When a certificate with this validity is to be renewed where its CA suggests no window (RFC 9773, section 4.2): at
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

/// A number that stays the same for a certificate and differs between certificates: of its fingerprint.
pub fn spread(certificate: &Certificate) -> u32 {
    let [a, b, c, d, ..] = *certificate.sha256();
    u32::from_be_bytes([a, b, c, d])
}

/// From when until when a certificate is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// Its first moment.
    pub not_before: Timestamp,
    /// Its last moment.
    pub not_after: Timestamp,
}

impl Validity {
    /// That of a certificate.
    pub fn of(certificate: &Certificate) -> Self {
        Self {
            not_before: certificate.not_before,
            not_after: certificate.not_after,
        }
    }

    fn lifetime(self) -> i64 {
        self.not_after.since(self.not_before).max(0)
    }

    /// A part of the lifetime, at most 1/60: another one for each certificate.
    fn jitter(self, spread: u32) -> i64 {
        let most = i128::from(self.lifetime() / SPREAD);
        i64::try_from((most * i128::from(spread)) >> 32).unwrap_or(0)
    }
}

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Renew now.
    Due {
        /// Why it is due.
        why: Why,
    },
    /// Nothing, for now.
    Wait {
        /// Until when: later than the moment that was asked about.
        until: Timestamp,
        /// Why then.
        why: Why,
    },
}

/// Why a certificate is renewed at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The CA suggests it (RFC 9773).
    Suggested,
    /// It has been used for as much of its lifetime as it is to be.
    Used,
    /// It has ended.
    Ended,
    /// It failed, and is tried again.
    Again,
    /// It failed, and the CA said when it may be asked again.
    Asked,
    /// So many of the CA's looks came to nothing that it may allow no more for now ([`crate::acme::Looks`]).
    Spent,
}

/// What is known of renewing one certificate. It begins anew with each certificate.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct History {
    /// What the CA says, where it has been asked.
    pub suggested: Option<Suggested>,
    /// What failed since the certificate came.
    pub failures: Option<Failures>,
    /// When the certificate came, where that is known.
    #[serde(
        deserialize_with = "moment::read_any",
        skip_serializing_if = "Option::is_none"
    )]
    pub came: Option<Timestamp>,
    /// Whether it took the place of one that was [new](Self::is_new), which its CA wanted to be renewed. A CA that suggests
    /// to renew each of them at once is heeded for the first; the next one is new for a while.
    #[serde(skip_serializing_if = "is_not")]
    pub is_hurried: bool,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_not(word: &bool) -> bool {
    !word
}

/// What a CA said when it was asked when to renew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggested {
    /// When it was asked last.
    #[serde(deserialize_with = "moment::read")]
    pub asked: Timestamp,
    /// Its last word.
    #[serde(default)]
    pub window: Option<Window>,
}

/// Attempts that failed, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failures {
    /// How many.
    pub count: u32,
    /// When the last one did.
    #[serde(deserialize_with = "moment::read")]
    pub last: Timestamp,
    /// After how many seconds the CA may be asked again, as it said then.
    #[serde(default)]
    pub retry_after: Option<u64>,
}

impl History {
    /// When to renew, by a number that is the certificate's own ([`spread`]).
    ///
    /// It is planned for a moment in the CA's window (RFC 9773, section 4.2), at the latest when a tenth of the lifetime
    /// is left, and of one that came in a hurry not before a tenth is over; without a window for [`due`] and up to a sixtieth of the lifetime more. After a failure it waits for
    /// five minutes, and twice as long each time, up to twelve hours and to an eighth of what is left; for as long as
    /// the CA asks, up to half of what is left. When the certificate has ended it is tried every hour, or as the CA
    /// asks, up to a day.
    pub fn next(&self, validity: Validity, spread: u32, now: Timestamp) -> Next {
        let (planned, why) = if now >= validity.not_after {
            (validity.not_after, Why::Ended)
        } else {
            self.planned(validity, spread)
        };
        let (again, asked) = match self.failed_by(now) {
            Some(failures) => failures.until(validity.not_after),
            None => (planned, why),
        };
        let (until, since) = if again > planned {
            (again, asked)
        } else {
            (planned, why)
        };
        if until > now {
            Next::Wait { until, why: since }
        } else {
            Next::Due { why }
        }
    }

    /// What failed until now: what did so in the future did by a clock that was wrong.
    pub fn failed_by(&self, now: Timestamp) -> Option<Failures> {
        self.failures.filter(|failures| failures.last <= now)
    }

    /// Whether the certificate is hardly used: less than a tenth of what was left of it when it came.
    pub fn is_new(&self, validity: Validity, now: Timestamp) -> bool {
        now < self.is_new_until(validity)
    }

    fn is_new_until(&self, validity: Validity) -> Timestamp {
        let came = self.came.unwrap_or(validity.not_before);
        came.plus(validity.not_after.since(came).max(0) / RESERVE)
    }

    /// What is known of a certificate that comes now, in the place of one with this validity. It came in a hurry where that
    /// one's CA wanted it to be renewed by now: who renews a new one of their own will has heeded no CA with it.
    #[must_use]
    pub fn followed(&self, validity: Option<Validity>, now: Timestamp) -> Self {
        Self {
            came: Some(now),
            is_hurried: self.is_wanted_by(now)
                && validity.is_some_and(|validity| self.is_new(validity, now)),
            ..Self::default()
        }
    }

    /// Whether the CA's window has begun.
    fn is_wanted_by(&self, now: Timestamp) -> bool {
        let window = self.suggested.as_ref().and_then(|it| it.window.as_ref());
        window.is_some_and(|window| window.start <= now)
    }

    fn planned(&self, validity: Validity, spread: u32) -> (Timestamp, Why) {
        let jitter = validity.jitter(spread);
        let window = self.suggested.as_ref().and_then(|it| it.window.as_ref());
        if let Some(moment) = window.and_then(|window| window.moment(spread)) {
            let reserve = validity.lifetime() / RESERVE;
            let latest = validity.not_after.plus(-reserve).plus(-jitter);
            let earliest = self.is_hurried.then(|| self.is_new_until(validity));
            let moment = earliest.map_or(moment, |earliest| moment.max(earliest));
            (moment.min(latest), Why::Suggested)
        } else {
            let due = due(validity.not_before, validity.not_after).plus(jitter);
            // Whatever comes when it is due already is kept for a while.
            let due = due.max(self.is_new_until(validity));
            (due.min(validity.not_after), Why::Used)
        }
    }

    /// When the CA is to be asked for its window (RFC 9773, section 4.3): at once where it has not been, else after as
    /// long as it said. `None` when the certificate has ended, as nobody may ask then.
    pub fn ask(&self, validity: Validity, now: Timestamp) -> Option<Timestamp> {
        if now >= validity.not_after {
            return None;
        }
        let suggested = self.suggested.as_ref().filter(|it| it.asked <= now);
        let again = suggested.map(|it| {
            let window = it.window.as_ref();
            let seconds = window.map_or(ASK_AGAIN, |window| window.ask_again);
            let seconds = seconds.clamp(SHORTEST, LONGEST);
            it.asked.plus(i64::try_from(seconds).unwrap_or(DAY))
        });
        Some(again.unwrap_or(now).max(now))
    }

    /// The CA was asked for its window, and said this: `None` where it has none, or gave no answer. Its last word is
    /// held to then, and so it is where a window ends before it starts (RFC 9773, section 4.2); it is asked again after
    /// six hours (section 4.3.3).
    pub fn told(&mut self, window: Option<Window>, now: Timestamp) {
        let before = self.suggested.take().and_then(|it| it.window);
        let said = window.filter(|window| window.end > window.start);
        let held = before.map(|window| Window {
            ask_again: ASK_AGAIN,
            ..window
        });
        self.suggested = Some(Suggested {
            asked: now,
            window: said.or(held),
        });
    }

    /// An attempt failed; the CA may have said when it may be asked again ([`crate::acme::AcmeError::retry_after`]).
    pub fn failed(&mut self, retry_after: Option<u64>, now: Timestamp) {
        let before = self.failures.map_or(0, |failures| failures.count);
        self.failures = Some(Failures {
            count: before.saturating_add(1),
            last: now,
            retry_after,
        });
    }
}

impl Failures {
    /// Until when nothing is tried again, and why so long.
    fn until(&self, not_after: Timestamp) -> (Timestamp, Why) {
        let left = not_after.since(self.last);
        let part = |part: i64, ended: i64| {
            if left > 0 {
                (left / part).max(MINUTE)
            } else {
                ended
            }
        };
        let doublings = self.count.saturating_sub(1).min(DOUBLINGS);
        let own = (FIRST_WAIT << doublings).min(LONGEST_WAIT);
        let own = own.min(part(PART, HOUR));
        let asked = self.retry_after.unwrap_or(0);
        let asked = i64::try_from(asked).unwrap_or(i64::MAX);
        let asked = asked.min(part(PART_ASKED, DAY));
        if asked > own {
            (self.last.plus(asked), Why::Asked)
        } else {
            (self.last.plus(own), Why::Again)
        }
    }
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
