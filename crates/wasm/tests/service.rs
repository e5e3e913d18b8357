//! Service files as JavaScript hands them over, natively.
#![allow(clippy::unwrap_used)]

use keyway_wasm::service::{
    ConfigOptions, config_check, config_export, config_forms, config_import, config_write,
};
use keyway_wasm::{Failure, File};
use serde_json::{Value, json};

const SERVICE: &str =
    "host = \"a.example\"\n[tls]\ncertificate = \"cert.pem\"\nkey = \"key.pem\"\n";

fn key_file() -> File {
    let text = "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n";
    serde_json::from_value(json!({ "name": "key.pem", "bytes": text.as_bytes() })).unwrap()
}

fn failure<T: std::fmt::Debug>(result: Result<T, keyway_wasm::Problem>) -> Value {
    serde_json::to_value(Failure::from(&result.unwrap_err())).unwrap()["error"].clone()
}

#[test]
fn a_slip_is_a_finding_at_its_line() {
    let options: ConfigOptions = serde_json::from_value(json!({ "input": "k.toml" })).unwrap();
    let checked = config_check("\nhots = \"a.example\"\n", &options).unwrap();
    let told = serde_json::to_value(&checked).unwrap();
    assert_eq!(told["findings"][0]["code"], "config.unknown-field");
    assert_eq!(told["findings"][0]["where"]["line"], 2);
    assert_eq!(told["findings"][0]["where"]["input"], "k.toml");
}

#[test]
fn what_cannot_be_read_is_a_failure_with_its_place() {
    let told = failure(config_check("host = 1", &ConfigOptions::default()));
    assert_eq!(told["code"], "service.value");
    assert_eq!((&told["line"], &told["bytes"]), (&json!(1), &json!([7, 8])));
    let told = failure(config_import("{", "azure-json"));
    assert_eq!(told["code"], "import.form");
    assert_eq!(failure(config_import("", "x"))["code"], "arguments.form");
    let long = "#".repeat(keyway_config::MAX_BYTES + 1);
    assert_eq!(failure(config_write(&long))["code"], "service.limit");
}

#[test]
fn lines_with_secrets_are_named() {
    let text = "host = \"a\"\n[tls]\npassword = \"opensesame\"\n";
    let checked = config_check(text, &ConfigOptions::default()).unwrap();
    assert_eq!(checked.secret_lines, [3]);
}

#[test]
fn an_export_holds_a_key_only_where_one_was_given_and_says_so() {
    for form in config_forms() {
        let exported = config_export(SERVICE, &form.form, &[]).unwrap();
        assert!(!exported.private, "{}", form.form);
        assert!(!exported.text.contains("PRIVATE KEY-----"), "{}", form.form);
        let exported = config_export(SERVICE, &form.form, &[key_file()]).unwrap();
        let holds_key = exported.text.contains("PRIVATE KEY-----");
        assert!(exported.private || !holds_key, "{}", form.form);
    }
}
