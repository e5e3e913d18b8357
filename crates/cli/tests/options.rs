//! Options that were given something else than they ask for: what is wrong, where, and what to do.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod stage;

use std::fs;

use keyway_testkit::{Chain, Crl, NOW};
use stage::{Run, Stage};

/// A refusal: exit code 2, nothing on standard output, and these words beside it.
fn refuses(run: &Run, words: &[&str]) {
    assert_eq!(run.code, Some(2), "{}", run.said());
    assert!(run.stdout.is_empty(), "{}", run.stdout);
    for word in words {
        assert!(run.stderr.contains(word), "{word}: {}", run.stderr);
    }
}

#[test]
fn a_file_without_a_key_is_no_answer_to_key() {
    let stage = Stage::new();
    let run = stage.check("fullchain.pem --key root.pem");
    refuses(
        &run,
        &[
            "--key root.pem",
            "holds no private key, but a certificate",
            "give the key",
        ],
    );
    let run = stage.check("fullchain.pem --key page.html");
    refuses(&run, &["--key page.html", "a web page (HTML)"]);
    refuses(
        &stage.run("inspect leaf.pem --key empty.pem"),
        &["--key empty.pem"],
    );
    refuses(
        &stage.run("fix leaf.pem --key empty.pem --out out"),
        &["--key empty.pem"],
    );
    assert!(!stage.path().join("out").exists());
}

#[test]
fn a_key_that_is_broken_or_locked_is_a_finding_and_no_refusal() {
    let stage = Stage::new();
    let key = fs::read_to_string(stage.path().join("key.pem")).unwrap();
    stage.write("broken.key", &key.replace("MI", "*"));
    for file in ["broken.key", "with-key.pem", "key.pem"] {
        let run = stage.check(&format!("leaf.pem --key {file}"));
        assert_ne!(run.code, Some(2), "{file}: {}", run.stderr);
    }
}

#[test]
fn a_file_without_a_revocation_list_is_no_answer_to_crl() {
    let stage = Stage::new();
    let run = stage.check("fullchain.pem --crl key.pem");
    refuses(
        &run,
        &[
            "--crl key.pem",
            "holds no revocation list, but a private key",
        ],
    );
    let chain = Chain::good();
    stage.write("list.crl", &Crl::by(&chain.issuing).build().pem());
    let run = stage.check("fullchain.pem key.pem --crl list.crl");
    assert_eq!(run.code, Some(0), "{}", run.said());
    stage.write("lists/list.crl", &Crl::by(&chain.issuing).build().pem());
    stage.write("lists/README", "lists\n");
    assert_ne!(
        stage.check("fullchain.pem key.pem --crl lists").code,
        Some(2)
    );
}

#[test]
fn a_folder_without_a_key_is_no_answer_to_key() {
    let stage = Stage::new();
    stage.write("keys/README", "none yet\n");
    let run = stage.check("fullchain.pem --key keys --key keys");
    assert_eq!(run.code, Some(2));
    let said = "--key keys: no file of this folder holds a private key";
    assert!(run.stderr.contains(said), "{}", run.stderr);
    assert_eq!(
        run.stderr.matches("is a folder").count(),
        1,
        "{}",
        run.stderr
    );
}

#[test]
fn roots_have_to_hold_certificates() {
    let stage = Stage::new();
    let at = format!("--at @{NOW}");
    let run = stage.run(&format!("check leaf.pem --roots key.pem {at}"));
    refuses(
        &run,
        &[
            "--roots key.pem",
            "but a private key",
            "mozilla, system, none",
        ],
    );
    stage.write("nothing/README", "no certificate\n");
    let run = stage.run(&format!("check leaf.pem --roots nothing {at}"));
    refuses(&run, &["--roots nothing", "no file of this folder"]);
}

#[test]
fn the_certificates_of_a_folder_of_roots_are_trusted() {
    let stage = Stage::new();
    let root = fs::read_to_string(stage.path().join("root.pem")).unwrap();
    stage.write("trust/README", "our roots\n");
    stage.write("trust/root.pem", &root);
    stage.write("trust/4a5b6c7d.0", &root);
    let run = stage.run(&format!(
        "check fullchain.pem key.pem --roots trust --at @{NOW}"
    ));
    assert_eq!(run.code, Some(0), "{}", run.said());
    let note = "--roots trust is a folder: the 1 certificate in its files is trusted; \
                1 file holds none that can be trusted";
    assert!(run.stderr.contains(note), "{}", run.stderr);
}

#[test]
fn a_pattern_is_no_host_and_is_never_accepted() {
    let stage = Stage::new();
    let wild = Chain::with_leaf(|leaf| leaf.san_dns(&["*.example.com"]));
    stage.write("wild.pem", &wild.fullchain_pem());
    let run = stage.check("wild.pem --host *.example.com");
    refuses(
        &run,
        &["'*.example.com'", "a pattern", "--host www.example.com"],
    );
    let report = stage
        .check("wild.pem --host www.example.com --format json")
        .json();
    assert_eq!(report["verdicts"]["named"], "yes");
}

