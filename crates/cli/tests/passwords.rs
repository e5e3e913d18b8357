//! Passwords: where they come from, what a wrong one leads to, and that none is ever said.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod stage;

use std::fs;
use std::path::Path;

use stage::{Run, Stage};

/// The password of the key vectors.
const PASSWORD: &str = "päss word";
const WRONG: &str = "battery staple";

/// A stage with an encrypted PKCS#12 file, and a key of each encrypted form.
fn stage() -> Stage {
    let stage = Stage::new();
    let made = with(
        &stage,
        "fix reversed.pem key.pem --to p12 --to-password-env P --roots root.pem --out made",
    );
    assert!(made.code.is_some_and(|code| code < 2), "{}", made.stderr);
    let keys = Path::new(env!("CARGO_MANIFEST_DIR")).join("../chain/tests/vectors/keys");
    for name in ["p8-aes128.pem", "dek-aes128.pem"] {
        fs::copy(keys.join(name), stage.path().join(name)).unwrap();
    }
    stage
}

/// Runs with the password in `P` and a wrong one in `W`.
fn with(stage: &Stage, arguments: &str) -> Run {
    let mut command = stage.command();
    command.env("P", PASSWORD).env("W", WRONG);
    command.args(arguments.split(' '));
    Run::of(&command.output().unwrap())
}

#[test]
fn a_wrong_password_is_a_finding_that_names_its_file() {
    let stage = stage();
    for file in ["made/bundle.p12", "p8-aes128.pem", "dek-aes128.pem"] {
        let run = with(
            &stage,
            &format!("check {file} --password-env W --roots none --format json"),
        );
        assert_eq!(run.code, Some(1), "{file}: {}", run.said());
        let report = run.json();
        let findings = report["findings"].as_array().unwrap().iter();
        let mut wrong = findings.filter(|finding| finding["code"] == "pem.wrong-password");
        assert_eq!(wrong.next().unwrap()["where"]["input"], *file, "{report:#}");
        let text = with(
            &stage,
            &format!("check {file} --password-env W --roots none"),
        );
        assert!(
            text.stdout.contains(&format!("at   {file}")),
            "{}",
            text.stdout
        );
        for said in [run.said(), text.said()] {
            assert!(!said.contains(WRONG) && !said.contains(PASSWORD), "{said}");
        }
    }
}

#[test]
fn a_file_that_stays_locked_is_called_that_by_fix() {
    let stage = stage();
    let fix = |arguments: &str| {
        let roots = format!("--at @{} --roots root.pem", keyway_testkit::NOW);
        with(
            &stage,
            &format!("fix {arguments} {roots} --out out --force"),
        )
    };
    for (arguments, words) in [
        ("made/bundle.p12", "what is here is encrypted"),
        (
            "made/bundle.p12 --password-env W",
            "no password that was given opens",
        ),
    ] {
        let run = fix(arguments);
        assert_eq!(run.code, Some(2), "{}", run.said());
        for words in [words, "--password-file or --password-env"] {
            assert!(run.stderr.contains(words), "{}", run.stderr);
        }
    }
    // Beside a certificate it is left out: an error where a password was meant for it.
    let run = fix("fullchain.pem made/bundle.p12");
    assert_eq!(run.code, Some(0), "{}", run.said());
    let run = fix("fullchain.pem made/bundle.p12 --password-env W");
    assert_eq!(run.code, Some(1), "{}", run.said());
    assert!(
        run.stdout
            .contains("left out what is encrypted (made/bundle.p12:1)"),
        "{}",
        run.stdout
    );
}

#[test]
fn a_container_without_its_password_is_not_called_a_key() {
    let stage = stage();
    let run = stage.check("made/bundle.p12");
    assert!(
        run.stdout.contains("The PKCS#12 file is encrypted"),
        "{}",
        run.stdout
    );
    let run = stage.check("p8-aes128.pem");
    assert!(
        run.stdout.contains("The private key is encrypted"),
        "{}",
        run.stdout
    );
}

