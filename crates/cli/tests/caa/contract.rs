//! Names, exit codes and JSON of `keyway dns caa` and `keyway dns check-zone`.

use std::fs;
use std::process::Command;

use serde_json::Value;

use super::servers::Server;
use super::{caa, told, zone};

fn bind() -> Server {
    let root = zone("ns.example. A 127.0.0.1\n");
    let shop = zone(
        "@ CAA 0 issue \"ca.example\"\n\
         xn--bcher-kva CAA 0 issue \"buch.example\"\n\
         flags CAA 1 issue \"ca.example\"\n\
         account CAA 0 issue \"ca.example; accounturi=https://ca.example/1\"\n\
         both CAA 0 issue \"ca.example; accounturi=https://ca.example/1\"\nboth CAA 1 iodef \"mailto:a@b.example\"\n\
         critical CAA 0 issue \"ca.example\"\ncritical CAA 128 contactemail \"a@b.example\"\n",
    );
    Server::bind(&[
        (".", Some(&root)),
        ("shop.example", Some(&shop)),
        ("broken.example", None),
    ])
}

#[test]
fn an_international_name_is_asked_about_as_the_dns_has_it() {
    let server = bind();
    let address = server.address();
    for name in ["bücher.shop.example", "*.BÜCHER.shop.example."] {
        let (code, said) = told(&[name, "--ca", "buch.example", "--resolver", &address]);
        assert_eq!(code, Some(0), "{said:#}");
        assert_eq!(said["name"], "xn--bcher-kva.shop.example.");
        assert_eq!(said["at"], "xn--bcher-kva.shop.example.");
    }
}

#[test]
fn what_no_ca_issues_for_by_caa_is_refused() {
    let refused = [
        ("192.0.2.1", "is an address"),
        ("2001:db8::1", "is an address"),
        ("*.192.0.2.1", "is an address"),
        ("*.*.shop.example", "one * stands in front"),
        ("www.*.shop.example", "one * stands in front"),
        (".", "it is empty"),
        ("", "no host name was given"),
        ("a..b", "two dots in a row"),
        ("https://shop.example/", "did you mean shop.example?"),
    ];
    for (name, why) in refused {
        // Nobody is asked.
        let run = caa(&[name, "--ca", "ca.example", "--resolver", "127.0.0.1:1"]);
        assert_eq!(run.code, Some(2), "{name}: {}", run.text);
        assert!(run.text.contains(why), "{name}: {}", run.text);
        assert!(!run.text.contains("--zone"), "{name}: {}", run.text);
    }
}

#[test]
fn a_server_that_knows_no_zone_is_not_asked_for_one_with_an_option_that_is_not_there() {
    let server = Server::bind(&[("shop.example", Some(&zone("")))]);
    let address = server.address();
    let run = caa(&[
        "www.other.example",
        "--ca",
        "ca.example",
        "--server",
        &address,
    ]);
    assert_eq!(run.code, Some(2), "{}", run.text);
    assert!(!run.text.contains("--zone"), "{}", run.text);
}

#[test]
fn what_the_named_servers_do_not_speak_for_is_not_said_to_be_allowed() {
    let server = Server::bind(&[("shop.example", Some(&zone("")))]);
    let address = server.address();
    let named = ["shop.example", "--ca", "ca.example", "--server", &address];
    let run = caa(&named);
    assert_eq!(run.code, Some(2), "{}", run.text);
    let text = run.text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("at example., nobody was asked"), "{text}");
    // One that speaks for what is above, too, has said all.
    let above = "$TTL 60\n@ SOA ns a 1 2 3 4 5\n@ NS ns\nns A 127.0.0.1\n";
    let both = Server::bind(&[("shop.example", Some(&zone(""))), ("example", Some(above))]);
    let address = both.address();
    let named = ["shop.example", "--ca", "ca.example", "--server", &address];
    assert_eq!(caa(&named).code, Some(0));
}

