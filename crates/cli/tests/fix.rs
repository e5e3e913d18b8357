//! `keyway fix`: what is written, what is left alone, and passwords.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod stage;

use std::fs;

use keyway_testkit::NOW;
use stage::{Run, Stage};

const PASSWORD: &str = "päss word";

fn fix(stage: &Stage, arguments: &str) -> Run {
    stage.run(&format!("fix {arguments} --at @{NOW} --roots root.pem"))
}

fn with_password(stage: &Stage, arguments: &str) -> Run {
    let mut command = stage.command();
    command.env("SECRET", PASSWORD).args(arguments.split(' '));
    command.args(["--at", &format!("@{NOW}"), "--roots", "root.pem"]);
    Run::of(&command.output().unwrap())
}

#[test]
fn what_is_written_is_clean_and_repairing_it_again_changes_nothing() {
    let stage = Stage::new();
    assert_eq!(fix(&stage, "reversed.pem key.pem --out one").code, Some(0));
    let check = stage.check("one/fullchain.pem one/key.pem --host www.example.com");
    assert_eq!(check.code, Some(0), "{}", check.stdout);
    assert_eq!(
        fix(&stage, "one/fullchain.pem one/key.pem --out two").code,
        Some(0)
    );
    for name in ["fullchain.pem", "chain.pem", "key.pem"] {
        let read = |folder: &str| fs::read(stage.path().join(folder).join(name)).unwrap();
        assert_eq!(read("one"), read("two"), "{name}");
    }
}

#[test]
fn nothing_is_overwritten_without_force() {
    let stage = Stage::new();
    stage.write("out/key.pem", "precious");
    let run = fix(&stage, "reversed.pem key.pem --out out");
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("--force"), "{}", run.stderr);
    assert_eq!(fs::read_dir(stage.path().join("out")).unwrap().count(), 1);
    assert_eq!(
        fix(&stage, "reversed.pem key.pem --out out --force").code,
        Some(0)
    );
    assert_ne!(
        fs::read_to_string(stage.path().join("out/key.pem")).unwrap(),
        "precious"
    );
}

#[test]
fn a_key_that_does_not_match_is_never_written() {
    let stage = Stage::new();
    let run = fix(&stage, "reversed.pem other-key.pem --out out");
    assert!(run.stdout.contains("key.mismatch"), "{}", run.stdout);
    assert!(stage.path().join("out/fullchain.pem").exists());
    assert!(!stage.path().join("out/key.pem").exists());
}

#[test]
#[cfg(unix)]
fn a_key_is_written_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let stage = Stage::new();
    fix(&stage, "reversed.pem key.pem --out out");
    let mode = fs::metadata(stage.path().join("out/key.pem"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_pkcs12_file_opens_with_its_password_and_with_no_other() {
    let stage = Stage::new();
    let to = "fix reversed.pem key.pem --to p12 --to-password-env SECRET --out out";
    assert_eq!(with_password(&stage, to).code, Some(0));
    let opened = with_password(
        &stage,
        "check out/bundle.p12 --password-env SECRET --format json",
    );
    assert_eq!(opened.json()["verdicts"]["pairs"], "yes");
    stage.write("wrong", "not it\n");
    let closed = stage.check("out/bundle.p12 --password-file wrong --format json");
    assert_eq!(closed.json()["verdicts"]["reads"], "no");
    assert!(!opened.said().contains(PASSWORD) && !closed.said().contains("not it"));
    let unset = stage.check("out/bundle.p12 --password-env NOWHERE");
    assert_eq!(unset.code, Some(2));
}

#[test]
fn every_form_is_read_back() {
    let stage = Stage::new();
    for (form, files) in [
        ("der", "der/cert.der der/chain-1.der der/key.der"),
        ("p7b", "p7b/chain.p7b"),
    ] {
        assert_eq!(
            fix(
                &stage,
                &format!("reversed.pem key.pem --to {form} --out {form}")
            )
            .code,
            Some(0)
        );
        let report = stage.check(&format!("{files} --format json")).json();
        assert_eq!(report["certificates"][0]["role"], "leaf", "{form}");
    }
}
