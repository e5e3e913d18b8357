//! Renewal as the CA wants it (RFC 9773): Pebble's of this age knows nothing of it, so somebody between does.

use std::sync::{Arc, Mutex};

use keyway_chain::x509::Certificate;
use keyway_issue::acme::{Issued, Solver, Window};
use keyway_report::Timestamp;
use serde_json::{Value, json};

use super::between::{Asked, Between, Reply, Turn};
use super::stage::{Stage, certificates, named};

const HOST: &str = "a.example.com";

/// A CA that says when to renew, by what is in the cell.
fn saying(cell: &Arc<Mutex<Say>>) -> impl FnMut(&Asked) -> Turn + Send + 'static {
    let cell = cell.clone();
    move |asked: &Asked| {
        if asked.is("/dir") {
            return Turn::edit(|directory| {
                let base = directory["newOrder"].as_str().unwrap();
                let base = base.replace("/order-plz", "/renewal-info");
                directory["renewalInfo"] = json!(base);
            });
        }
        if asked.is("/renewal-info/") {
            return Turn::Instead((cell.lock().unwrap())());
        }
        if asked.is("/order-plz") && asked.payload["replaces"].is_string() {
            let replaces = asked.payload["replaces"].clone();
            return Turn::edit(move |order| order["replaces"] = replaces);
        }
        Turn::HandOn
    }
}

type Say = Box<dyn FnMut() -> Reply + Send>;

fn window(start: &str, end: &str) -> Value {
    json!({
        "suggestedWindow": { "start": start, "end": end },
        "explanationURL": "https://ca.test/why",
    })
}

fn cell(reply: impl FnMut() -> Reply + Send + 'static) -> Arc<Mutex<Say>> {
    Arc::new(Mutex::new(Box::new(reply)))
}

fn leaf(issued: &Issued) -> Certificate {
    certificates(issued).remove(0)
}

fn asked(stage: &Stage, certificate: &Certificate) -> Option<Window> {
    let account = stage.account().unwrap();
    let window = account.window(certificate);
    stage.runtime.block_on(window).unwrap()
}

#[test]
fn a_window_that_is_moved_forward_is_seen() {
    let said = cell(|| {
        let window = window("2027-01-20T00:00:00Z", "2027-01-22T00:00:00Z");
        Reply::json(200, &window).with("retry-after", "21600")
    });
    let (stage, between) = Between::on_stage(saying(&said));
    let leaf = leaf(&stage.obtain(&[HOST]).unwrap());
    let moment = |text: &str| Timestamp::parse(text).unwrap();
    let first = asked(&stage, &leaf).unwrap();
    assert_eq!(
        first,
        Window {
            start: moment("2027-01-20"),
            end: moment("2027-01-22"),
            explanation: Some("https://ca.test/why".to_owned()),
            ask_again: 21_600,
        }
    );
    // It has to revoke them all; it says so without a word on when to ask again.
    *said.lock().unwrap() = Box::new(|| {
        let window = window("2026-11-22T00:00:00Z", "2026-11-23T01:00:00+01:00");
        Reply::json(200, &window)
    });
    let second = asked(&stage, &leaf).unwrap();
    assert_eq!(second.end, moment("2026-11-23"));
    assert!((60..=86_400).contains(&second.ask_again));
    // As RFC 9773, section 4.1, calls it: whose key signed it, and its serial number.
    let path = &between.asked("/renewal-info/")[0].path;
    let (_, name) = path.rsplit_once('/').unwrap();
    assert_eq!(name.split('.').count(), 2, "{name}");
}

#[test]
fn a_ca_without_windows_has_none_and_one_that_fails_says_so() {
    let (stage, between) = Between::on_stage(|_| Turn::HandOn);
    let leaf = leaf(&stage.obtain(&[HOST]).unwrap());
    assert_eq!(asked(&stage, &leaf), None);
    let said = cell(|| Reply::problem(404, "malformed", "no such certificate"));
    between.meddle(saying(&said));
    let account = stage.account().unwrap();
    let ask = || stage.runtime.block_on(account.window(&leaf)).unwrap_err();
    let error = ask();
    assert!(error.to_string().contains("no such certificate"), "{error}");
    *said.lock().unwrap() = Box::new(|| Reply::page(200));
    let error = ask();
    assert!(error.to_string().contains("Back in a moment"), "{error}");
}

/// A renewal of a certificate.
fn renewed(stage: &Stage, old: &Certificate) -> Issued {
    let old = Box::leak(Box::new(old.clone()));
    let solvers: [&dyn Solver; 1] = [&stage.answers];
    let renewed = stage.obtain_by(&[HOST], &solvers, |wanted| wanted.replaces = Some(old));
    renewed.unwrap()
}

#[test]
fn a_renewal_says_what_it_replaces() {
    let said = cell(|| Reply::json(200, &Value::Null));
    let (stage, between) = Between::on_stage(saying(&said));
    let old = leaf(&stage.obtain(&[HOST]).unwrap());
    let new = renewed(&stage, &old);
    assert_ne!(leaf(&new).serial, old.serial);
    let orders = between.asked("/order-plz");
    assert!(orders[0].payload["replaces"].is_null());
    assert!(orders[1].payload["replaces"].is_string());
    assert_eq!(orders.len(), 2);
}

#[test]
fn a_renewal_of_what_was_replaced_already_is_ordered_as_a_new_one() {
    let said = cell(|| Reply::json(200, &Value::Null));
    let (stage, between) = Between::on_stage(saying(&said));
    let old = leaf(&stage.obtain(&[HOST]).unwrap());
    let mut usual = saying(&said);
    between.meddle(move |asked| {
        if asked.payload["replaces"].is_string() {
            let detail = "it has been replaced";
            return Turn::Instead(Reply::problem(409, "alreadyReplaced", detail));
        }
        usual(asked)
    });
    assert_eq!(named(&renewed(&stage, &old)), [HOST]);
    let orders = between.asked("/order-plz");
    assert_eq!(orders.len(), 2);
    assert!(orders[1].payload["replaces"].is_null());
}

#[test]
fn a_ca_that_takes_no_notice_of_what_is_replaced_gives_the_certificate_all_the_same() {
    let said = cell(|| Reply::json(200, &Value::Null));
    let (stage, between) = Between::on_stage(saying(&said));
    let old = leaf(&stage.obtain(&[HOST]).unwrap());
    let mut usual = saying(&said);
    between.meddle(move |asked| {
        if asked.is("/order-plz") {
            Turn::HandOn
        } else {
            usual(asked)
        }
    });
    assert_eq!(named(&renewed(&stage, &old)), [HOST]);
}
