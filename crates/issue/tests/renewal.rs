//! Certificates live through years in a moment: when they are renewed, whatever a CA does and whatever the clock says.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

use keyway_issue::acme::Window;
use keyway_issue::renewal::{Failures, History, Next, Suggested, Validity, Why};
use keyway_report::{DAY, Timestamp};
use proptest::prelude::*;

/// 2026-11-23T12:00:00Z.
const NOW: i64 = 1_795_435_200;

const HOUR: i64 = 3_600;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(seconds)
}

/// Valid for so long from a moment on.
fn valid(from: i64, lifetime: i64) -> Validity {
    Validity {
        not_before: at(from),
        not_after: at(from + lifetime),
    }
}

fn window(start: i64, end: i64) -> Window {
    Window {
        start: at(start),
        end: at(end),
        explanation: None,
        ask_again: 21_600,
    }
}

fn until(next: Next) -> (i64, Why) {
    match next {
        Next::Wait { until, why } => (until.seconds(), why),
        due @ Next::Due { .. } => panic!("{due:?}"),
    }
}

fn failed(count: u32, last: i64, retry_after: Option<u64>) -> History {
    History {
        failures: Some(Failures {
            count,
            last: at(last),
            retry_after,
        }),
        ..History::default()
    }
}

#[test]
fn without_a_word_of_the_ca_a_part_of_the_lifetime_decides() {
    let history = History::default();
    let ninety = valid(NOW, 90 * DAY);
    assert_eq!(
        until(history.next(ninety, 0, at(NOW))),
        (NOW + 60 * DAY, Why::Used)
    );
    let due = Next::Due { why: Why::Used };
    assert_eq!(history.next(ninety, 0, at(NOW + 60 * DAY)), due);
    // Somebody else is due up to a day and a half later.
    let last = until(history.next(ninety, u32::MAX, at(NOW))).0;
    assert!((61 * DAY..=61 * DAY + 12 * HOUR).contains(&(last - NOW)));
    let six = valid(NOW, 6 * DAY);
    assert_eq!(
        until(history.next(six, 0, at(NOW))),
        (NOW + 3 * DAY, Why::Used)
    );
}

#[test]
fn a_window_decides_wherever_it_is() {
    let mut history = History::default();
    let ninety = valid(NOW, 90 * DAY);
    history.told(Some(window(NOW + 10 * DAY, NOW + 12 * DAY)), at(NOW));
    let half = 1 << 31;
    let planned = history.next(ninety, half, at(NOW));
    assert_eq!(until(planned), (NOW + 11 * DAY, Why::Suggested));
    // It is moved forward, for all certificates are to be revoked: now.
    history.told(Some(window(NOW - DAY, NOW - HOUR)), at(NOW + DAY));
    let due = Next::Due {
        why: Why::Suggested,
    };
    assert_eq!(history.next(ninety, half, at(NOW + DAY)), due);
    // No CA can have it end.
    history.told(
        Some(window(NOW + 100 * DAY, NOW + 101 * DAY)),
        at(NOW + DAY),
    );
    let (planned, why) = until(history.next(ninety, 0, at(NOW + DAY)));
    assert_eq!((planned, why), (NOW + 81 * DAY, Why::Suggested));
}

#[test]
fn a_ca_that_wants_each_certificate_renewed_at_once_is_heeded_once_a_tenth_of_their_lives() {
    let ninety = valid(NOW, 90 * DAY);
    let mut history = History::default().followed(None, at(NOW));
    let past = || Some(window(NOW - DAY, NOW - HOUR));
    let why = Why::Suggested;
    history.told(past(), at(NOW + 60));
    assert_eq!(history.next(ninety, 0, at(NOW + 60)), Next::Due { why });
    // The next one came at once.
    let mut history = history.followed(Some(ninety), at(NOW + 60));
    history.told(past(), at(NOW + 60));
    let (until, why) = until(history.next(ninety, 0, at(NOW + 60)));
    assert_eq!(
        (until, why),
        (NOW + 60 + (90 * DAY - 60) / 10, Why::Suggested)
    );
    // The one after that took the place of one that was used for a while.
    let then = at(until);
    let mut history = history.followed(Some(ninety), then);
    let later = valid(until, 90 * DAY);
    history.told(past(), then);
    assert_eq!(history.next(later, 0, then), Next::Due { why });
}

