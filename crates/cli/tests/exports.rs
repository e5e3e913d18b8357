//! A service file in other tools' forms, and what they and editors make of it.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod stage;

use stage::Stage;
use stage::service::{done, enabled, keyway};

#[test]
fn an_export_of_a_file_with_errors_says_them_and_is_no_success() {
    let stage = Stage::new();
    let service = "host = \"www.example.com\"\nupstrem = \"http://127.0.0.1:5001\"\n";
    stage.write("keyway.toml", service);
    let run = keyway(&stage, "config export --to nginx");
    assert_eq!(run.code, Some(1));
    assert!(run.stdout.contains("server_name www.example.com;"));
    assert!(
        run.stderr.contains("Did you mean `upstream`?"),
        "{}",
        run.stderr
    );
}

#[test]
fn what_is_exported_is_imported_again_save_what_was_told_to_be_lost() {
    let stage = Stage::new();
    enabled(&stage);
    for form in ["azure-cli", "azure-json", "azure-python"] {
        let exported = done(&stage, &format!("config export --to {form}"));
        stage.write("form.txt", &exported.stdout);
        let imported = done(&stage, &format!("config import form.txt --from {form}"));
        assert!(
            imported.stdout.contains("host = \"www.example.com\""),
            "{}",
            imported.stdout
        );
        assert!(
            imported.stdout.contains("status = \"enabled\""),
            "{}",
            imported.stdout
        );
    }
    let run = keyway(&stage, "config import root.pem --from azure-json");
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("root.pem:1: "), "{}", run.stderr);
}

#[test]
fn every_form_is_exported_and_those_that_are_read_are_imported() {
    let stage = Stage::new();
    enabled(&stage);
    for (form, word, is_read) in [
        ("kubernetes-secret", "type: kubernetes.io/tls", true),
        ("kubernetes-ingress", "host: www.example.com", true),
        (
            "gateway --class internal",
            "gatewayClassName: internal",
            false,
        ),
        ("cert-manager", "- www.example.com", false),
        ("kubernetes-deployment --replicas 7", "replicas: 7", false),
        ("nginx", "server_name www.example.com;", true),
        ("haproxy", "bind [::]:443", true),
        ("caddy", "https://www.example.com:443", false),
        ("systemd", "keyway.toml\"", false),
    ] {
        let exported = done(&stage, &format!("config export --to {form}"));
        assert!(
            exported.stdout.contains(word),
            "{form}: {}",
            exported.stdout
        );
        if is_read {
            stage.write("form.txt", &exported.stdout);
            let imported = done(&stage, &format!("config import form.txt --from {form}"));
            assert!(
                imported.stdout.contains("[tls]"),
                "{form}: {}",
                imported.stdout
            );
        }
    }
    let told = done(&stage, "config export --to haproxy").stderr;
    assert!(told.contains("`tls.key` has no place in haproxy"), "{told}");
    let none = keyway(
        &stage,
        "config export --to kubernetes-deployment --replicas 0",
    );
    assert_eq!(none.code, Some(2));
}

#[test]
fn the_schema_takes_good_files_and_refuses_bad_ones() {
    let stage = Stage::new();
    let schema = done(&stage, "config schema").json();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for (file, is_good) in [
        (
            r#"{"host": "a.example.com", "tls": {"certificate": "a", "key": "b"}}"#,
            true,
        ),
        (
            r#"{"host": ["a.example.com"], "tls": {"min_version": "1.2", "hsts": {"max_age": 1}}}"#,
            true,
        ),
        (r#"{"tls": {"password": {"env": "P"}}}"#, true),
        (
            r#"{"ssl_cname": "a.example", "ssl_enabled": true, "ssl_cert_file": "a"}"#,
            true,
        ),
        (
            r#"{"ssl": {"cert_pem_file": "a", "key_pem_file": "b", "ssl_renew": true}}"#,
            true,
        ),
        (r#"{"ssl_cname": 3}"#, false),
        (r#"{"ssl_cnam": "a.example"}"#, false),
        (r#"{"tls": {"password": "p"}}"#, false),
        (r#"{"upstrem": "x"}"#, false),
        (r#"{"tls": {"status": "on"}}"#, false),
        (r#"{"tls": {"min_version": "1.1"}}"#, false),
    ] {
        let value = serde_json::from_str(file).unwrap();
        assert_eq!(validator.is_valid(&value), is_good, "{file}");
    }
}
