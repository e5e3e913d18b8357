//! `keyway dns caa` against BIND, and through unbound as a resolver that validates.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]
#![cfg(unix)]

mod contract;
mod servers;

use std::process::Command;

use serde_json::Value;
use servers::{Server, signed, tool};

const START: &str =
    "$TTL 60\n@ SOA ns.example. admin.example. 1 7200 900 604800 60\n@ NS ns.example.\n";

/// What a run ended with, and said.
struct Run {
    code: Option<i32>,
    text: String,
}

fn caa(arguments: &[&str]) -> Run {
    let output = Command::new(env!("CARGO_BIN_EXE_keyway"))
        .args(["dns", "caa", "--timeout", "5"])
        .args(arguments)
        .env_clear()
        .env("LC_ALL", "C.UTF-8")
        .output()
        .unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    Run {
        code: output.status.code(),
        text: String::from_utf8(output.stdout).unwrap() + &stderr,
    }
}

/// The same for programs.
fn told(arguments: &[&str]) -> (Option<i32>, Value) {
    let run = caa(&[arguments, &["--format", "json"]].concat());
    let value = serde_json::from_str(&run.text).unwrap_or_else(|_| panic!("{}", run.text));
    (run.code, value)
}

/// `FOUND NAME` of every name on the way up.
fn way(value: &Value) -> Vec<String> {
    let rungs = value["climb"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    rungs
        .map(|rung| format!("{} {}", text(&rung["found"]), text(&rung["name"])))
        .collect()
}

fn zone(records: &str) -> String {
    format!("{START}{records}")
}

fn bind() -> Server {
    let root = zone("ns.example. A 127.0.0.1\n");
    let shop = zone(
        "@ CAA 0 issue \"ca.example\"\n@ CAA 0 issuewild \";\"\nwww CNAME host.other.example.\n\
         a.b A 127.0.0.1\n* CAA 0 issue \"wild.example\"\n",
    );
    let other = zone("@ CAA 0 issue \"elsewhere.example\"\nhost A 127.0.0.1\n");
    Server::bind(&[
        (".", Some(&root)),
        ("shop.example", Some(&shop)),
        ("other.example", Some(&other)),
        ("broken.example", None),
    ])
}

#[test]
fn the_way_up_is_that_of_the_servers() {
    let server = bind();
    let address = server.address();
    let ask = |name: &str, ca: &str| told(&[name, "--ca", ca, "--resolver", &address]);

    // Through an alias, whose target has no records; those above the target do not count.
    let (code, said) = ask("www.shop.example", "ca.example");
    assert_eq!(code, Some(0), "{said:#}");
    assert_eq!(said["schema"], "keyway.caa/1");
    assert_eq!(
        way(&said),
        [
            "alias www.shop.example.",
            "nothing host.other.example.",
            "records shop.example."
        ]
    );
    // dig holds the same for what is there.
    let port = address.rsplit(':').next().unwrap();
    let here = std::env::temp_dir();
    let dig = ["@127.0.0.1", "-p", port, "+short", "CAA", "shop.example"];
    let mut lines: Vec<String> = tool("dig", &here, &dig)
        .lines()
        .map(str::to_owned)
        .collect();
    lines.sort();
    let records = said["climb"][2]["records"].as_array().unwrap();
    let mut ours: Vec<String> = records
        .iter()
        .map(|it| it.as_str().unwrap().to_owned())
        .collect();
    ours.sort();
    assert_eq!(ours, lines);

    // A name that only has names below it is there, so the wildcard does not make it.
    let (code, said) = ask("b.shop.example", "ca.example");
    assert_eq!((code, &said["verdict"]), (Some(0), &Value::from("allowed")));
    assert_eq!(
        way(&said),
        ["nothing b.shop.example.", "records shop.example."]
    );

    // A name that is not there is made by the wildcard.
    let (code, said) = ask("nobody.shop.example", "ca.example");
    assert_eq!((code, &said["verdict"]), (Some(1), &Value::from("denied")));
    assert_eq!(said["at"], "nobody.shop.example.");
    assert_eq!(said["findings"][0]["code"], "dns.caa-denies");

    // Nothing up to the top.
    let (code, said) = ask("new.example", "ca.example");
    assert_eq!(
        (code, &said["reason"]),
        (Some(0), &Value::from("no-records"))
    );
}

#[test]
fn a_denial_comes_with_the_line_that_lifts_it() {
    let server = bind();
    let address = server.address();
    let run = caa(&[
        "*.shop.example",
        "--ca",
        "ca.example",
        "--resolver",
        &address,
    ]);
    assert_eq!(run.code, Some(1), "{}", run.text);
    assert!(
        run.text
            .starts_with("DENIED  ca.example may not issue for *.shop.example.")
    );
    assert!(
        run.text
            .contains("\n  + shop.example. IN CAA 0 issuewild \"ca.example\"\n")
    );
    assert!(
        run.text.lines().all(|line| line.chars().count() <= 80),
        "{}",
        run.text
    );

    let direct = [
        "www.shop.example",
        "--ca",
        "ca.example",
        "--server",
        &address,
    ];
    let direct = told(&[&direct[..], &["--resolver", &address]].concat());
    assert_eq!(direct.0, Some(0), "{:#}", direct.1);
}

#[test]
fn a_server_that_fails_is_no_permission() {
    let server = bind();
    let address = server.address();
    let run = caa(&[
        "www.broken.example",
        "--ca",
        "ca.example",
        "--resolver",
        &address,
    ]);
    assert_eq!(run.code, Some(2), "{}", run.text);
    assert!(run.text.starts_with("UNKNOWN"), "{}", run.text);
    assert!(run.text.contains("SERVFAIL"), "{}", run.text);
    assert!(run.text.contains("must not"), "{}", run.text);
}

#[test]
fn a_resolver_that_validates_tells_held_signatures_from_broken_ones() {
    let records = zone("@ CAA 0 issue \"ca.example\"\nwww A 127.0.0.1\n");
    let (held, held_key) = signed("held.example", &records);
    let (broken, broken_key) = signed("broken.example", &records);
    // Somebody edits the signed zone: the signatures are over other values.
    assert!(broken.contains("\"ca.example\"") && broken.contains("127.0.0.1"));
    let broken = broken.replace("\"ca.example\"", "\"ca.invalid\"");
    let broken = broken.replace("127.0.0.1", "127.0.0.2");
    let (loose, _) = signed("loose.example", &records);
    let server = Server::bind(&[
        (".", Some(&zone("ns.example. A 127.0.0.1\n"))),
        ("held.example", Some(&held)),
        ("broken.example", Some(&broken)),
        ("loose.example", Some(&loose)),
        ("plain.example", Some(&records)),
    ]);
    let resolver = Server::unbound(&server, &format!("{held_key}{broken_key}"));
    let address = resolver.address();
    let ask = |name: &str| told(&[name, "--ca", "ca.example", "--resolver", &address]);

    let (code, said) = ask("www.held.example");
    assert_eq!(code, Some(0), "{said:#}");
    assert_eq!(said["dnssec"], "validated");

    let (code, said) = ask("broken.example");
    assert_eq!(code, Some(1), "{said:#}");
    assert_eq!(
        (&said["verdict"], &said["dnssec"]),
        (&Value::from("unknown"), &Value::from("bogus"))
    );
    assert_eq!(said["findings"][0]["code"], "dns.dnssec-bogus");
    let run = caa(&[
        "broken.example",
        "--ca",
        "ca.example",
        "--resolver",
        &address,
    ]);
    assert!(run.text.contains("2026-03-15"), "{}", run.text);
    // A plan for such a zone says so, too: what it leaves nobody believes who looks.
    let plan = |host: &str| {
        let line = format!(
            "dns plan --host {host} --endpoint 127.0.0.9 --resolver {address} --server {} --format json",
            server.address()
        );
        let mut keyway = Command::new(env!("CARGO_BIN_EXE_keyway"));
        let run = keyway.args(line.split(' ')).output().unwrap();
        let said: Value = serde_json::from_slice(&run.stdout).unwrap();
        let codes = said["findings"].as_array().unwrap().iter();
        let is_bogus = codes
            .map(|it| &it["code"])
            .any(|it| it == "dns.dnssec-bogus");
        (run.status.code(), is_bogus)
    };
    assert_eq!(plan("www.broken.example"), (Some(1), true));
    assert_eq!(plan("www.held.example"), (Some(0), false));

    // The root is not signed here, so nothing shows that this resolver looks at all.
    for name in ["plain.example", "loose.example"] {
        let (code, said) = ask(name);
        assert_eq!(
            (code, &said["dnssec"]),
            (Some(0), &Value::from("unknown")),
            "{said:#}"
        );
    }
    // Whether there are signatures is seen without anybody who looks at them.
    let direct = server.address();
    for (name, signed, words) in [
        ("www.held.example", "all", "came signed"),
        (
            "www.plain.example",
            "none",
            "no answer on the way came signed",
        ),
    ] {
        let asked = [name, "--ca", "ca.example", "--server", &direct];
        let (_, said) = told(&asked);
        assert_eq!(
            (&said["dnssec"], &said["signed"]),
            (&Value::from("unknown"), &Value::from(signed)),
            "{said:#}"
        );
        let text = caa(&asked)
            .text
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        assert!(text.contains(words), "{text}");
    }
}
