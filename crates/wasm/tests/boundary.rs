//! What JavaScript gets, natively: the same functions, without the bridge.
#![allow(clippy::unwrap_used)]

use keyway_report::{Kind as _, Verdict};
use keyway_testkit::{Chain, HOST};
use keyway_wasm::boundary::{Reader, Repaired, check, check_each, fix, inspect};
use keyway_wasm::rules::{all as all_rules, explain};
use keyway_wasm::{Failure, File, FixSettings, Options, Problem};
use serde_json::json;

fn file(name: &str, text: &str) -> File {
    serde_json::from_value(json!({ "name": name, "bytes": text.as_bytes() })).unwrap()
}

fn options(more: &serde_json::Value) -> Options {
    let root = Chain::good().root_pem();
    let mut all = json!({
        "now": "2026-11-23T00:00:00Z",
        "roots": "none",
        "own_roots": [{ "name": "root.pem", "bytes": root.as_bytes() }],
        "profile": "private",
        "hosts": [HOST],
    });
    all.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    serde_json::from_value(all).unwrap()
}

fn settings(value: serde_json::Value) -> FixSettings {
    serde_json::from_value(value).unwrap()
}

fn heap() -> Vec<File> {
    let chain = Chain::good();
    vec![
        file(
            "chain.pem",
            &(chain.issuing.pem() + &chain.policy.pem() + &chain.leaf.pem()),
        ),
        file("key.pem", &chain.leaf.key_pem()),
    ]
}

fn code<T: std::fmt::Debug>(result: Result<T, Problem>) -> &'static str {
    result.unwrap_err().code()
}

#[test]
fn a_heap_is_judged_as_the_library_judges_it() {
    let report = check(&heap(), &options(&json!({}))).unwrap();
    assert_eq!(report.verdicts.accepted, Verdict::Yes);
    assert_eq!(report.verdicts.pairs, Verdict::Yes);
    assert!(
        report
            .findings
            .iter()
            .any(|finding| finding.code() == "chain.leaf-not-first")
    );
}

#[test]
fn options_that_make_no_sense_are_problems_with_codes() {
    let refused = |more| code(check(&heap(), &options(&more)));
    assert_eq!(refused(json!({ "now": "tomorrow" })), "arguments.now");
    assert_eq!(refused(json!({ "now": 1e300 })), "arguments.now");
    assert_eq!(
        refused(json!({ "hosts": ["https://example.com/"] })),
        "arguments.host"
    );
    for host in [
        "*.example.com",
        "a..b",
        "-a.example",
        "1.2.3",
        "010.0.0.1",
        "a b",
        " ",
    ] {
        assert_eq!(
            refused(json!({ "hosts": [host] })),
            "arguments.host",
            "{host}"
        );
    }
    assert_eq!(
        refused(json!({ "warn_at_percent": 101 })),
        "arguments.malformed"
    );
    let junk = json!([{ "name": "<b>.pem", "bytes": [1, 2, 3] }]);
    assert_eq!(refused(json!({ "own_roots": junk })), "arguments.root");
}

#[test]
fn a_field_nobody_knows_is_refused_rather_than_ignored() {
    let unknown = json!({ "now": 0, "host": "example.com" });
    let error = serde_json::from_value::<Options>(unknown).unwrap_err();
    assert!(
        error.to_string().contains("unknown field `host`"),
        "{error}"
    );
}

#[test]
fn a_problem_becomes_a_value_with_code_and_message() {
    let problem = explain("chain.no-such").unwrap_err();
    let value = serde_json::to_value(Failure::from(&problem)).unwrap();
    assert_eq!(
        value,
        json!({ "error": {
            "code": "explain.unknown-code",
            "message": "no rule has the code \"chain.no-such\"",
        }})
    );
}

#[test]
fn a_repair_hands_out_the_files_and_what_was_changed() {
    let repaired = fix(&heap(), &options(&json!({})), &FixSettings::default()).unwrap();
    let names: Vec<&str> = repaired
        .files
        .iter()
        .map(|file| file.name.as_str())
        .collect();
    assert_eq!(names, ["fullchain.pem", "chain.pem", "key.pem"]);
    let chain = Chain::good();
    assert_eq!(
        repaired.files[0].bytes.as_slice(),
        chain.fullchain_pem().as_bytes()
    );
    assert!(repaired.files[2].private);
    assert!(!repaired.changes.is_empty());
}

