//! What a CA may say no with, and what is made of it.

use keyway_issue::acme::{AcmeError, Refusal, Solver, Step};
use serde_json::{Value, json};

use super::between::{Asked, Between, Reply, Turn};
use super::stage::named;

const HOST: &str = "a.example.com";

/// Answers all below a path so.
fn always(
    path: &'static str,
    reply: impl Fn() -> Reply + Send + 'static,
) -> impl FnMut(&Asked) -> Turn + Send + 'static {
    move |asked: &Asked| {
        if asked.is(path) {
            Turn::Instead(reply())
        } else {
            Turn::HandOn
        }
    }
}

fn refused(error: AcmeError) -> (Step, Refusal) {
    match error {
        AcmeError::Refused { step, refusal } => (step, *refusal),
        other => panic!("{other}"),
    }
}

#[test]
fn a_rate_limit_is_said_with_its_end_and_not_asked_against() {
    const DETAIL: &str =
        "too many certificates (5) already issued for this exact set of identifiers";
    let (stage, between) = Between::on_stage(always("/order-plz", || {
        Reply::problem(429, "rateLimited", DETAIL).with("retry-after", "7200")
    }));
    let error = stage.obtain(&[HOST]).unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains(DETAIL) && text.contains("7200 seconds"),
        "{text}"
    );
    assert_eq!(error.retry_after(), Some(7200));
    assert!(error.is_counted());
    assert!(error.is_passing());
    let (step, refusal) = refused(error);
    assert_eq!((step, refusal.kind.as_str()), (Step::Order, "rateLimited"));
    assert_eq!(between.asked("/order-plz").len(), 1);
}

#[test]
fn a_rate_limit_until_a_date_is_said_in_seconds() {
    let (stage, _between) = Between::on_stage(always("/order-plz", || {
        Reply::problem(429, "rateLimited", "enough")
            .with("date", "Mon, 23 Nov 2026 12:00:00 GMT")
            .with("retry-after", "Mon, 23 Nov 2026 13:00:00 GMT")
    }));
    let error = stage.obtain(&[HOST]).unwrap_err();
    assert_eq!(error.retry_after(), Some(3600), "{error}");
}

#[test]
fn a_rate_limit_of_whoever_stands_before_the_ca_is_said_with_its_end() {
    let (stage, between) = Between::on_stage(always("/order-plz", || {
        Reply::page(429).with("retry-after", "86400")
    }));
    let error = stage.obtain(&[HOST]).unwrap_err();
    assert_eq!(error.retry_after(), Some(86_400), "{error}");
    assert!(error.to_string().contains("429"), "{error}");
    assert_eq!(between.asked("/order-plz").len(), 1);
}

#[test]
fn names_that_are_refused_are_said_one_by_one() {
    let (stage, _between) = Between::on_stage(always("/order-plz", || {
        let part = |name: &str, detail: &str| {
            json!({
                "type": "urn:ietf:params:acme:error:rejectedIdentifier",
                "detail": detail,
                "identifier": { "type": "dns", "value": name },
            })
        };
        Reply::json(
            400,
            &json!({
                "type": "urn:ietf:params:acme:error:rejectedIdentifier",
                "detail": "two names are refused",
                "subproblems": [
                    part("a.example.com", "it is on a list"),
                    part("b.example.com", "nobody has it"),
                ],
            }),
        )
    }));
    let hosts = [HOST, "b.example.com", "c.example.com"];
    let error = stage.obtain(&hosts).unwrap_err();
    let text = error.to_string();
    for fact in [
        "a.example.com: it is on a list",
        "b.example.com: nobody has it",
    ] {
        assert!(text.contains(fact), "{text}");
    }
    assert!(!error.is_passing());
    let (_, refusal) = refused(error);
    assert_eq!(refusal.kind, "rejectedIdentifier");
    assert_eq!(refusal.parts.len(), 2);
}

const CAA: &str = "CAA record for example.com prevents issuance";

#[test]
fn a_ca_that_caa_forbids_says_so_where_it_has_looked() {
    // Pebble looks for no CAA; Let's Encrypt does when it looks for the rest.
    let (stage, _between) = Between::on_stage(|asked: &Asked| {
        let invalid = |value: &mut Value| value["status"] = json!("invalid");
        if asked.is("/my-order/") {
            return Turn::edit(invalid);
        }
        if asked.is("/authZ/") {
            return Turn::edit(move |authorization| {
                let challenges = authorization["challenges"].as_array_mut().unwrap();
                for challenge in challenges {
                    if challenge["status"] == "valid" {
                        challenge["error"] = json!({
                            "type": "urn:ietf:params:acme:error:caa", "detail": CAA, "status": 403,
                        });
                        invalid(challenge);
                    }
                }
                if authorization["status"] == "valid" {
                    invalid(authorization);
                }
            });
        }
        Turn::HandOn
    });
    let error = stage.obtain(&[HOST]).unwrap_err();
    assert!(error.to_string().contains(CAA), "{error}");
    let AcmeError::Unproven { refusal, .. } = error else {
        panic!("{error}");
    };
    assert_eq!(refusal.kind, "caa");
}

#[test]
fn a_ca_that_caa_forbids_says_so_when_it_is_to_sign() {
    let (stage, between) = Between::on_stage(always("/finalize-order/", || {
        Reply::problem(403, "caa", CAA)
    }));
    let error = stage.obtain(&[HOST]).unwrap_err();
    assert!(error.to_string().contains(CAA), "{error}");
    let (step, refusal) = refused(error);
    assert_eq!((step, refusal.kind.as_str()), (Step::Finalization, "caa"));
    assert_eq!(between.asked("/finalize-order/").len(), 1);
}

#[test]
fn a_profile_is_asked_for_and_one_that_the_ca_has_not_is_refused_beside_those_that_it_has() {
    let (stage, between) = Between::on_stage(|asked: &Asked| {
        if asked.is("/dir") {
            return Turn::edit(|directory| {
                directory["meta"]["profiles"] = json!({
                    "shortlived": "https://ca.test/six-days", "classic": "https://ca.test/ninety",
                });
            });
        }
        let Some(profile) = asked.payload["profile"].as_str() else {
            return Turn::HandOn;
        };
        if profile != "shortlived" {
            let detail = "the profile is none of ours";
            return Turn::Instead(Reply::problem(400, "invalidProfile", detail));
        }
        Turn::edit(|order| order["profile"] = json!("shortlived"))
    });
    let profiles = stage.account().unwrap().profiles();
    let names: Vec<&str> = profiles.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["classic", "shortlived"]);
    let by = |profile: &'static str| {
        let solvers: [&dyn Solver; 1] = [&stage.answers];
        stage.obtain_by(&[HOST], &solvers, |wanted| wanted.profile = Some(profile))
    };
    assert_eq!(named(&by("shortlived").unwrap()), [HOST]);
    let (step, refusal) = refused(by("tiny").unwrap_err());
    assert_eq!(
        (step, refusal.kind.as_str()),
        (Step::Order, "invalidProfile")
    );
    let asked = between.asked("/order-plz");
    let asked: Vec<_> = asked.iter().map(|it| &it.payload["profile"]).collect();
    assert_eq!(asked, ["shortlived", "tiny"]);
}
