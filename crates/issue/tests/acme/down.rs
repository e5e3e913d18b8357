//! A CA that takes its time, and one that is not there for a while, or any more.

use std::future::pending;
use std::time::{Duration, Instant};

use keyway_issue::acme::{AcmeError, Patience, Progress, Solver, Step, obtain};
use keyway_testkit::pebble::Pebble;
use rcgen::KeyPair;
use serde_json::json;

use super::between::{Asked, Between, Reply, Turn};
use super::stage::{identifiers, named, url_of, wanted};

const HOST: &str = "a.example.com";

/// All that is asked for on the way to a certificate.
const KINDS: [&str; 9] = [
    "/dir",
    "/nonce-plz",
    "/sign-me-up",
    "/order-plz",
    "/authZ/",
    "/chalZ/",
    "/my-order/",
    "/finalize-order/",
    "/certZ/",
];

/// How much longer than its patience an attempt may take: for what is on the way.
const GRACE: Duration = Duration::from_secs(2);

/// Answers so many requests below a path so.
fn first(
    number: usize,
    path: &'static str,
    turn: impl Fn() -> Turn + Send + 'static,
) -> impl FnMut(&Asked) -> Turn + Send + 'static {
    let mut left = number;
    move |asked: &Asked| {
        if left > 0 && asked.is(path) {
            left -= 1;
            return turn();
        }
        Turn::HandOn
    }
}

fn unavailable() -> Turn {
    Turn::Instead(Reply::page(503))
}

fn cut() -> Turn {
    Turn::change(Reply::cut)
}

/// An order that says that it has not come so far.
fn held(status: &'static str) -> Turn {
    Turn::change(move |reply| {
        reply.set("retry-after", "1");
        reply.edit(|order| order["status"] = json!(status));
    })
}

#[test]
fn an_order_that_is_ready_late_is_waited_for() {
    let (stage, between) = Between::on_stage(|_| Turn::HandOn);
    for (status, from) in [
        ("pending", "/my-order/"),
        ("processing", "/finalize-order/"),
    ] {
        let mut hold = first(3, "/my-order/", move || held(status));
        let mut is_held = false;
        between.meddle(move |asked| {
            is_held |= asked.is(from);
            if is_held { hold(asked) } else { Turn::HandOn }
        });
        let begun = Instant::now();
        assert_eq!(named(&stage.obtain(&[HOST]).unwrap()), [HOST]);
        // As it was told, it asked a second later each time.
        assert!(begun.elapsed() >= Duration::from_secs(2), "{status}");
        assert!(between.asked("/my-order/").len() <= 8);
    }
}

#[test]
fn a_ca_that_wants_to_be_asked_at_once_is_given_a_moment() {
    let (mut stage, between) = Between::on_stage(first(9_999, "/my-order/", || {
        Turn::change(|reply| {
            reply.set("retry-after", "0");
            reply.edit(|order| order["status"] = json!("pending"));
        })
    }));
    stage.patience = Duration::from_secs(2);
    stage.obtain(&[HOST]).unwrap_err();
    assert!(between.asked("/my-order/").len() <= 8);
}

#[test]
fn a_ca_that_wants_to_be_asked_in_another_age_is_given_up() {
    let (stage, _between) = Between::on_stage(first(9, "/my-order/", || {
        Turn::change(|reply| {
            reply.set("retry-after", "18446744073709551615");
            reply.edit(|order| order["status"] = json!("pending"));
        })
    }));
    let error = stage.obtain(&[HOST]).unwrap_err();
    assert_eq!(error.retry_after(), Some(u64::MAX), "{error}");
}

#[test]
fn an_order_that_never_is_ready_is_given_up_with_what_the_ca_asks_for() {
    let (mut stage, _between) = Between::on_stage(first(99, "/my-order/", || held("pending")));
    stage.patience = Duration::from_secs(3);
    let error = stage.obtain(&[HOST]).unwrap_err();
    let AcmeError::Late { step, .. } = error else {
        panic!("{error}");
    };
    assert_eq!(step, Step::Validation);
    assert!(error.is_passing());
    assert_eq!(error.retry_after(), Some(1));
}

