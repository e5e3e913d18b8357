//! What is kept of an attempt before, and is of no use any more: orders, and what is known of an account.

use std::fs;
use std::future::pending;
use std::path::{Path, PathBuf};
use std::time::Instant;

use keyway_issue::acme::{AcmeError, Patience, Progress, Solver, obtain};
use keyway_testkit::pebble::Pebble;
use rcgen::KeyPair;
use serde_json::json;

use super::between::{Asked, Between, Content, Reply, Turn};
use super::stage::{PATIENCE, Stage, identifiers, named, url_of, wanted};

const HOST: &str = "a.example.com";

/// Goes on with an order; and the orders that it is told of.
fn go_on(stage: &Stage, order: &str) -> (Result<Vec<String>, AcmeError>, Vec<String>) {
    let account = stage.account().unwrap();
    let identifiers = identifiers(&[HOST]);
    let key = KeyPair::generate().unwrap();
    let mut wanted = wanted(&identifiers, &key);
    wanted.order = Some(order);
    let solvers: [&dyn Solver; 1] = [&stage.answers];
    let mut told = Vec::new();
    let issued = stage.runtime.block_on(async {
        let patience = Patience::of(stage.patience);
        let begun = |it: Progress<'_>| told.extend(url_of(&it));
        obtain(&account, &wanted, &solvers, patience, begun, pending()).await
    });
    (issued.map(|issued| named(&issued)), told)
}

/// An order that broke off before the CA was told to look.
fn broken_off(stage: &Stage, between: &Between) -> String {
    between.meddle(|asked: &Asked| {
        if asked.is("/authZ/") {
            return Turn::Instead(Reply::problem(403, "unauthorized", "not now"));
        }
        Turn::HandOn
    });
    // Pebble believes an account now and then what it has shown before, and then nobody looks for it.
    let mut tried = (0..10).map(|_| go_on(stage, ""));
    let (_, told) = tried.find(|(issued, _)| issued.is_err()).unwrap();
    told.into_iter().next().unwrap()
}

#[test]
fn an_order_that_is_not_to_be_had_any_more_is_made_anew_at_once() {
    let (stage, between) = Between::on_stage(|_| Turn::HandOn);
    let own = stage.url.replace("/dir", "/my-order/0123abcd");
    let gone = |status| move || Reply::new(status, "text/plain", Content::Whole("".into()));
    for reply in [gone(404), gone(410), gone(403)] {
        between.meddle(move |asked: &Asked| {
            if asked.is("/my-order/0123abcd") {
                return Turn::Instead(reply());
            }
            Turn::HandOn
        });
        let (issued, told) = go_on(&stage, &own);
        assert_eq!(issued.unwrap(), [HOST]);
        assert_eq!(told.len(), 1);
        assert_eq!(between.asked("/my-order/0123abcd").len(), 1);
        assert_eq!(between.asked("/order-plz").len(), 1);
    }
    // Pebble itself, by a text.
    between.meddle(|_| Turn::HandOn);
    assert_eq!(go_on(&stage, &own).0.unwrap(), [HOST]);
}

#[test]
fn an_order_of_another_server_is_asked_for_at_none() {
    let (stage, between) = Between::on_stage(|_| Turn::HandOn);
    let elsewhere = Between::on_stage(|_| Turn::HandOn);
    let other = elsewhere.0.url.replace("/dir", "/my-order/1");
    for order in [other.as_str(), "https://127.0.0.1:1/my-order/1", "garbage"] {
        between.meddle(|_| Turn::HandOn);
        let begun = Instant::now();
        assert_eq!(go_on(&stage, order).0.unwrap(), [HOST], "{order}");
        assert!(begun.elapsed() < PATIENCE / 2, "{order}");
        assert_eq!(between.asked("/order-plz").len(), 1, "{order}");
    }
    assert!(elsewhere.1.asked("/").is_empty());
}

#[test]
fn a_server_that_breaks_off_is_asked_once_for_an_order_of_before() {
    let (stage, between) = Between::on_stage(|_| Turn::HandOn);
    let order = broken_off(&stage, &between);
    let path = order[order.rfind("/my-order/").unwrap()..].to_owned();
    let of = path.clone();
    between.meddle(move |asked: &Asked| {
        if asked.is(&of) {
            return Turn::change(Reply::cut);
        }
        Turn::HandOn
    });
    let (issued, told) = go_on(&stage, &order);
    assert_eq!(issued.unwrap(), [HOST]);
    assert_eq!(between.asked(&path).len(), 1);
    assert_ne!(told, [order]);
}