#[test]
fn the_exit_code_says_what_the_words_say_in_either_form() {
    let server = bind();
    let address = server.address();
    let cases = [
        ("www.shop.example", "ca.example", 0, "allowed", "allows"),
        ("new.example", "ca.example", 0, "allowed", "no-records"),
        ("www.shop.example", "other.example", 1, "denied", "others"),
        ("flags.shop.example", "ca.example", 1, "allowed", "allows"),
        ("account.shop.example", "ca.example", 2, "unknown", "unsaid"),
        ("both.shop.example", "ca.example", 2, "unknown", "unsaid"),
        (
            "critical.shop.example",
            "ca.example",
            2,
            "unknown",
            "critical-for-some",
        ),
        ("www.broken.example", "ca.example", 2, "unknown", "failed"),
    ];
    let schema = schema("keyway.caa-1.json");
    for (name, ca, code, verdict, reason) in cases {
        let arguments = [name, "--ca", ca, "--resolver", &address];
        let (ended, said) = told(&arguments);
        assert_eq!(ended, Some(code), "{said:#}");
        assert_eq!(
            (&said["verdict"], &said["reason"]),
            (&verdict.into(), &reason.into())
        );
        keeps(&schema, &said);
        let run = caa(&arguments);
        assert_eq!(run.code, Some(code), "{}", run.text);
        let word = verdict.to_ascii_uppercase();
        assert!(run.text.starts_with(&word), "{}", run.text);
        assert!(!run.text.contains(".."), "{}", run.text);
        // That it is allowed is not all there is to say.
        let warns = run.text.contains("Something is wrong all the same");
        assert_eq!(warns, code == 1 && verdict == "allowed", "{}", run.text);
    }
    let account = [
        "account.shop.example",
        "--ca",
        "ca.example",
        "--resolver",
        &address,
    ];
    for (uri, code) in [("https://ca.example/1", 0), ("https://ca.example/2", 1)] {
        let (ended, said) = told(&[&account[..], &["--account", uri]].concat());
        assert_eq!(ended, Some(code), "{said:#}");
        keeps(&schema, &said);
    }
    let star = [
        "www.shop.example",
        "--wildcard",
        "--ca",
        "ca.example",
        "--server",
        &address,
    ];
    let (ended, said) =
        told(&[&star[..], &["--method", "dns-01", "--resolver", &address]].concat());
    assert_eq!(ended, Some(0), "{said:#}");
    keeps(&schema, &said);
    let other = serde_json::json!({ "schema": "keyway.caa/2" });
    assert!(!schema.is_valid(&other));
}

#[test]
fn what_is_said_of_zones_keeps_the_published_schema() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let good =
        "$ORIGIN shop.example.\n$TTL 60\n@ SOA ns admin 1 2 3 4 5\n@ NS ns\nns A 192.0.2.1\n";
    let bad = "@ 1 A 192.0.2\n@ 1 CAA 1 issue \"a\"\nx CNAME y\nx A 192.0.2.1\nd DNAME e\nf.d A 192.0.2.1\n\
               c NS ns.c\n@ MX 1 x\n@ DS 1 8 9 00\n@ CAA 128 contactemail \"a@b.example\"\n$GENERATE 1-2 a$ A 1\n\
               * NS ns\n@ NS x\n@ CDS 1 8 9 00\nns 5 A 192.0.2.2\nz.example.net. A 192.0.2.1\nb SOA a b 1 2 3 4 5\n";
    fs::write(path("good.db"), good).unwrap();
    fs::write(path("bad.db"), format!("{good}{bad}")).unwrap();
    fs::write(path("none.db"), "").unwrap();
    let schema = schema("keyway.zone-1.json");
    for (files, code) in [
        (&["good.db"][..], 0),
        (&["good.db", "bad.db", "none.db"], 1),
    ] {
        let files: Vec<String> = files.iter().map(|name| path(name)).collect();
        let output = Command::new(env!("CARGO_BIN_EXE_keyway"))
            .args([
                "dns",
                "check-zone",
                "--format",
                "json",
                "--origin",
                "shop.example",
            ])
            .args(files)
            .env_clear()
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(code));
        let said: Value = serde_json::from_slice(&output.stdout).unwrap();
        keeps(&schema, &said);
        let is_rich = said["zones"].as_array().unwrap().iter().any(|zone| {
            let findings = zone["findings"].as_array().unwrap();
            findings.len() > 12
        });
        assert_eq!(is_rich, code == 1, "{said:#}");
    }
    assert!(!schema.is_valid(&serde_json::json!({ "schema": "keyway.zone/2" })));
}

/// A schema as the command line writes it.
fn schema(name: &str) -> jsonschema::Validator {
    let folder = tempfile::tempdir().unwrap();
    let status = Command::new(env!("CARGO_BIN_EXE_keyway"))
        .args(["generate", "schema", "--out"])
        .arg(folder.path())
        .env_clear()
        .status()
        .unwrap();
    assert!(status.success());
    let text = fs::read_to_string(folder.path().join(name)).unwrap();
    jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap()
}

fn keeps(schema: &jsonschema::Validator, said: &Value) {
    let faults = schema.iter_errors(said).map(|fault| fault.to_string());
    let faults: Vec<String> = faults.collect();
    assert!(faults.is_empty(), "{faults:?}: {said:#}");
}