#[test]
fn the_right_one_of_several_passwords_opens_whatever_their_order() {
    let stage = stage();
    for order in [
        "--password-env W --password-env P",
        "--password-env P --password-env W",
    ] {
        let run = with(
            &stage,
            &format!("check made/bundle.p12 {order} --roots root.pem --format json"),
        );
        assert_eq!(run.json()["verdicts"]["pairs"], "yes", "{order}");
    }
}

#[test]
fn a_password_file_may_end_as_editors_end_it() {
    let stage = stage();
    for text in [
        "päss word",
        "päss word\n",
        "päss word\r\n",
        "\u{feff}päss word\nnotes\n",
    ] {
        stage.write("password", text);
        let run = stage.check("made/bundle.p12 --password-file password --format json");
        assert_eq!(run.json()["verdicts"]["pairs"], "yes", "{text:?}");
    }
}

#[test]
fn a_password_that_cannot_be_had_is_said_with_its_option() {
    let stage = stage();
    fs::write(stage.path().join("wide"), b"\xff\xfep\0w\0\n\0").unwrap();
    for (arguments, words) in [
        (
            "check made/bundle.p12 --password-env NOWHERE",
            &["--password-env NOWHERE", "not set"][..],
        ),
        (
            "check made/bundle.p12 --password-file nowhere",
            &["cannot read nowhere"],
        ),
        (
            "check made/bundle.p12 --password-file wide",
            &["wide is written in UTF-16"],
        ),
        (
            "check made/bundle.p12 --password-file .",
            &["cannot read .", "directory"],
        ),
        (
            "scan . --password-env NOWHERE",
            &["--password-env NOWHERE", "not set"],
        ),
        (
            "fix reversed.pem --to p12 --to-password-env NOWHERE --out new",
            &["--to-password-env NOWHERE", "not set"],
        ),
        (
            "fix reversed.pem --to p12 --out new",
            &["--to-password-file"],
        ),
    ] {
        let run = stage.run(arguments);
        assert_eq!(run.code, Some(2), "{arguments}: {}", run.said());
        for word in words {
            assert!(run.stderr.contains(word), "{arguments}: {}", run.stderr);
        }
    }
    assert!(!stage.path().join("new").exists());
}

#[test]
fn no_command_says_a_password_that_it_was_given() {
    let stage = stage();
    stage.write("password", PASSWORD);
    stage.write("other", WRONG);
    let given = "--password-file other --password-file password --password-env W";
    let said = [
        with(
            &stage,
            &format!("check made/bundle.p12 {given} --roots none"),
        ),
        with(
            &stage,
            &format!("check made/bundle.p12 {given} --format sarif"),
        ),
        with(
            &stage,
            &format!("inspect made/bundle.p12 p8-aes128.pem {given}"),
        ),
        with(&stage, &format!("scan . --verbose {given}")),
        with(&stage, &format!("scan . --format json {given}")),
        with(
            &stage,
            &format!("fix made/bundle.p12 {given} --roots root.pem --out out"),
        ),
        with(
            &stage,
            &format!("fix made/bundle.p12 {given} --to p12 --to-password-env P --out p12"),
        ),
    ];
    for run in said {
        let said = run.said();
        assert!(!said.contains(PASSWORD) && !said.contains(WRONG), "{said}");
    }
}

#[test]
fn a_cipher_that_is_not_known_is_named_with_what_to_do() {
    let stage = Stage::new();
    // PBES2 with PBKDF2 and Camellia-256-CBC, written by `openssl pkcs8 -topk8 -v2 camellia-256-cbc`.
    stage.write("camellia.pem", include_str!("keys/camellia.pem"));
    let run = stage.check("camellia.pem");
    let words = run.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        words.contains("Camellia (1.2.392.200011.61.1.1.1.4)"),
        "{words}"
    );
    assert!(words.contains("openssl pkey -in FILE -aes256"), "{words}");
    assert!(!words.contains("Give the password"), "{words}");
}