#[test]
fn an_order_that_turns_bad_when_it_is_gone_on_with_is_made_anew_once() {
    let (stage, between) = Between::on_stage(|_| Turn::HandOn);
    for (first, of_all) in [("pending", false), ("processing", false), ("pending", true)] {
        let order = broken_off(&stage, &between);
        let path = order[order.rfind("/my-order/").unwrap()..].to_owned();
        let mut looks = 0;
        between.meddle(move |asked: &Asked| {
            let of = if of_all { "/my-order/" } else { &path };
            if !asked.is(of) {
                return Turn::HandOn;
            }
            looks += 1;
            // The CA still looks, and then has not seen it.
            let status = if looks < 3 { first } else { "invalid" };
            Turn::edit(move |order| {
                order["status"] = json!(status);
                if status == "invalid" {
                    let kind = "urn:ietf:params:acme:error:unauthorized";
                    order["error"] = json!({ "type": kind, "detail": "answered 404" });
                }
            })
        });
        let (issued, told) = go_on(&stage, &order);
        assert_eq!(told.len(), 2, "{first}");
        assert_eq!(told[0], order);
        assert_eq!(between.asked("/order-plz").len(), 1, "{first}");
        if of_all {
            let text = issued.unwrap_err().to_string();
            assert!(text.contains("answered 404"), "{text}");
        } else {
            assert_eq!(issued.unwrap(), [HOST], "{first}");
        }
    }
}

#[test]
fn what_the_ca_has_not_seen_is_no_fault_of_the_signing_request() {
    let (stage, _between) = Between::on_stage({
        let mut looks = 0;
        move |asked: &Asked| {
            if !asked.is("/my-order/") {
                return Turn::HandOn;
            }
            looks += 1;
            let status = ["pending", "processing", "invalid"][looks.min(3) - 1];
            Turn::edit(move |order| order["status"] = json!(status))
        }
    });
    let text = stage.obtain(&[HOST]).unwrap_err().to_string();
    assert!(text.starts_with("the CA's look"), "{text}");
}

#[test]
fn a_certificate_that_is_not_to_be_had_any_more_is_ordered_anew() {
    let (stage, between) = Between::on_stage(|_| Turn::HandOn);
    // The order is valid, and its certificate does not come.
    between.meddle(|asked: &Asked| {
        if asked.is("/certZ/") {
            return Turn::Instead(Reply::problem(404, "malformed", "no such certificate"));
        }
        Turn::HandOn
    });
    let (issued, told) = go_on(&stage, "");
    issued.unwrap_err();
    let mut refused = 0;
    between.meddle(move |asked: &Asked| {
        if asked.is("/certZ/") && refused == 0 {
            refused += 1;
            return Turn::Instead(Reply::page(404));
        }
        Turn::HandOn
    });
    let (issued, again) = go_on(&stage, &told[0]);
    assert_eq!(issued.unwrap(), [HOST]);
    assert_eq!(again.len(), 2);
}

fn account(stage: &Stage, name: &str) -> PathBuf {
    stage.folder.path().join("account").join(name)
}

#[test]
fn an_account_key_that_does_not_read_is_moved_aside_and_another_made() {
    let stage = Stage::silent(&Pebble::default());
    for broken in [&b""[..], b"garbage", b"\xff\xfe"] {
        let before = stage.account().unwrap().id().to_owned();
        fs::write(account(&stage, "account.key"), broken).unwrap();
        let after = stage.account().unwrap().id().to_owned();
        assert_ne!(after, before);
        let aside = fs::read(account(&stage, "account.key.broken"));
        assert_eq!(aside.unwrap(), broken);
    }
}

#[test]
fn an_account_url_that_is_none_of_the_cas_is_found_again_by_the_key() {
    let stage = Stage::silent(&Pebble::default());
    let id = stage.account().unwrap().id().to_owned();
    let url = account(&stage, "account.url");
    let of_plain_http = id.replace("https:", "http:");
    for garbage in ["garbage", "", "https://other.test/1", &of_plain_http] {
        fs::write(&url, garbage).unwrap();
        assert_eq!(stage.account().unwrap().id(), id, "{garbage}");
        assert_eq!(fs::read_to_string(&url).unwrap().trim(), id, "{garbage}");
    }
    fs::remove_file(&url).unwrap();
    fs::create_dir_all(Path::new(&url)).unwrap();
    let error = stage.account().err().unwrap();
    assert!(matches!(error, AcmeError::AccountKey(_)), "{error}");
}