#[test]
fn what_is_no_host_is_refused_with_what_to_type() {
    let stage = Stage::new();
    for (given, words) in [
        (
            "a b",
            &["'a b'", "no name of a host", "www.example.com"][..],
        ),
        ("", &["''", "no host name was given"]),
        ("  ", &["no host name was given"]),
        (
            "https://www.example.com/x",
            &["this is a URL", "--host www.example.com?"],
        ),
        (
            "www.example.com:443",
            &["a host with a port", "--host www.example.com?"],
        ),
        (
            "me@www.example.com",
            &["a user at a host", "--host www.example.com?"],
        ),
        ("www.example.com/x", &["a path", "--host www.example.com?"]),
        ("10.0.0.0/8", &["a range", "--host 10.0.0.0?"]),
        ("www..example.com", &["two dots in a row"]),
        ("1.2.3.4.5", &["ends in a number"]),
        ("*", &["a pattern", "--host www.example.com"]),
        ("w*.example.com", &["a pattern"]),
    ] {
        let mut command = stage.command();
        command.args(["check", "fullchain.pem", "--host", given]);
        refuses(&Run::of(&command.output().unwrap()), words);
    }
}

#[test]
fn a_host_is_understood_with_a_dot_behind_it_and_in_any_alphabet() {
    let stage = Stage::new();
    for host in ["www.example.com.", "WWW.Example.COM", "www.example.com"] {
        assert_eq!(
            stage.check(&format!("fullchain.pem --host {host}")).code,
            Some(0)
        );
    }
    let run = stage.check("fullchain.pem --host bücher.example");
    assert_eq!(run.code, Some(1), "{}", run.said());
}

#[test]
fn a_folder_says_what_of_it_was_not_read() {
    let stage = Stage::new();
    stage.write(
        "heap/cert.pem",
        &fs::read_to_string(stage.path().join("leaf.pem")).unwrap(),
    );
    #[cfg(unix)]
    std::os::unix::fs::symlink("gone.pem", stage.path().join("heap/chain.pem")).unwrap();
    let run = stage.check("heap");
    if cfg!(unix) {
        assert!(
            run.stderr.contains("heap/chain.pem is not read"),
            "{}",
            run.stderr
        );
    }
}

#[test]
fn standard_input_answers_one_question_only() {
    let stage = Stage::new();
    let leaf = fs::read(stage.path().join("leaf.pem")).unwrap();
    for arguments in [
        "check - --roots -",
        "check - --password-file -",
        "scan - -",
        "fix - --out out --to p12 --to-password-file -",
    ] {
        let mut command = stage.command();
        command.args(arguments.split(' '));
        let run = Run::feeding(&mut command, &leaf);
        assert_eq!(run.code, Some(2), "{arguments}: {}", run.said());
        let said = run.said();
        assert!(
            said.contains("standard input (-) was named for more than one thing"),
            "{arguments}: {said}"
        );
    }
    // Named twice for the same thing, it is one input.
    let mut command = stage.command();
    command.args(["inspect", "-", "-"]);
    assert_eq!(Run::feeding(&mut command, &leaf).code, Some(0));
}

#[test]
fn a_slip_in_a_value_is_answered_with_the_values_there_are() {
    let stage = Stage::new();
    for (arguments, words) in [
        (
            "check leaf.pem --roots mozila",
            &["--roots 'mozila'", "mozilla, system, none"][..],
        ),
        (
            "check leaf.pem --at tomorrow",
            &["--at 'tomorrow'", "2026-11-23T12:00:00Z"],
        ),
        ("check leaf.pem --warn-at 200", &["200", "0..=100"]),
        (
            "check leaf.pem --format xml",
            &["xml", "text, json, sarif, github"],
        ),
        ("inspect leaf.pem --format sarif", &["sarif", "text, json"]),
        ("check leaf.pem --purpose mail", &["mail", "server, client"]),
        ("check leaf.pem --profile x", &["webpki, rfc5280, private"]),
        ("check leaf.pem --hots x", &["--hots", "--host"]),
        ("chek leaf.pem", &["chek", "check"]),
        (
            "fix leaf.pem --out o --to zip",
            &["zip", "pem, p12, p7b, der"],
        ),
        (
            "fix leaf.pem --out o --to-password-env HOME",
            &["--to-password-env", "only --to p12"],
        ),
        ("fix leaf.pem", &["--out"]),
        ("scan [", &["no such file", "unclosed"]),
        ("explain chain.revokd", &["did you mean chain.revoked?"]),
        (
            "check empty-folder",
            &["cannot read empty-folder", "check the path"],
        ),
    ] {
        refuses(&stage.run(arguments), words);
    }
    assert_eq!(stage.run("explain CHAIN.Revoked").code, Some(0));
}
