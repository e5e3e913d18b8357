//! The headline gives the reason that decides, whatever rule it is: tried on every rule vector.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod stage;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use keyway_testkit::{Chain, Crl, DAY, Extension, KeyKind, NOW, der, oid};
use serde_json::Value;
use stage::{Run, Stage};

/// The folders of the vectors.
fn vectors() -> Vec<PathBuf> {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/rules");
    let below = |folder: &Path| -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().path()).collect()
    };
    let mut found: Vec<PathBuf> = below(&rules).iter().flat_map(|rule| below(rule)).collect();
    found.sort();
    assert!(found.len() > 200, "{}", found.len());
    found
}

fn words(value: &Value) -> Vec<&str> {
    value
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect()
}

/// The command that asks what a vector asks.
fn check(folder: &Path, format: &str) -> Run {
    let text = fs::read_to_string(folder.join("case.json")).unwrap();
    let case: Value = serde_json::from_str(&text).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_keyway"));
    command
        .current_dir(folder)
        .env_clear()
        .env("LC_ALL", "C.UTF-8");
    command
        .args(["check", "--format", format])
        .args(words(&case["inputs"]));
    for host in words(&case["hosts"]) {
        command.args(["--host", host]);
    }
    for (index, password) in words(&case["passwords"]).iter().enumerate() {
        command.env(format!("P{index}"), password);
        command.args(["--password-env", &format!("P{index}")]);
    }
    if let Some(most) = case["max_intermediates"].as_u64() {
        command.args(["--max-intermediates", &most.to_string()]);
    }
    command.args(["--roots", case["roots"].as_str().unwrap_or("none")]);
    command.args(["--at", case["at"].as_str().unwrap()]);
    command.args(["--purpose", case["purpose"].as_str().unwrap()]);
    command.args(["--profile", case["profile"].as_str().unwrap()]);
    Run::of(&command.output().unwrap())
}

/// What each rule is called, and which verdict it decides.
fn rules() -> BTreeMap<String, (String, String)> {
    let listed = Stage::new().run("explain --all --format json").json();
    // Rules about other things than chains decide no verdict.
    let of = |rule: &Value, field: &str| rule[field].as_str().unwrap_or_default().to_owned();
    let rules = listed.as_array().unwrap().iter();
    rules
        .map(|rule| (of(rule, "code"), (of(rule, "title"), of(rule, "decides"))))
        .collect()
}

/// The titles that may stand in the headline of a refusal, in small letters.
fn reasons(report: &Value, rules: &BTreeMap<String, (String, String)>) -> Vec<String> {
    let errors = report["findings"].as_array().unwrap().iter();
    let errors = errors.filter(|finding| finding["severity"] == "error");
    errors
        .filter_map(|finding| rules.get(finding["code"].as_str().unwrap()))
        .filter(|(_, decides)| report["verdicts"][decides] == "no")
        .map(|(title, _)| title.to_lowercase())
        .collect()
}

/// What is wrong with the headline of one vector, if anything.
fn fault(folder: &Path, rules: &BTreeMap<String, (String, String)>) -> Option<String> {
    let report = check(folder, "json");
    if report.code == Some(2) {
        return None;
    }
    let report = report.json();
    let text = check(folder, "text").stdout;
    let headline: Vec<&str> = text
        .lines()
        .take_while(|line| !line.contains("judged at"))
        .collect();
    let headline = headline.join(" ").to_lowercase();
    if !headline.contains("will refuse this") {
        return None;
    }
    let reasons = reasons(&report, rules);
    let named = reasons
        .iter()
        .any(|reason| headline.contains(reason.as_str()));
    let unnamed = reasons.is_empty() || !named;
    unnamed.then(|| format!("{}: {headline} {reasons:?}", folder.display()))
}

