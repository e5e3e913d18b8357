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
fn a_file_without_the_certificate_it_should_hold_is_counted_as_that() {
    let stage = Stage::new();
    stage.write("tree/x.pem", "hello\n");
    let run = scan(&stage, "tree --format json");
    assert_eq!(line(&run, "tree/x.pem")["holds"], "no certificate");
    let (_, summary) = lines(&run);
    let count = |name: &str| summary[name].as_u64().unwrap();
    assert_eq!(
        (
            count("with_certificates"),
            count("lacking"),
            count("undecided")
        ),
        (0, 1, 0)
    );
    let text = scan(&stage, "tree").stdout;
    assert!(text.contains("1 file: 0 with certificates"), "{text}");
    assert!(
        text.contains("1 from which no certificate could be read"),
        "{text}"
    );
}

#[test]
fn a_line_names_the_cause_before_what_rustls_makes_of_it() {
    let stage = Stage::new();
    let text = scan(&stage, "cut.pem").stdout;
    assert!(text.contains("cut.pem  pem.bad-base64\n"), "{text}");
    let made = "fix reversed.pem key.pem --to p12 --to-password-file key.pem --out made";
    assert_eq!(
        stage
            .run(&format!("{made} --roots root.pem --at @{NOW}"))
            .code,
        Some(0)
    );
    let text = scan(&stage, "made").stdout;
    assert!(
        text.contains("made/bundle.p12  pem.encrypted-key\n"),
        "{text}"
    );
    let check = stage.check("cut.pem").stdout;
    assert!(!check.contains("0 certificates and 0 keys"), "{check}");
}

#[test]
fn the_summary_counts_the_words_of_the_lines() {
    let stage = Stage::new();
    let run = scan(&stage, "fullchain.pem reversed.pem with-key.pem leaf.pem");
    assert!(
        run.stdout
            .contains("1 ready, 1 accepted, 1 not ready, 1 refused; "),
        "{}",
        run.stdout
    );
}

#[test]
fn a_file_that_was_named_has_a_line_and_one_below_a_folder_only_with_certificates() {
    let stage = Stage::new();
    stage.write("tree/notes.txt", "hello\n");
    let has_line = |arguments: &str| {
        let run = scan(&stage, arguments);
        run.stdout.lines().any(|line| line.starts_with('-'))
    };
    assert!(has_line("key.pem"));
    assert!(has_line("tree/notes.txt"));
    assert!(has_line("tree --verbose"));
    assert!(!has_line("tree"));
    assert!(!has_line("tree/*.txt"));
    assert!(!has_line("key.pem --quiet"));
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

/// The line of a file in `--format json`.
fn line(run: &Run, file: &str) -> Value {
    let mut lines = run.stdout.lines();
    lines
        .find_map(|line| {
            let line: Value = serde_json::from_str(line).unwrap();
            (line["file"] == *file).then_some(line)
        })
        .unwrap_or_else(|| panic!("{file}: {}", run.stdout))
}

#[test]
#[cfg(unix)]
fn a_broken_link_below_a_folder_is_a_fault_of_that_file_and_stops_nothing() {
    use std::os::unix::fs::symlink;
    let stage = Stage::new();
    let chain = std::fs::read_to_string(stage.path().join("fullchain.pem")).unwrap();
    stage.write("tree/a.pem", &chain);
    symlink("gone.pem", stage.path().join("tree/b.pem")).unwrap();
    symlink("c.pem", stage.path().join("tree/c.pem")).unwrap();
    stage.write("tree/d.pem", &chain);
    let run = scan(&stage, "tree --format json");
    let (files, summary) = lines(&run);
    assert_eq!(
        files,
        ["tree/a.pem", "tree/b.pem", "tree/c.pem", "tree/d.pem"]
    );
    let dead = line(&run, "tree/b.pem");
    assert_eq!(dead["named"], false);
    let why = dead["failure"].as_str().unwrap();
    assert!(
        why.contains("tree/b.pem: it is a link to gone.pem, which is not there"),
        "{why}"
    );
    assert_eq!(
        (&summary["failed"], &summary["not_run"]),
        (&2.into(), &0.into())
    );
    assert_eq!((run.code, &summary["exit"]), (Some(1), &1.into()));
    let text = scan(&stage, "tree");
    assert!(text.stdout.contains("NOT READ"), "{}", text.stdout);
    assert!(
        text.stdout.contains("not read: 2 files\n"),
        "{}",
        text.stdout
    );
}

#[test]
#[cfg(unix)]
fn what_was_named_and_cannot_be_read_is_a_job_not_done() {
    use std::os::unix::fs::symlink;
    let stage = Stage::new();
    symlink("gone.pem", stage.path().join("dead.pem")).unwrap();
    for named in ["dead.pem", "nowhere", "no/*.pem"] {
        let run = scan(&stage, &format!("{named} fullchain.pem --format json"));
        let (files, summary) = lines(&run);
        assert_eq!(files, [named, "fullchain.pem"]);
        assert_eq!(line(&run, named)["named"], true);
        assert_eq!((run.code, &summary["exit"]), (Some(2), &2.into()));
    }
    let text = scan(&stage, "dead.pem").stdout;
    assert!(
        text.contains("(1 of them named on the command line)"),
        "{text}"
    );
}

#[test]
#[cfg(unix)]
fn a_pipe_is_never_waited_for() {
    let stage = Stage::new();
    stage.write("tree/x.txt", "");
    let pipe = stage.path().join("tree/pipe.pem");
    let made = std::process::Command::new("mkfifo")
        .arg(pipe)
        .status()
        .unwrap();
    assert!(made.success());
    let run = scan(&stage, "tree --format json");
    assert_eq!(
        line(&run, "tree/pipe.pem")["holds"],
        "socket, pipe or device"
    );
    assert_eq!(run.code, Some(0));
    let run = scan(&stage, "tree/pipe.pem --format json");
    assert!(
        line(&run, "tree/pipe.pem")["failure"]
            .as_str()
            .unwrap()
            .contains("keyway check")
    );
    assert_eq!(run.code, Some(2));
    assert_eq!(scan(&stage, "/dev/null").code, Some(2));
    // A heap is made of files as well.
    let heap = stage.check("tree");
    assert!(
        heap.stderr.contains("tree/pipe.pem is not read"),
        "{}",
        heap.stderr
    );
}

#[test]
fn a_huge_file_is_passed_over_unless_its_name_promises_certificates() {
    let stage = Stage::new();
    for name in ["tree/film.mp4", "tree/chain.pem"] {
        let path = stage.write(name, "");
        let file = std::fs::File::options().write(true).open(path).unwrap();
        file.set_len(1 << 40).unwrap();
    }
    let run = scan(&stage, "tree --format json");
    assert_eq!(
        line(&run, "tree/film.mp4")["holds"],
        "larger than certificates are (not read)"
    );
    let why = line(&run, "tree/chain.pem")["failure"].clone();
    assert!(
        why.as_str().unwrap().contains("larger than 16 MiB"),
        "{why}"
    );
    assert_eq!(run.code, Some(1));
    assert_eq!(scan(&stage, "tree/film.mp4").code, Some(2));
}