/// Gets a certificate though so many first answers of each kind are these.
fn obtain_though(number: usize, turn: fn() -> Turn) {
    let mut answers: Vec<_> = KINDS.map(|kind| first(number, kind, turn)).into();
    let (stage, between) = Between::on_stage(move |asked| {
        let mut turns = answers.iter_mut().map(|answer| answer(asked));
        turns
            .find(|turn| !matches!(turn, Turn::HandOn))
            .unwrap_or(Turn::HandOn)
    });
    assert_eq!(named(&stage.obtain(&[HOST]).unwrap()), [HOST]);
    for kind in KINDS {
        assert!(between.asked(kind).len() > number, "{kind}");
    }
}

#[test]
fn a_ca_that_is_down_for_a_moment_at_each_step_gives_the_certificate_in_the_end() {
    obtain_though(2, unavailable);
}

#[test]
fn connections_that_are_cut_in_the_middle_of_answers_end_in_a_certificate_all_the_same() {
    obtain_though(1, cut);
}

#[test]
fn a_ca_that_goes_down_in_mid_order_and_stays_down_is_given_up_in_time_with_the_step() {
    let (mut stage, between) = Between::on_stage(|_| Turn::HandOn);
    stage.account().unwrap();
    stage.patience = Duration::from_secs(2);
    for (path, step) in [
        ("/order-plz", Step::Order),
        ("/authZ/", Step::Authorization),
        ("/chalZ/", Step::Challenge),
        ("/finalize-order/", Step::Finalization),
        ("/certZ/", Step::Certificate),
    ] {
        let mut is_down = false;
        between.meddle(move |asked| {
            is_down |= asked.is(path);
            if is_down { unavailable() } else { Turn::HandOn }
        });
        let begun = Instant::now();
        let error = stage.obtain(&[HOST]).unwrap_err();
        assert!(begun.elapsed() < stage.patience + GRACE, "{path}");
        let AcmeError::Unreachable { step: seen, .. } = &error else {
            panic!("{path}: {error}");
        };
        assert_eq!(*seen, step, "{error}");
        let text = error.to_string();
        assert!(text.contains("503"), "{text}");
        assert!(error.is_passing());
        // Nothing of what was shown is left.
        let left = std::fs::read_dir(stage.answers.folder());
        assert!(left.map_or(0, Iterator::count) == 0, "{path}");
    }
}

#[test]
fn the_order_of_a_ca_that_was_down_is_gone_on_with_when_it_is_back() {
    let (stage, between) = Between::on_stage(|_| Turn::HandOn);
    let account = stage.account().unwrap();
    let identifiers = identifiers(&[HOST]);
    let key = KeyPair::generate().unwrap();
    let mut asked = wanted(&identifiers, &key);
    let mut url = None;
    for path in ["/chalZ/", "/finalize-order/", "/certZ/"] {
        between.meddle(first(usize::MAX, path, unavailable));
        let solvers: [&dyn Solver; 1] = [&stage.answers];
        let tried = async {
            let patience = Patience::of(Duration::from_secs(1));
            let begun = |told: Progress<'_>| url = url_of(&told).or(url.take());
            obtain(&account, &asked, &solvers, patience, begun, pending()).await
        };
        let error = stage.runtime.block_on(tried).unwrap_err();
        assert!(error.is_passing(), "{path}: {error}");
        asked.order = Some(String::leak(url.clone().unwrap()));
    }
    between.meddle(|_| Turn::HandOn);
    let solvers: [&dyn Solver; 1] = [&stage.answers];
    let issued = stage.runtime.block_on(async {
        let patience = Patience::of(stage.patience);
        obtain(&account, &asked, &solvers, patience, |_| {}, pending()).await
    });
    assert_eq!(named(&issued.unwrap()), [HOST]);
    assert!(between.asked("/order-plz").is_empty());
}

#[test]
fn an_account_that_the_ca_has_forgotten_is_made_again_by_the_same_key() {
    let (stage, between) = Between::on_stage(|_| Turn::HandOn);
    stage.obtain(&[HOST]).unwrap();
    let key = stage.folder.path().join("account/account.key");
    let before = std::fs::read(&key).unwrap();
    // A CA that has lost all that it knew.
    let other = Pebble::default().start();
    let listener = stage.answer_at(other.ip);
    between.lead_to(&other);
    let error = stage.obtain(&[HOST]).unwrap_err();
    let AcmeError::Refused { refusal, .. } = &error else {
        panic!("{error}");
    };
    assert_eq!(refusal.kind, "accountDoesNotExist");
    assert_eq!(named(&stage.obtain(&[HOST]).unwrap()), [HOST]);
    assert_eq!(std::fs::read(&key).unwrap(), before);
    drop(listener);
}