#[test]
fn a_ca_that_wants_one_renewed_that_took_the_place_of_a_new_one_is_heeded_at_once() {
    let ninety = valid(NOW, 90 * DAY);
    // Whoever renewed the one before did so of their own will: its CA wanted it to be used for months.
    let mut history = History::default().followed(None, at(NOW));
    history.told(Some(window(NOW + 60 * DAY, NOW + 62 * DAY)), at(NOW));
    let mut history = history.followed(Some(ninety), at(NOW + 15));
    history.told(Some(window(NOW - DAY, NOW - HOUR)), at(NOW + 60));
    let why = Why::Suggested;
    assert_eq!(history.next(ninety, 0, at(NOW + 60)), Next::Due { why });
}

#[test]
fn what_is_due_when_it_comes_is_kept_for_a_tenth_of_what_is_left() {
    let ninety = valid(NOW - 70 * DAY, 90 * DAY);
    let history = History::default().followed(None, at(NOW));
    let planned = until(history.next(ninety, 0, at(NOW)));
    assert_eq!(planned, (NOW + 2 * DAY, Why::Used));
    let read: History = serde_json::from_str(&serde_json::to_string(&history).unwrap()).unwrap();
    assert_eq!(read, history);
}

#[test]
fn a_ca_is_asked_again_when_it_said_and_held_to_its_last_word() {
    let mut history = History::default();
    let ninety = valid(NOW, 90 * DAY);
    let ask = |history: &History, now: i64| history.ask(ninety, at(now)).map(Timestamp::seconds);
    assert_eq!(ask(&history, NOW), Some(NOW));
    let first = window(NOW + 10 * DAY, NOW + 12 * DAY);
    let soon = Window {
        ask_again: 0,
        ..first.clone()
    };
    history.told(Some(soon), at(NOW));
    assert_eq!(ask(&history, NOW), Some(NOW + 60));
    // No answer, and one that is none.
    for none in [None, Some(window(NOW + 5, NOW))] {
        history.told(none, at(NOW + 60));
        assert_eq!(ask(&history, NOW + 60), Some(NOW + 60 + 6 * HOUR));
        let (planned, why) = until(history.next(ninety, 0, at(NOW + 60)));
        assert_eq!((planned, why), (NOW + 10 * DAY, Why::Suggested));
    }
    let never = Window {
        ask_again: u64::MAX,
        ..first
    };
    history.told(Some(never), at(NOW));
    assert_eq!(ask(&history, NOW), Some(NOW + DAY));
    // By a clock that was wrong it was asked in years to come.
    assert_eq!(ask(&history, NOW - 1_000 * DAY), Some(NOW - 1_000 * DAY));
    assert_eq!(ask(&history, NOW + 90 * DAY), None);
}

#[test]
fn what_failed_waits_longer_each_time() {
    let ninety = valid(NOW - 70 * DAY, 90 * DAY);
    let waits = (1..=10).map(|count| {
        let (until, why) = until(failed(count, NOW, None).next(ninety, 0, at(NOW)));
        assert_eq!(why, Why::Again);
        (until - NOW) / 60
    });
    let waits: Vec<i64> = waits.collect();
    assert_eq!(waits, [5, 10, 20, 40, 80, 160, 320, 640, 720, 720]);
}

#[test]
fn what_the_ca_asks_for_is_waited_for_up_to_half_of_what_is_left() {
    let ninety = valid(NOW - 70 * DAY, 90 * DAY);
    let asked = |seconds| until(failed(1, NOW, Some(seconds)).next(ninety, 0, at(NOW)));
    assert_eq!(asked(7_200), (NOW + 7_200, Why::Asked));
    // Less than would be waited for by itself.
    assert_eq!(asked(1), (NOW + 300, Why::Again));
    assert_eq!(asked(u64::MAX), (NOW + 10 * DAY, Why::Asked));
}

