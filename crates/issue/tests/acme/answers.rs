//! Answers that no CA should give: too much, without an end, of another kind; and what may be in those that it may.

use std::time::{Duration, Instant};

use bytes::Bytes;
use keyway_issue::acme::{AcmeError, Step};
use serde_json::json;

use super::between::{Asked, Between, Content, Reply, Turn};
use super::stage::{Stage, named};

const HOST: &str = "a.example.com";

/// The error of an order whose first answer below a path is this.
fn error_of(
    (stage, between): &(Stage, Between),
    path: &'static str,
    reply: fn() -> Reply,
) -> AcmeError {
    between.meddle(move |asked: &Asked| {
        if asked.is(path) {
            Turn::Instead(reply())
        } else {
            Turn::HandOn
        }
    });
    stage.obtain(&[HOST]).unwrap_err()
}

fn huge() -> Reply {
    let text = format!("{{\"status\": \"{}\"}}", "x".repeat(2 << 20));
    Reply::new(200, "application/json", Content::Whole(text.into()))
}

fn endless() -> Reply {
    let content = Content::Endless(Bytes::from_static(&[b' '; 1 << 14]), Duration::ZERO);
    Reply::new(200, "application/json", content)
}

fn dripping() -> Reply {
    let content = Content::Endless(Bytes::from_static(b" "), Duration::from_millis(50));
    Reply::new(200, "application/json", content)
}

#[test]
fn an_answer_that_is_too_big_or_has_no_end_is_left_in_the_middle() {
    let both = Between::on_stage(|_| Turn::HandOn);
    for path in ["/dir", "/order-plz", "/authZ/", "/certZ/"] {
        for reply in [huge, endless] {
            let error = error_of(&both, path, reply);
            let text = error.to_string();
            assert!(text.contains("over 1048576 bytes"), "{path}: {text}");
            assert!(!error.is_passing(), "{path}: {text}");
        }
    }
}

#[test]
fn an_answer_that_comes_drop_by_drop_takes_no_longer_than_there_is_patience() {
    let mut both = Between::on_stage(|_| Turn::HandOn);
    both.0.account().unwrap();
    both.0.patience = Duration::from_secs(2);
    for path in ["/order-plz", "/authZ/", "/certZ/"] {
        let begun = Instant::now();
        let error = error_of(&both, path, dripping);
        assert!(matches!(error, AcmeError::Late { .. }), "{path}: {error}");
        assert!(begun.elapsed() < Duration::from_secs(4), "{path}");
    }
}

#[test]
fn a_page_in_place_of_an_answer_is_shown() {
    let both = Between::on_stage(|_| Turn::HandOn);
    for (path, resource) in [
        ("/dir", "/dir"),
        ("/order-plz", "/order-plz"),
        ("/authZ/", "/authZ/"),
        ("/certZ/", "/certZ/"),
    ] {
        let error = error_of(&both, path, || Reply::page(200));
        let text = error.to_string();
        for fact in [resource, "200", "Back in a moment"] {
            assert!(text.contains(fact), "{path}: {text}");
        }
        assert!(!error.is_passing(), "{path}: {text}");
    }
}

#[test]
fn json_that_is_not_acmes_is_an_error_with_its_step() {
    let (stage, between) = Between::on_stage(|_| Turn::HandOn);
    for (path, value, step) in [
        ("/dir", "{}", Step::Account),
        ("/order-plz", "[[[[]]]]", Step::Order),
        ("/authZ/", "{\"status\": \"frozen\"}", Step::Authorization),
    ] {
        between.meddle(move |asked: &Asked| {
            if asked.is(path) {
                let content = Content::Whole(value.into());
                return Turn::Instead(Reply::new(201, "application/json", content));
            }
            Turn::HandOn
        });
        let folder = stage.folder.path().join("account");
        let _ = std::fs::remove_dir_all(folder);
        let error = stage.obtain(&[HOST]).unwrap_err();
        let AcmeError::NotAcme { step: seen, .. } = error else {
            panic!("{path}: {error}");
        };
        assert_eq!(seen, step, "{path}");
    }
}

#[test]
fn challenges_that_nobody_knows_are_passed_over() {
    let (stage, _between) = Between::on_stage(|asked: &Asked| {
        if !asked.is("/authZ/") {
            return Turn::HandOn;
        }
        Turn::edit(|authorization| {
            let challenges = authorization["challenges"].as_array_mut().unwrap();
            // As draft-ietf-acme-dns-persist has it: no token.
            let persistent = json!({
                "type": "dns-persist-01", "url": "https://ca.test/1", "status": "pending",
                "issuer-domain-names": ["ca.test"],
            });
            challenges.insert(0, persistent);
            // Nobody can say what a token is to others.
            challenges.push(json!({
                "type": "by-owl", "url": "https://ca.test/3", "status": "asleep", "token": 7,
            }));
            challenges.push(json!({
                "type": "by-carrier-pigeon-99", "url": "https://ca.test/2", "status": "pending",
                "pigeons": [{ "name": "\u{202e}" }],
            }));
        })
    });
    assert_eq!(named(&stage.obtain(&[HOST]).unwrap()), [HOST]);
    let error = stage.obtain(&["*.example.com"]).unwrap_err();
    let AcmeError::NoWay { offered, .. } = error else {
        panic!("{error}");
    };
    assert_eq!(
        offered,
        ["dns-persist-01", "dns-01", "by-carrier-pigeon-99"]
    );
}

#[test]
fn an_order_of_more_than_can_be_looked_at_is_none() {
    let (stage, between) = Between::on_stage(|asked: &Asked| {
        if !asked.is("/order-plz") {
            return Turn::HandOn;
        }
        Turn::edit(|order| {
            let first = order["authorizations"][0].clone();
            order["authorizations"] = vec![first; 1_001].into();
        })
    });
    let error = stage.obtain(&[HOST]).unwrap_err();
    assert!(error.to_string().contains("1001"), "{error}");
    assert!(between.asked("/authZ/").is_empty());
}

#[test]
fn no_ca_makes_an_error_that_fills_a_log() {
    let both = Between::on_stage(|_| Turn::HandOn);
    let problem = || {
        let long = "x".repeat(9_000);
        let part = json!({ "detail": long, "identifier": { "type": "dns", "value": long } });
        let parts = vec![part; 50];
        Reply::json(
            400,
            &json!({ "type": long, "detail": long, "subproblems": parts }),
        )
    };
    let error = error_of(&both, "/order-plz", problem);
    assert!(error.to_string().len() < 60_000, "{error}");
    let frozen = || Reply::json(201, &json!({ "status": "x".repeat(500_000) }));
    let error = error_of(&both, "/order-plz", frozen);
    assert!(error.to_string().len() < 1_000);
}