#[test]
fn a_refusal_is_explained_by_a_rule_that_decides_it() {
    let (rules, vectors) = (rules(), vectors());
    let half = vectors.len().div_ceil(2);
    let faults: Vec<String> = thread::scope(|scope| {
        let workers: Vec<_> = vectors
            .chunks(half)
            .map(|part| {
                let rules = &rules;
                scope.spawn(move || -> Vec<String> {
                    part.iter()
                        .filter_map(|folder| fault(folder, rules))
                        .collect()
                })
            })
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap())
            .collect()
    });
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn headline(stage: &Stage, arguments: &str) -> String {
    let text = stage.check(arguments).stdout;
    let lines: Vec<&str> = text
        .lines()
        .take_while(|line| !line.contains("judged at"))
        .collect();
    lines.join(" ")
}

#[test]
fn revocation_and_limits_are_named_and_not_taken_for_a_missing_root() {
    let stage = Stage::new();
    let chain = Chain::good();
    let revoked = Crl::by(&chain.issuing).revoke(&chain.leaf).build();
    stage.write("revoked.crl", &revoked.pem());
    let late = Crl::by(&chain.issuing).next_update(Some(NOW - DAY)).build();
    stage.write("late.crl", &late.pem());
    // Nobody but who gave it looks at the list, or knows of the limit.
    let careful = "A careful client refuses this, though those known here let it pass";
    let open =
        "A careful client refuses this; some of those known here let it pass, of others it is open";
    let all = "Clients will refuse this";
    for (arguments, who, reason) in [
        (
            "fullchain.pem --crl revoked.crl",
            open,
            "a certificate is revoked",
        ),
        (
            "fullchain.pem --crl late.crl",
            careful,
            "a revocation list is out of date",
        ),
        (
            "fullchain.pem --max-intermediates 0",
            "Refused by the limit that was asked for; clients let it pass",
            "there are more intermediates than allowed",
        ),
        ("expired.pem", all, "a certificate has expired"),
        (
            "fullchain.pem --host a.example",
            all,
            "the certificate is not for this name (a.example)",
        ),
    ] {
        let said = headline(&stage, arguments);
        assert!(
            said.contains(&format!("{who}: {reason}.")),
            "{arguments}: {said}"
        );
    }
}

#[test]
fn what_nobody_could_judge_is_never_called_accepted() {
    let stage = Stage::new();
    let run = stage.run(&format!(
        "check reversed.pem root.pem key.pem --at @{NOW} --roots none"
    ));
    let text = run.stdout.replace('\n', " ");
    assert!(
        text.contains(
            "Whether clients will accept the certificate is open: there was nobody to trust."
        ),
        "{text}"
    );
    assert!(
        !text.contains("clients will accept the certificate for"),
        "{text}"
    );
}

#[test]
fn an_acceptance_names_who_refuses() {
    let stage = Stage::new();
    let all = Chain::good();
    let p521 = Chain::with_leaf(|leaf| leaf.key(KeyKind::P521));
    let years = Chain::with_leaf(|leaf| leaf.issued(NOW - DAY).days(1825));
    for (chain, who) in [
        (&all, None),
        (&p521, Some("; some refuse it: Chrome and Edge, Safari")),
        (&years, Some("; some refuse it: Safari")),
    ] {
        stage.write("some.pem", &chain.fullchain_pem());
        let said = headline(&stage, "some.pem --profile private").replace('\n', " ");
        let accepted = if who.is_some() {
            "Careful clients"
        } else {
            "Clients"
        };
        assert!(
            said.contains(&format!("{accepted} will accept this")),
            "{said}"
        );
        assert_eq!(said.contains("refuse"), who.is_some(), "{said}");
        assert!(said.contains(who.unwrap_or_default()), "{said}");
    }
}

#[test]
fn nobody_speaks_for_clients_of_which_nobody_knows() {
    let stage = Stage::new();
    // Of Safari it is not known what it makes of this extension.
    let odd = Chain::with_issuing(|ca| {
        let any = der::integer(0);
        ca.extension(Extension::new(oid::INHIBIT_ANY_POLICY, true, any))
            .critical(oid::INHIBIT_ANY_POLICY, false)
    });
    stage.write("odd.pem", &odd.fullchain_pem());
    let list = Crl::by(&odd.issuing).revoke(&odd.leaf).build();
    stage.write("odd.crl", &list.pem());
    let said = headline(&stage, "odd.pem --crl odd.crl");
    assert!(
        said.contains("some of those known here let it pass, of others it is open"),
        "{said}"
    );
}