#[test]
fn what_has_ended_is_tried_every_hour() {
    let ended = valid(NOW - 90 * DAY, 90 * DAY);
    let due = Next::Due { why: Why::Ended };
    assert_eq!(History::default().next(ended, 0, at(NOW)), due);
    let again = |history: &History| until(history.next(ended, 0, at(NOW)));
    assert_eq!(again(&failed(9, NOW, None)), (NOW + HOUR, Why::Again));
    let week = Some(7 * 86_400);
    assert_eq!(again(&failed(9, NOW, week)), (NOW + DAY, Why::Asked));
}

#[test]
fn what_failed_before_it_was_due_is_not_due_for_that() {
    let ninety = valid(NOW, 90 * DAY);
    // Somebody wanted a new one at once, and did not get it.
    let history = failed(1, NOW + DAY, None);
    let (planned, why) = until(history.next(ninety, 0, at(NOW + DAY)));
    assert_eq!((planned, why), (NOW + 60 * DAY, Why::Used));
}

#[test]
fn a_failure_by_a_clock_that_was_wrong_holds_nothing_up() {
    let ninety = valid(NOW - 70 * DAY, 90 * DAY);
    let due = Next::Due { why: Why::Used };
    let history = failed(5, NOW + 3_650 * DAY, Some(86_400));
    assert_eq!(history.next(ninety, 0, at(NOW)), due);
}

#[test]
fn what_is_kept_is_json_that_people_can_read() {
    let mut history = failed(3, NOW, Some(60));
    history.told(Some(window(NOW + DAY, NOW + 2 * DAY)), at(NOW));
    let json = serde_json::to_string(&history).unwrap();
    assert!(json.contains("\"2026-11-23T12:00:00Z\""), "{json}");
    let read: History = serde_json::from_str(&json).unwrap();
    assert_eq!(read, history);
    // One of before, or of a version to come.
    let read: History = serde_json::from_str("{\"something\": 1}").unwrap();
    assert_eq!(read, History::default());
}

/// A six-day certificate, its CA's windows, and two attempts in three that fail.
#[test]
fn a_six_day_certificate_lives_through_three_renewals() {
    let lifetime = 6 * DAY;
    // As Let's Encrypt does: begun an hour ago, and a window around the middle.
    let issue = |now: i64| valid(now - HOUR, lifetime);
    let mut now = NOW;
    let mut validity = issue(now);
    let mut history = History::default();
    let (mut renewals, mut attempts, mut asked) = (Vec::new(), 0, 0);
    while renewals.len() < 3 {
        assert!(now < validity.not_after.seconds(), "it has ended");
        if history.ask(validity, at(now)).unwrap().seconds() <= now {
            let begin = validity.not_before.seconds();
            let middle = window(begin + 70 * HOUR, begin + 74 * HOUR);
            history.told(Some(middle), at(now));
            asked += 1;
        }
        let spread = u32::try_from(renewals.len()).unwrap().wrapping_mul(1 << 30);
        if matches!(history.next(validity, spread, at(now)), Next::Due { .. }) {
            attempts += 1;
            if attempts % 3 == 0 {
                renewals.push((now - validity.not_before.seconds()) / HOUR);
                validity = issue(now);
                history = History::default();
            } else {
                history.failed(None, at(now));
            }
        }
        // It is looked at every minute.
        now += 60;
    }
    // In the middle of each life, by another part of the window, and a quarter of an hour for what failed.
    assert_eq!(renewals, [70, 71, 72]);
    assert_eq!(attempts, 9);
    // Every six hours of three days.
    assert!((36..=39).contains(&asked), "{asked}");
}

#[test]
fn many_do_not_come_at_once() {
    let ninety = valid(NOW, 90 * DAY);
    let mut moments: Vec<i64> = (0..1_000_u32)
        .map(|number| {
            // As serials are: all over the place.
            let spread = number.wrapping_mul(2_654_435_761);
            until(History::default().next(ninety, spread, at(NOW))).0
        })
        .collect();
    moments.sort_unstable();
    // Within any hour of the day and a half no more than 5 %.
    let most = moments
        .iter()
        .enumerate()
        .map(|(first, moment)| moments.partition_point(|it| *it < moment + HOUR) - first);
    assert!(most.max().unwrap() <= 50);
}