#[test]
fn pkcs12_asks_for_its_password_and_its_random_bytes() {
    let made = |value| fix(&heap(), &options(&json!({})), &settings(value));
    assert_eq!(code(made(json!({ "form": "p12" }))), "fix.password-needed");
    let short = json!({ "form": "p12", "password": "x", "random": [1, 2, 3] });
    assert_eq!(code(made(short)), "fix.random-needed");
    let right = json!({ "form": "p12", "password": "x", "random": vec![7; 80] });
    assert_eq!(made(right).unwrap().files[0].name, "bundle.p12");
}

#[test]
fn nothing_to_write_is_a_problem() {
    let junk = [file("note.txt", "hello")];
    let nothing = fix(&junk, &options(&json!({})), &FixSettings::default());
    assert_eq!(code(nothing), "fix.no-certificate");
}

#[test]
fn many_files_are_judged_one_by_one() {
    let chain = Chain::good();
    let files = [
        file("a.pem", &chain.fullchain_pem()),
        file("b.html", "<!doctype html><title>404</title>"),
    ];
    let reports = check_each(&files, &options(&json!({})));
    let accepted: Vec<Verdict> = reports
        .iter()
        .map(|report| report.as_ref().unwrap().verdicts.accepted)
        .collect();
    assert_eq!(accepted, [Verdict::Yes, Verdict::Unknown]);
}

#[test]
fn inspecting_tells_facts_and_no_part_in_a_chain() {
    let facts = inspect(&heap(), &[]).unwrap();
    let value = serde_json::to_value(facts).unwrap();
    assert_eq!(value["schema"], "keyway.inspect/1");
    assert_eq!(value["certificates"].as_array().unwrap().len(), 3);
    assert!(value["certificates"][0].get("role").is_none());
}

#[test]
fn every_rule_can_be_explained() {
    let rules = all_rules();
    assert!(rules.len() > 100);
    for rule in rules {
        assert_eq!(explain(rule.code).unwrap(), rule);
    }
}

#[test]
fn files_and_passwords_show_nothing_of_their_contents() {
    let shown = format!(
        "{:?} {:?}",
        heap(),
        options(&json!({ "passwords": ["hunter2"] }))
    );
    assert!(
        !shown.contains("hunter2") && !shown.contains("BEGIN"),
        "{shown}"
    );
}

/// A file that takes 600,000 rounds to open, thrice, as OWASP advises.
fn locked() -> Vec<File> {
    let made = fix(
        &heap(),
        &options(&json!({})),
        &settings(json!({ "form": "p12", "password": "x", "random": vec![7; 80] })),
    );
    let bytes = made.unwrap().files[0].bytes.as_slice().to_vec();
    vec![serde_json::from_value(json!({ "name": "bundle.p12", "bytes": bytes })).unwrap()]
}

#[test]
fn what_is_kept_answers_as_if_it_was_read_anew() {
    let mut reader = Reader::default();
    reader.keep(true);
    let asked = |now, password| options(&json!({ "now": now, "passwords": [password] }));
    let files = locked();
    for (now, password) in [
        ("2026-11-23", "x"),
        ("2030-01-01", "x"),
        ("2026-11-23", "wrong"),
    ] {
        let options = asked(now, password);
        let kept = reader.check(&files, &options).unwrap();
        let anew = check(&files, &options).unwrap();
        assert_eq!(kept.to_json(false), anew.to_json(false), "{now} {password}");
        let mended = |repaired: Result<Repaired, Problem>| {
            repaired.map(|repaired| serde_json::to_value(repaired).unwrap())
        };
        let settings = FixSettings::default();
        assert_eq!(
            mended(reader.fix(&files, &options, &settings)),
            mended(fix(&files, &options, &settings))
        );
    }
    let other = heap();
    let options = asked("2026-11-23", "x");
    let kept = reader.check(&other, &options).unwrap();
    assert_eq!(
        kept.to_json(false),
        check(&other, &options).unwrap().to_json(false)
    );
}

#[test]
fn who_has_less_time_is_told_what_stayed_closed() {
    let short = options(&json!({ "passwords": ["x"], "max_kdf_rounds": 100_000 }));
    let report = check(&locked(), &short).unwrap();
    assert!(report.certificates.is_empty());
    let told: Vec<String> = report
        .findings
        .iter()
        .map(|finding| finding.kind.message())
        .collect();
    assert!(
        told.iter()
            .any(|text| text.contains("100000 key derivation rounds in all files together")),
        "{told:?}"
    );
}

#[test]
fn who_gives_a_password_pays_for_no_other_try() {
    // The integrity code once, then certificates and key: none of it with an empty password before.
    let enough = options(&json!({ "passwords": ["x"], "max_kdf_rounds": 1_800_000 }));
    let report = check(&locked(), &enough).unwrap();
    assert_eq!(report.verdicts.pairs, Verdict::Yes);
}
