//! `keyway fix`: what is written, what is left alone, and passwords.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod stage;

use std::fs;
use std::path::Path;

use keyway_testkit::{Certificate, Chain, KeyKind, NOW};
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

/// The names in a folder of the stage.
fn names(stage: &Stage, folder: &str) -> Vec<String> {
    let entries = fs::read_dir(stage.path().join(folder)).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn nothing_is_written_over_or_beside_older_files_without_force() {
    let stage = Stage::new();
    stage.write("out/key.pem", "precious");
    stage.write("out/chain-1.der", "older");
    let run = fix(&stage, "reversed.pem --out out");
    assert_eq!(run.code, Some(2));
    for word in [
        "chain-1.der and key.pem stand in out",
        "--force",
        "another --out",
    ] {
        assert!(run.stderr.contains(word), "{}", run.stderr);
    }
    assert_eq!(names(&stage, "out"), ["chain-1.der", "key.pem"]);
}

#[test]
fn with_force_nothing_of_an_earlier_run_stays_beside_the_new_files_under_its_name() {
    let stage = Stage::new();
    assert_eq!(fix(&stage, "reversed.pem key.pem --out out").code, Some(0));
    let older = fs::read(stage.path().join("out/chain.pem")).unwrap();
    let run = fix(&stage, "leaf.pem key.pem --out out --force");
    assert!(
        run.stdout
            .contains("out/chain.pem  is now out/chain.pem.old"),
        "{}",
        run.stdout
    );
    assert_eq!(
        names(&stage, "out"),
        ["chain.pem.old", "fullchain.pem", "key.pem"]
    );
    assert_eq!(
        fs::read(stage.path().join("out/chain.pem.old")).unwrap(),
        older
    );
}

#[test]
fn a_key_from_before_never_stands_beside_a_certificate_without_one() {
    let stage = Stage::new();
    assert_eq!(fix(&stage, "reversed.pem key.pem --out out").code, Some(0));
    fix(&stage, "reversed.pem --out out --force");
    assert_eq!(
        names(&stage, "out"),
        ["chain.pem", "fullchain.pem", "key.pem.old"]
    );
}

#[test]
fn a_file_or_an_unwritable_place_is_no_folder_to_write_into() {
    let stage = Stage::new();
    let run = fix(&stage, "reversed.pem --out leaf.pem");
    assert_eq!(run.code, Some(2));
    assert!(
        run.stderr.contains("--out leaf.pem: this is a file"),
        "{}",
        run.stderr
    );
    let run = fix(&stage, "reversed.pem --out leaf.pem/below");
    assert_eq!(run.code, Some(2));
    assert!(
        run.stderr.contains("cannot write leaf.pem/below"),
        "{}",
        run.stderr
    );
}

/// What a repair says that it changed, a line each.
fn changed(run: &Run) -> Vec<String> {
    let (_, list) = run
        .stdout
        .split_once("\nChanged\n")
        .unwrap_or_else(|| panic!("{}", run.said()));
    let list = list.split("\n\n").next().unwrap();
    let joined = list.replace("\n    ", " ");
    joined
        .lines()
        .map(|line| line.trim_start_matches("  - ").to_owned())
        .collect()
}

#[test]
fn what_was_in_order_is_said_to_be_unchanged() {
    let stage = Stage::new();
    let run = fix(&stage, "fullchain.pem key.pem --out out");
    assert_eq!(changed(&run), ["  nothing: the files were in order"]);
}

#[test]
fn everything_that_was_done_is_said_and_why() {
    let stage = Stage::new();
    let chain = Chain::good();
    let other = Certificate::self_signed("other.example.net").build();
    stage.write(
        "heap.pem",
        &[
            chain.root.pem(),
            chain.issuing.pem(),
            chain.leaf.pem(),
            chain.leaf.pem(),
            other.pem(),
        ]
        .concat(),
    );
    fs::write(stage.path().join("policy.der"), chain.policy.der()).unwrap();
    let run = fix(
        &stage,
        "heap.pem policy.der key.pem request.pem other-key.pem --out out",
    );
    let changed = changed(&run);
    let expected = [
        "put the server's certificate \"www.example.com\" first: it stood at heap.pem:",
        "put the certificates of 2 files into one: heap.pem, policy.der; a server",
        "wrote \"www.example.com\" once: it stood at heap.pem:",
        "left out \"Test Root X1\" (heap.pem:1); clients hold their own root [chain.root-included]",
        "left out \"other.example.net\" (heap.pem:",
        "converted DER to PEM (policy.der",
        "left out the private key at other-key.pem:1; it does not belong to the certificate",
        "left out the signing request (request.pem:1); it is for the CA",
    ];
    for start in expected {
        assert!(
            changed.iter().any(|change| change.starts_with(start)),
            "{start}: {changed:#?}"
        );
    }
    assert_eq!(changed.len(), expected.len(), "{changed:#?}");
}

#[test]
fn every_damage_to_what_was_written_is_called_mended() {
    let stage = Stage::new();
    let [leaf, issuing, policy, _] = Chain::good().certificates().map(Certificate::pem);
    let indented = format!("    {}", issuing.trim_end().replace('\n', "\n    "));
    let policy = policy.replace("-----END CERTIFICATE-----\n", "");
    stage.write("heap.pem", &format!("{leaf}text\n{indented}\n{policy}"));
    let changed = changed(&fix(&stage, "heap.pem key.pem --out out"));
    let expected = [
        "wrote the missing END line (heap.pem:",
        "removed what stood before the lines (heap.pem:",
        "left out the text between the blocks (heap.pem",
    ];
    for start in expected {
        assert!(
            changed.iter().any(|change| change.starts_with(start)),
            "{start}: {changed:#?}"
        );
    }
    assert_eq!(changed.len(), expected.len(), "{changed:#?}");
}

#[test]
fn damage_to_what_was_left_out_is_not_called_mended() {
    let stage = Stage::new();
    let other = Certificate::self_signed("other.example.net").build();
    let stranger = other.pem().replace("-----END CERTIFICATE-----\n", "");
    stage.write(
        "heap.pem",
        &[Chain::good().fullchain_pem(), stranger].concat(),
    );
    let run = fix(&stage, "heap.pem key.pem --out out");
    let changed = changed(&run);
    assert!(
        !changed.iter().any(|change| change.contains("END line")),
        "{changed:#?}"
    );
    assert!(
        changed
            .iter()
            .any(|change| change.starts_with("left out \"other")),
        "{changed:#?}"
    );
}

#[test]
fn what_became_of_the_key_is_said() {
    let stage = Stage::new();
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("../chain/tests/vectors/keys");
    stage.write("secret", "secret\n");
    for (key, words) in [
        (
            "prime256v1.sec1.pem",
            &["converted the key from SEC1 to PKCS#8"][..],
        ),
        (
            "prime256v1.explicit.pem",
            &["named the curve of the key instead of spelling it out"],
        ),
        (
            "p8-aes128.pem",
            &["wrote the key without its password, for its owner only"],
        ),
        (
            "dek-aes128.pem",
            &[
                "wrote the key without its password",
                "converted the key from SEC1 to PKCS#8",
            ],
        ),
    ] {
        for name in ["leaf.pem", key] {
            fs::copy(vectors.join(name), stage.path().join(name)).unwrap();
        }
        let run = fix(
            &stage,
            &format!("leaf.pem {key} --password-file secret --out of-{key}"),
        );
        let changed = changed(&run);
        for word in words {
            assert!(
                changed.iter().any(|change| change.starts_with(word)),
                "{key}: {changed:#?}"
            );
        }
        let run = fix(
            &stage,
            &format!("leaf.pem {key} --password-file secret --to p7b --out p7b-{key}"),
        );
        assert!(
            run.stdout.contains("left out the private key"),
            "{}",
            run.stdout
        );
    }
}

#[test]
fn what_was_taken_out_of_a_container_is_said() {
    let stage = Stage::new();
    fix(&stage, "reversed.pem --to p7b --out p7b");
    let run = fix(&stage, "p7b/chain.p7b key.pem --out out");
    let changed = changed(&run);
    let taken = "took the certificates out of the PKCS#7 bundle (p7b/chain.p7b:1); no TLS server";
    assert!(
        changed.iter().any(|change| change.starts_with(taken)),
        "{changed:#?}"
    );
}

#[test]
fn copies_in_a_container_stand_at_one_place() {
    let stage = Stage::new();
    let chain = Chain::good();
    let twice = keyway_testkit::pkcs7::certificates_only(
        &[&chain.leaf, &chain.issuing, &chain.policy, &chain.leaf],
        &[],
    );
    fs::write(stage.path().join("twice.p7b"), twice).unwrap();
    let run = fix(&stage, "twice.p7b key.pem --out out");
    let changed = changed(&run);
    assert!(
        changed
            .iter()
            .any(|change| change.contains("it stood at twice.p7b:1 (2 times)")),
        "{changed:#?}"
    );
    let check = stage.check("twice.p7b");
    let words = check
        .stdout
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    assert!(
        words.contains("stands 2 times, all of them at line 1."),
        "{words}"
    );
}

#[test]
fn of_two_self_signed_certificates_for_a_server_none_is_called_a_root() {
    let stage = Stage::new();
    let one = |key| Certificate::self_signed("twin.example").key(key).build();
    let heap = [KeyKind::P256, KeyKind::P384].map(|key| one(key).pem());
    stage.write("twins.pem", &heap.concat());
    let changed = changed(&fix(&stage, "twins.pem --out out"));
    assert!(
        changed
            .iter()
            .any(|change| change.contains("chain.second-leaf")),
        "{changed:#?}"
    );
    assert!(
        !changed.iter().any(|change| change.contains("root")),
        "{changed:#?}"
    );
}

#[test]
fn what_a_container_holds_is_in_no_order() {
    let stage = Stage::new();
    let chain = Chain::good();
    let bundle = keyway_testkit::pkcs7::certificates_only(
        &[&chain.policy, &chain.issuing, &chain.leaf],
        &[],
    );
    fs::write(stage.path().join("bundle.p7b"), bundle).unwrap();
    let changed = changed(&fix(&stage, "bundle.p7b key.pem --out out"));
    for code in ["chain.leaf-not-first", "chain.out-of-order"] {
        assert!(
            !changed.iter().any(|change| change.contains(code)),
            "{changed:#?}"
        );
    }
}

#[test]
fn a_key_that_does_not_match_is_never_written() {
    let stage = Stage::new();
    let run = fix(&stage, "reversed.pem other-key.pem --out out");
    assert!(run.stdout.contains("key.mismatch"), "{}", run.stdout);
    assert!(stage.path().join("out/fullchain.pem").exists());
    assert!(!stage.path().join("out/key.pem").exists());
    let said = run.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in [
        "is open: the private key that was given belongs to another certificate and was left out.",
        "(given: RSA 2048 at other-key.pem, line 1, the key of no certificate here)",
    ] {
        assert!(said.contains(words), "{said}");
    }
    assert!(!said.contains("no private key could be read"), "{said}");
}

#[test]
fn a_key_that_does_not_match_is_said_to_be_whose_it_is() {
    let stage = Stage::new();
    let chain = Chain::good();
    stage.write("ca-key.pem", &chain.issuing.key_pem());
    let run = fix(&stage, "reversed.pem ca-key.pem --out out");
    let said = run.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        said.contains("ca-key.pem, line 1, the key of \"Test Issuing CA E1\""),
        "{said}"
    );
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

#[test]
fn a_key_that_cannot_be_read_is_no_success() {
    let stage = Stage::new();
    let chain = Chain::good();
    stage.write("fullchain.pem", &chain.fullchain_pem());
    stage.write("root.pem", &chain.root_pem());
    let key = "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n";
    stage.write("key.pem", key);
    let run = stage.run(&format!(
        "fix fullchain.pem key.pem --roots root.pem --at @{NOW} --out out"
    ));
    assert_eq!(run.code, Some(1), "{}", run.said());
    assert!(
        run.said().contains("should be a private key"),
        "{}",
        run.said()
    );
    assert!(!stage.path().join("out/key.pem").exists());
}