fn any_history() -> impl Strategy<Value = History> {
    let window =
        (any::<i64>(), any::<i64>(), any::<u64>()).prop_map(|(start, end, ask_again)| Window {
            ask_again,
            ..window(start, end)
        });
    let suggested =
        (any::<i64>(), proptest::option::of(window)).prop_map(|(asked, window)| Suggested {
            asked: at(asked),
            window,
        });
    let failures = (any::<u32>(), any::<i64>(), any::<Option<u64>>()).prop_map(
        |(count, last, retry_after)| Failures {
            count,
            last: at(last),
            retry_after,
        },
    );
    (
        proptest::option::of(suggested),
        proptest::option::of(failures),
    )
        .prop_map(|(suggested, failures)| History {
            suggested,
            failures,
            ..History::default()
        })
}

proptest! {
    /// A CA may say no, be down, and ask for any patience, until twenty minutes before a certificate ends: it never does.
    #[test]
    fn a_certificate_never_ends_while_its_ca_gives_one_in_time(
        lifetime in 2 * DAY..400 * DAY,
        spread: u32,
        windows in proptest::collection::vec(proptest::option::of((-10.0..2.0_f64, 0.0..1.0_f64)), 3),
        // How each attempt goes wrong: how many seconds it takes, what the CA asks for.
        wrong in proptest::collection::vec((0..300_i64, any::<Option<u32>>()), 1..60),
        // From which part of the time that is left the CA gives certificates.
        better in proptest::collection::vec(0.0..1.0_f64, 3),
    ) {
        let mut now = NOW;
        let mut wrong = wrong.iter().cycle();
        for (window_of, better) in windows.iter().zip(better) {
            let validity = valid(now, lifetime);
            let end = now + lifetime;
            let mut history = History::default();
            #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "any moment will do")]
            let part = |part: f64| (part * lifetime as f64) as i64;
            if let Some((start, length)) = window_of {
                let start = now + part(*start);
                history.told(Some(window(start, start + part(*length))), at(now));
            }
            let good_from = (now + part(better)).min(end - 20 * 60);
            loop {
                match history.next(validity, spread, at(now)) {
                    Next::Wait { until, .. } => {
                        prop_assert!(until.seconds() > now);
                        now = until.seconds();
                    }
                    Next::Due { why } => {
                        prop_assert!(why != Why::Ended && now < end);
                        if now >= good_from {
                            break;
                        }
                        let (seconds, asked) = wrong.next().unwrap();
                        now += seconds;
                        history.failed(asked.map(u64::from), at(now));
                    }
                }
            }
        }
    }

    #[test]
    fn whatever_is_kept_and_whenever_it_is_looked_at_a_wait_ends_later(
        history in any_history(),
        begin: i64, end: i64, spread: u32, now: i64,
    ) {
        let validity = Validity { not_before: at(begin), not_after: at(end) };
        match history.next(validity, spread, at(now)) {
            Next::Wait { until, .. } => {
                prop_assert!(until > at(now));
                prop_assert!(now < end || history.failures.is_some());
                // When it is over, it is over; but for a failure that was to come.
                let is_due = matches!(history.next(validity, spread, until), Next::Due { .. });
                let to_come = history.failures.is_some_and(|failures| failures.last > at(now));
                prop_assert!(is_due || to_come);
            }
            Next::Due { .. } => {}
        }
        if let Some(ask) = history.ask(validity, at(now)) {
            prop_assert!(ask >= at(now) && now < end);
        }
        let mut history = history;
        history.failed(None, at(now));
        history.told(None, at(now));
        let json = serde_json::to_string(&history).unwrap();
        prop_assert_eq!(serde_json::from_str::<History>(&json).unwrap(), history);
    }

    #[test]
    fn one_more_failure_never_makes_a_wait_shorter(count in 1..u32::MAX, left in 1..400 * DAY, asked: Option<u64>) {
        let validity = valid(NOW + left - 400 * DAY, 400 * DAY);
        let wait = |count| match failed(count, NOW, asked).next(validity, 0, at(NOW)) {
            Next::Wait { until, .. } => until.seconds() - NOW,
            Next::Due { .. } => 0,
        };
        prop_assert!(wait(count) >= 60 && wait(count) <= wait(count + 1));
    }
}
