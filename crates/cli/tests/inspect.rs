//! `keyway inspect`: requests and revocation lists, in words and for programs.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod stage;

use keyway_testkit::{Chain, Crl, DAY, GeneralName, NOW, Name, Request};
use stage::Stage;

/// A stage with a request for three names, made with `key.pem`, and a list that revokes two.
fn stage() -> Stage {
    let stage = Stage::new();
    let chain = Chain::good();
    let names = [
        GeneralName::dns("www.example.com"),
        GeneralName::dns("example.com"),
        GeneralName::ip("192.0.2.7"),
    ];
    let request = Request::of(chain.leaf.key(), &Name::common("www.example.com"), &names);
    stage.write("asks.csr", &request.pem());
    let list = Crl::by(&chain.issuing)
        .revoke(&chain.leaf)
        .revoke_serial(&[5], NOW - DAY, None)
        .build();
    stage.write("list.crl", &list.pem());
    stage
}

/// The fields of a section, by name.
fn section(text: &str, title: &str) -> Vec<String> {
    let lines = text
        .lines()
        .skip_while(|line| !line.contains(title))
        .skip(1);
    let lines = lines.take_while(|line| !line.is_empty());
    lines
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect()
}

#[test]
fn a_request_is_told_with_its_names_its_key_and_what_pairs_with_it() {
    let stage = stage();
    let text = stage.run("inspect asks.csr key.pem").stdout;
    let fields = section(&text, "www.example.com  signing request");
    for field in [
        "at asks.csr:1",
        "subject CN=www.example.com",
        "name www.example.com",
        "name example.com",
        "name 192.0.2.7",
        "key EC P-256",
        "private key key.pem:1 pairs with it",
        "signature ecdsa-with-SHA256",
    ] {
        assert!(
            fields.iter().any(|line| line == field),
            "{field}: {fields:#?}"
        );
    }
    assert!(
        fields.iter().any(|line| line.starts_with("sha256 ")),
        "{fields:#?}"
    );
    let other = stage.run("inspect asks.csr other-key.pem").stdout;
    assert!(
        other.contains("none of those given pairs with it"),
        "{other}"
    );
    let alone = stage.run("inspect asks.csr").stdout;
    assert!(!alone.contains("private key"), "{alone}");
}

#[test]
fn a_request_is_given_to_programs_by_inspect_and_by_check() {
    let stage = stage();
    for command in [
        "inspect asks.csr other-key.pem key.pem --format json",
        "check asks.csr other-key.pem key.pem --roots none --format json",
    ] {
        let request = stage.run(command).json()["requests"][0].clone();
        assert_eq!(request["subject"], "CN=www.example.com");
        assert_eq!(request["dns_names"][1], "example.com");
        assert_eq!(request["ip_addresses"][0], "192.0.2.7");
        assert_eq!(request["private_key"], 1);
        assert_eq!(request["key"]["curve"], "P-256");
        assert_eq!(request["sha256"].as_str().unwrap().len(), 64);
        assert_eq!(request["input"], "asks.csr");
    }
}

#[test]
fn a_revocation_list_is_told_with_its_dates_its_number_and_its_length() {
    let stage = stage();
    let text = stage.run("inspect list.crl").stdout;
    let fields = section(&text, "Test Issuing CA E1  revocation list");
    for start in [
        "at list.crl:1",
        "issued 20",
        "next 20",
        "number ",
        "revokes 2 certificates",
        "signature ecdsa-with-SHA256",
        "sha256 ",
    ] {
        assert!(
            fields.iter().any(|line| line.starts_with(start)),
            "{start}: {fields:#?}"
        );
    }
    let list = stage.run("inspect list.crl --format json").json()["crls"][0].clone();
    assert_eq!(list["revoked"], 2);
    assert!(list["number"].as_str().unwrap().parse::<u64>().is_ok());
    for field in [
        "issuer",
        "this_update",
        "next_update",
        "signature",
        "sha256",
    ] {
        assert!(!list[field].as_str().unwrap().is_empty(), "{field}");
    }
}
