//! Every rule about zones fires where it should and stays silent where it should. The vectors are in
//! `vectors/zones/<code>/{fires,silent}-<behaviour>/`, and are all of the zone example.com. Those with a need
//! are about what a service needs, and are read by the test of that.
//! Those with a question are about what servers answer, and are read by the test of that.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use keyway_dns::rules;
use keyway_dns::zone::{Finding, ReadOptions, check, read};
use keyway_report::Severity;
use keyway_tests::services::{below, name};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/zones")
}

/// Each vector: the code of its rule, its name, its text, and what is found in it.
fn vectors() -> Vec<(String, String, Vec<u8>, Vec<Finding>)> {
    let folders = below(&folder()).into_iter();
    let vectors =
        folders.flat_map(|code| below(&code).into_iter().map(move |it| (name(&code), it)));
    vectors
        .filter(|(_, vector)| !vector.join("need.json").exists())
        .filter(|(_, vector)| !vector.join("question.json").exists())
        .map(|(code, vector)| {
            let text = fs::read(vector.join("zone.db")).expect("a readable vector");
            let read = read(&text, "example.com", &ReadOptions::default()).expect("a zone file");
            let findings = check(&read, "zone.db").findings;
            (code, name(&vector), text, findings)
        })
        .collect()
}

#[test]
fn every_vector_fires_or_stays_silent_as_its_name_says() {
    let mut failures = Vec::new();
    for (code, vector, _, findings) in vectors() {
        let codes: Vec<&str> = findings.iter().map(Finding::code).collect();
        let is_to_fire = vector.starts_with("fires-");
        assert!(is_to_fire || vector.starts_with("silent-"), "{vector}");
        if codes.contains(&code.as_str()) != is_to_fire {
            failures.push(format!("{code}/{vector}: {codes:?}"));
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[test]
fn silent_vectors_find_nothing_else_of_severity_error() {
    for (code, vector, _, findings) in vectors() {
        let is_error = |finding: &&Finding| finding.severity() == Severity::Error;
        let errors: Vec<&str> = findings
            .iter()
            .filter(is_error)
            .map(Finding::code)
            .collect();
        let is_silent = vector.starts_with("silent-");
        assert!(
            !is_silent || errors.is_empty(),
            "{code}/{vector}: {errors:?}"
        );
    }
}

#[test]
fn every_rule_has_a_vector_that_fires_and_one_that_stays_silent() {
    let found: BTreeSet<(String, bool)> = below(&folder())
        .iter()
        .flat_map(|code| below(code).into_iter().map(|it| (name(code), name(&it))))
        .map(|(code, vector)| (code, vector.starts_with("fires-")))
        .collect();
    let wanted: BTreeSet<(String, bool)> = rules::all()
        .iter()
        .flat_map(|rule| [(rule.code.to_owned(), true), (rule.code.to_owned(), false)])
        .collect();
    assert_eq!(found, wanted);
}

#[test]
fn every_finding_names_a_line_of_the_file_unless_it_misses_one() {
    for (code, vector, text, findings) in vectors() {
        let lines = text.split(|byte| *byte == b'\n').count();
        for finding in findings {
            let misses = ["dns.zone-start", "dns.no-servers"].contains(&finding.code());
            let line = finding
                .at
                .line
                .map(|line| usize::try_from(line).expect("a line"));
            assert!(misses || line.is_some(), "{code}/{vector}");
            assert!(
                line.is_none_or(|line| (1..=lines).contains(&line)),
                "{code}/{vector}"
            );
        }
    }
}
