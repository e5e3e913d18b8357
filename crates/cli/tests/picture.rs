//! The picture of the chain: what it says of its ends, of clients, and of many findings of one kind.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod stage;

use keyway_testkit::{Certificate, GeneralName, HOST, NOW, oid};
use stage::Stage;

/// A CA of one's own, and a leaf that it issued itself.
fn own(stage: &Stage) {
    let root = Certificate::root("Own CA").build();
    let leaf = root.issue(HOST).without(oid::SCT_LIST).build();
    stage.write("own.pem", &leaf.pem());
    stage.write("own-root.pem", &root.pem());
    stage.write("own-key.pem", &leaf.key_pem());
    let twin = Certificate::root("Another").subject(root.subject().clone());
    let twin = twin.issuer_named(root.subject().clone()).build();
    stage.write("namesake.pem", &twin.pem());
}

#[test]
fn without_anybody_to_trust_nothing_is_called_missing_that_may_be_a_root() {
    let stage = Stage::new();
    own(&stage);
    for files in ["own.pem", "own.pem own-root.pem", "fullchain.pem"] {
        let run = stage.run(&format!("check {files} --roots none --at @{NOW}"));
        assert!(run.stdout.starts_with("UNDECIDED"), "{}", run.stdout);
        assert!(!run.stdout.contains("MISSING"), "{}", run.stdout);
        assert!(run.stdout.contains("trust: no anchors were given"));
        assert_eq!(run.code, Some(0));
    }
}

#[test]
fn a_trusted_name_with_another_key_is_no_missing_certificate() {
    let stage = Stage::new();
    own(&stage);
    let run = stage.run(&format!("check own.pem --roots namesake.pem --at @{NOW}"));
    assert!(run.stdout.contains("chain.bad-signature"), "{}", run.stdout);
    assert!(run.stdout.contains("└ no trusted root"), "{}", run.stdout);
    assert!(!run.stdout.contains("MISSING"), "{}", run.stdout);
    let files = "own.pem namesake.pem";
    let run = stage.run(&format!("check {files} --roots namesake.pem --at @{NOW}"));
    assert_eq!(
        run.stdout.matches("trusted root, ").count(),
        1,
        "{}",
        run.stdout
    );
}

#[test]
fn a_clients_certificate_is_called_so_with_its_mail_address() {
    let stage = Stage::new();
    let root = Certificate::root("Own CA").build();
    let names = [GeneralName::Email("ops@example.com".into())];
    let client = root
        .issue("ops")
        .eku(&[oid::CLIENT_AUTH])
        .san(&names)
        .build();
    stage.write("client.pem", &(client.pem() + &client.key_pem()));
    stage.write("own-root.pem", &root.pem());
    let asked = format!("--purpose client --profile private --roots own-root.pem --at @{NOW}");
    let run = stage.run(&format!("check client.pem {asked}"));
    assert!(run.stdout.starts_with("READY"), "{}", run.stdout);
    assert!(
        run.stdout.contains("client certificate, EC P-256"),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout.contains("names: email:ops@example.com"),
        "{}",
        run.stdout
    );
    assert!(!run.stdout.contains("no host was given"), "{}", run.stdout);
    assert!(!run.stdout.contains("server certificate"), "{}", run.stdout);
    let run = stage.run(&format!("check client.pem --host a.example {asked}"));
    assert!(run.stderr.contains("with no host"), "{}", run.stderr);
    assert_eq!(run.code, Some(1));
}

#[test]
fn one_fault_in_many_places_is_one_finding_in_text_and_many_in_json() {
    let stage = Stage::new();
    let text = std::fs::read_to_string(stage.path().join("fullchain.pem")).unwrap();
    let indented = text.repeat(10).trim_end().replace('\n', "\n  ");
    stage.write("tls.yaml", &format!("ca: |\n  {indented}\n"));
    let run = stage.check("tls.yaml");
    assert_eq!(
        run.stdout.matches("pem.indented").count(),
        1,
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("30 times"), "{}", run.stdout);
    let all = stage.check("tls.yaml --format json").json();
    let findings = all["findings"].as_array().unwrap();
    let indented = findings
        .iter()
        .filter(|finding| finding["code"] == "pem.indented");
    let mut lines: Vec<_> = indented
        .map(|f| f["where"]["line"].as_u64().unwrap())
        .collect();
    lines.dedup();
    assert_eq!(lines.len(), 30);
}
