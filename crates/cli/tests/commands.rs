//! The commands that a report prints are run as they stand there, and have to lead to the result.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]
#![cfg(unix)]

mod stage;

use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use keyway_testkit::{Chain, NOW};
use stage::{HOSTILE, Run, Stage};

/// The first command of a report, as a person copies it: continued lines and all.
fn printed(text: &str) -> String {
    let from = text
        .find("\n  run  ")
        .unwrap_or_else(|| panic!("no command: {text}"));
    let mut lines = text[from + 1..].lines();
    let mut command = String::new();
    loop {
        let line = lines.next().unwrap();
        command.push_str(&line[7..]);
        if !line.ends_with('\\') {
            return command;
        }
        command.push('\n');
    }
}

/// Gives a command to a shell that finds the binary under its name.
fn shell(stage: &Stage, command: &str) -> Run {
    let binary = Path::new(env!("CARGO_BIN_EXE_keyway"));
    let path = format!("{}:/usr/bin:/bin", binary.parent().unwrap().display());
    let mut bash = Command::new("bash");
    bash.args(["-c", command])
        .current_dir(stage.path())
        .env("PATH", path);
    bash.env("SECRET", "päss word").stdin(Stdio::null());
    Run::of(&bash.output().unwrap())
}

fn check(stage: &Stage, arguments: &[&str]) -> Run {
    let mut command = stage.command();
    command
        .env("SECRET", "päss word")
        .arg("check")
        .args(arguments);
    command.args(["--at", &format!("@{NOW}")]);
    Run::of(&command.output().unwrap())
}

#[test]
fn a_printed_command_judges_by_what_the_check_judged_by() {
    let stage = Stage::new();
    for name in ["my root's.pem", "$(touch harm).pem", "-key.pem"] {
        let from = match name {
            "my root's.pem" => "root.pem",
            "-key.pem" => "key.pem",
            _ => "reversed.pem",
        };
        fs::copy(stage.path().join(from), stage.path().join(name)).unwrap();
    }
    let arguments = [
        "$(touch harm).pem",
        "--key=-key.pem",
        "--host",
        "www.example.com",
        "--roots",
        "my root's.pem",
        "--password-env",
        "SECRET",
        "--profile",
        "private",
        "--max-intermediates",
        "3",
        "--warn-at",
        "10",
    ];
    let report = check(&stage, &arguments);
    assert_eq!(report.code, Some(1), "{}", report.said());
    let command = printed(&report.stdout);
    for option in [
        "--key ./-key.pem",
        "--host www.example.com",
        "--roots 'my root'\\''s.pem'",
        "--password-env SECRET",
        "--profile private",
        "--max-intermediates 3",
        "--warn-at 10",
        &format!("--at @{NOW}"),
    ] {
        assert!(command.contains(option), "{option}: {command}");
    }
    let run = shell(&stage, &command);
    assert_eq!(run.code, Some(0), "{command}\n{}", run.said());
    assert!(run.stdout.starts_with("READY"), "{}", run.stdout);
    assert!(stage.path().join("fixed/key.pem").exists());
    assert!(!stage.path().join("harm").exists());
}

#[test]
fn a_printed_command_names_files_whose_names_cannot_be_typed() {
    let stage = Stage::new();
    let bytes = [HOSTILE.replace('/', "").as_bytes(), b"\xff.pem"].concat();
    let name = std::ffi::OsStr::from_bytes(&bytes);
    fs::copy(stage.path().join("reversed.pem"), stage.path().join(name)).unwrap();
    let mut command = stage.command();
    command
        .arg("check")
        .arg(name)
        .args(["key.pem", "--roots", "root.pem"]);
    command.args(["--at", &format!("@{NOW}")]);
    let report = Run::of(&command.output().unwrap());
    let command = printed(&report.stdout);
    assert!(command.is_ascii(), "{command}");
    let run = shell(&stage, &command);
    assert_eq!(run.code, Some(0), "{command}\n{}", run.said());
}

#[test]
fn a_missing_certificate_is_fetched_by_the_printed_command_with_its_options() {
    let stage = Stage::new();
    let report = check(&stage, &["lonely.pem", "key.pem", "--roots", "root.pem"]);
    let command = printed(&report.stdout);
    assert!(
        command
            .starts_with("curl --fail --output missing.crt http://ca.example.com/issuing.crt &&"),
        "{command}"
    );
    // The fetching is left out: a test has no network.
    stage.write("missing.crt", &Chain::good().issuing.pem());
    let (_, repair) = command.split_once("&& \\\n").unwrap();
    let run = shell(&stage, repair);
    assert!(repair.contains("key.pem missing.crt"), "{repair}");
    assert!(run.stdout.contains("fixed/fullchain.pem"), "{}", run.said());
}

#[test]
fn a_command_that_is_the_same_is_printed_once() {
    let stage = Stage::new();
    let report = check(&stage, &["reversed.pem", "key.pem", "--roots", "root.pem"]);
    assert_eq!(report.stdout.matches("keyway fix reversed.pem").count(), 1);
    assert!(
        report
            .stdout
            .contains("run  the command under chain.leaf-not-first")
    );
}
