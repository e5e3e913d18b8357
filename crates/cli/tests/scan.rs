//! `keyway scan`: trees, order, and what is not a certificate.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod stage;

use keyway_testkit::NOW;
use serde_json::Value;
use stage::{Run, Stage};

fn scan(stage: &Stage, arguments: &str) -> Run {
    stage.run(&format!("scan {arguments} --at @{NOW} --roots root.pem"))
}

/// The lines of `--format json`: files in order, and the summary.
fn lines(run: &Run) -> (Vec<String>, Value) {
    let mut lines: Vec<Value> = run
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let summary = lines.pop().unwrap()["summary"].clone();
    let files = lines
        .iter()
        .map(|line| line["file"].as_str().unwrap().to_owned())
        .collect();
    (files, summary)
}

#[test]
fn files_come_in_the_order_of_their_paths() {
    let stage = Stage::new();
    for index in (0..600).rev() {
        stage.write(
            &format!("tree/{}/{index:03}.pem", index % 7),
            "no certificate\n",
        );
    }
    let (files, summary) = lines(&scan(&stage, "tree --format json"));
    let mut sorted = files.clone();
    sorted.sort();
    assert_eq!(files, sorted);
    assert_eq!(summary["files"], 600);
}

#[test]
fn a_broken_file_never_stops_the_rest() {
    let stage = Stage::new();
    let run = scan(&stage, "cut.pem nowhere.pem fullchain.pem --format json");
    let (files, summary) = lines(&run);
    assert_eq!(files, ["cut.pem", "nowhere.pem", "fullchain.pem"]);
    assert_eq!(
        (&summary["accepted"], &summary["failed"]),
        (&1.into(), &1.into())
    );
    assert_eq!(run.code, Some(2));
}

#[test]
fn files_without_certificates_are_counted_by_what_they_hold() {
    let stage = Stage::new();
    let (_, summary) = lines(&scan(&stage, "key.pem request.pem page.html --format json"));
    let aside = summary["aside"].as_array().unwrap();
    let holds: Vec<&str> = aside
        .iter()
        .map(|each| each["holds"].as_str().unwrap())
        .collect();
    assert_eq!(
        holds,
        ["private key", "signing request", "a web page (HTML)"]
    );
    assert_eq!(summary["with_certificates"], 0);
}

#[test]
fn an_empty_file_that_is_called_a_certificate_is_a_fault() {
    let stage = Stage::new();
    stage.write("tree/.gitkeep", "");
    assert_eq!(scan(&stage, "tree").code, Some(0));
    stage.write("tree/chain.pem", "");
    assert_eq!(scan(&stage, "tree").code, Some(1));
}

#[test]
fn patterns_are_matched_below_their_folder() {
    let stage = Stage::new();
    for name in ["a/x.pem", "a/b/y.pem", "a/b/z.txt"] {
        stage.write(name, "");
    }
    let files = |pattern: &str| lines(&scan(&stage, &format!("{pattern} --format json"))).0;
    assert_eq!(files("a/*.pem"), ["a/x.pem"]);
    assert_eq!(files("a/**/*.pem"), ["a/b/y.pem", "a/x.pem"]);
    assert_eq!(files("?/b/{y,z}.*"), ["a/b/y.pem", "a/b/z.txt"]);
    let run = scan(&stage, "a/*.crt");
    assert!(
        run.stdout.contains("nothing matches a/*.crt"),
        "{}",
        run.stdout
    );
    assert_eq!(run.code, Some(2));
}

#[test]
#[cfg(unix)]
fn links_to_files_are_read_and_links_to_folders_are_counted() {
    use std::os::unix::fs::symlink;
    let stage = Stage::new();
    stage.write(
        "tree/real/chain.txt",
        &std::fs::read_to_string(stage.path().join("fullchain.pem")).unwrap(),
    );
    symlink("real/chain.txt", stage.path().join("tree/link.txt")).unwrap();
    symlink(".", stage.path().join("tree/loop")).unwrap();
    let (files, summary) = lines(&scan(&stage, "tree --format json"));
    assert_eq!(files, ["tree/link.txt", "tree/loop", "tree/real/chain.txt"]);
    assert_eq!(summary["accepted"], 2);
    assert_eq!(
        summary["aside"][0]["holds"],
        "link to a folder (not followed)"
    );
}
