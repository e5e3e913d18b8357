//! Every rule fires where it should and stays silent where it should, with either provider of
//! signature algorithms. The vectors are in `vectors/rules/<code>/{fires,silent}-<behaviour>/`.

use std::collections::BTreeSet;
use std::fs;

use keyway_chain::{algorithms, rules};
use keyway_tests::vectors::{self, Vector};

#[test]
fn every_vector_says_what_it_should() {
    let providers = [
        ("aws-lc-rs", algorithms::aws_lc_rs()),
        ("rustcrypto", algorithms::rustcrypto()),
    ];
    let mut failures = Vec::new();
    for vector in vectors::rules() {
        for (provider, algorithms) in providers {
            failures.extend(
                judge(&vector, algorithms)
                    .into_iter()
                    .map(|f| format!("{vector} ({provider}): {f}")),
            );
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

fn judge(vector: &Vector, algorithms: algorithms::Algorithms<'_>) -> Vec<String> {
    let report = vector.check(algorithms);
    let codes: Vec<&str> = report
        .findings
        .iter()
        .map(keyway_report::Finding::code)
        .collect();
    let mut out = Vec::new();
    if codes.contains(&vector.code.as_str()) != vector.fires {
        out.push(format!("findings {codes:?}"));
    }
    let verdicts = serde_json::to_value(report.verdicts).expect("verdicts serialise");
    for (name, expected) in &vector.case.verdicts {
        if verdicts[name] != *expected {
            out.push(format!(
                "{name} is {}, not {expected}; {codes:?}",
                verdicts[name]
            ));
        }
    }
    out
}

#[test]
fn every_rule_has_a_vector_that_fires_and_one_that_stays_silent() {
    let vectors = vectors::rules();
    let missing: Vec<String> = rules::all()
        .iter()
        .flat_map(|entry| [(entry.rule.code, true), (entry.rule.code, false)])
        .filter(|(code, fires)| !vectors.iter().any(|v| v.code == *code && v.fires == *fires))
        .map(|(code, fires)| {
            format!(
                "{code}: none that {}",
                if fires { "fires" } else { "stays silent" }
            )
        })
        .collect();
    assert!(missing.is_empty(), "\n{}", missing.join("\n"));
}

#[test]
fn every_vector_belongs_to_a_rule() {
    let codes: BTreeSet<&str> = rules::all().iter().map(|entry| entry.rule.code).collect();
    let strangers: Vec<String> = fs::read_dir(vectors::folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !codes.contains(name.as_str()))
        .collect();
    assert!(strangers.is_empty(), "{strangers:?}");
}

#[test]
fn codes_are_unique_and_spelled_as_area_dot_kebab_case() {
    let mut seen = BTreeSet::new();
    for entry in rules::all() {
        let code = entry.rule.code;
        assert!(seen.insert(code), "{code} stands twice");
        let (area, name) = code.split_once('.').unwrap();
        assert!(
            ["pem", "key", "chain", "time", "name", "policy"].contains(&area),
            "{code}"
        );
        assert!(
            name.chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'),
            "{code}"
        );
    }
}
