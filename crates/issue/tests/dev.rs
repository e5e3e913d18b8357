//! What a development CA makes, and what it does not.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

use keyway_chain::x509::Certificate;
use keyway_chain::{Input, ReadOptions, read};
use keyway_issue::{DevCa, DevError, Identifier, Pair};
use keyway_report::{DAY, Timestamp};

/// The moment of every test: 2026-11-23T00:00:00Z.
const NOW: Timestamp = Timestamp::from_seconds(1_795_392_000);

fn ca() -> DevCa {
    DevCa::make("somebody@somewhere", &[], NOW).unwrap()
}

fn hosts(given: &[&str]) -> Vec<Identifier> {
    given
        .iter()
        .map(|given| Identifier::parse(given).unwrap())
        .collect()
}

fn leaf(pair: &Pair) -> Certificate {
    let bundle = read(&pair.inputs(), &ReadOptions::default()).unwrap();
    bundle.certificates[0].certificate.clone()
}

#[test]
fn names_that_nobody_can_own_and_addresses_that_are_not_routed_are_vouched_for() {
    let asked = hosts(&[
        "localhost",
        "*.app.test",
        "printer.local",
        "db.internal",
        "nas.home.arpa",
        "127.0.0.1",
        "10.1.2.3",
        "172.31.255.255",
        "192.168.0.1",
        "169.254.1.1",
        "::1",
        "fd00::1",
        "fe80::1",
    ]);
    // Who issues has checked it against a client's judgement.
    let pair = ca().issue(&asked, 90, NOW).unwrap();
    let leaf = leaf(&pair);
    assert_eq!(leaf.dns_names().count(), 5);
    assert_eq!(leaf.ip_addresses().count(), 8);
    assert_eq!(leaf.not_after, NOW.plus(90 * DAY - 1));
    assert!(
        leaf.subject
            .text()
            .contains("Keyway development certificate")
    );
}

#[test]
fn what_belongs_to_somebody_is_not_vouched_for() {
    let ca = ca();
    for given in [
        "www.example.com",
        "localhost.example.com",
        "mylocalhost",
        "8.8.8.8",
        "172.32.0.1",
        "2001:db8::1",
    ] {
        let [asked] = hosts(&[given]).try_into().unwrap();
        assert!(!ca.permits(&asked), "{given}");
        let refused = ca.issue(std::slice::from_ref(&asked), 90, NOW).unwrap_err();
        assert!(
            matches!(&refused, DevError::NotPermitted(other) if *other == asked),
            "{given}: {refused}"
        );
    }
}

#[test]
fn what_is_everybodys_is_vouched_for_by_nobody() {
    // The last three hold public suffixes, and are none: `*.ck`, `*.kawasaki.jp`, `s3.amazonaws.com`.
    for given in [
        "com",
        "*.com",
        "co.uk",
        "*.github.io",
        "ck",
        "*.kawasaki.jp",
        "amazonaws.com",
    ] {
        let asked = hosts(&[given]);
        let refusals = [
            DevCa::make("somebody", &asked, NOW).map(drop),
            ca().issue(&asked, 90, NOW).map(drop),
        ];
        for refused in refusals {
            assert!(matches!(refused, Err(DevError::Everybodys(_))), "{given}");
        }
    }
    DevCa::make(
        "somebody",
        &hosts(&["home.arpa", "a.github.io", "www.ck", "lan"]),
        NOW,
    )
    .unwrap();
}

#[test]
fn a_wildcard_right_below_a_top_level_name_is_refused_as_clients_refuse_it() {
    for given in ["*.test", "*.localhost"] {
        let refused = ca().issue(&hosts(&[given]), 1, NOW).unwrap_err();
        assert!(matches!(refused, DevError::Broad(_)), "{given}: {refused}");
    }
}

#[test]
fn what_its_owner_permitted_is_vouched_for_with_all_below_it() {
    let permitted = hosts(&["example.com", "192.0.2.7"]);
    let ca = DevCa::make("somebody", &permitted, NOW).unwrap();
    let asked = hosts(&["example.com", "*.a.example.com", "192.0.2.7", "localhost"]);
    ca.issue(&asked, 1, NOW).unwrap();
    assert!(!ca.permits(&hosts(&["192.0.2.8"])[0]));
    assert!(!ca.permits(&hosts(&["notexample.com"])[0]));
}

#[test]
fn what_is_read_back_vouches_as_before_and_another_key_does_not_fit() {
    let (one, other) = (ca(), ca());
    let back = DevCa::read(one.pem(), &one.key_pem()).unwrap();
    let pair = back.issue(&hosts(&["localhost"]), 90, NOW).unwrap();
    let issuer = one.certificate().subject.der().to_vec();
    assert_eq!(leaf(&pair).issuer.der(), issuer);
    for (certificate, key) in [
        (one.pem(), other.key_pem()),
        (pair.chain.as_str(), pair.key.clone()),
        ("", one.key_pem()),
    ] {
        let refused = DevCa::read(certificate, &key).unwrap_err();
        assert!(matches!(refused, DevError::Unreadable(_)), "{refused}");
    }
}

#[test]
fn nothing_outlives_the_ca_and_no_certificate_is_too_long() {
    let ca = ca();
    let asked = hosts(&["localhost"]);
    for days in [0, -1, 826] {
        let refused = ca.issue(&asked, days, NOW).unwrap_err();
        assert!(matches!(refused, DevError::Days(_)), "{refused}");
    }
    let late = ca.certificate().not_after.plus(-DAY);
    let refused = ca.issue(&asked, 2, late).unwrap_err();
    assert!(matches!(refused, DevError::Over(_)), "{refused}");
    assert!(matches!(ca.issue(&[], 1, NOW), Err(DevError::Nothing)));
    let many: Vec<String> = (0..101).map(|number| format!("n{number}.test")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let refused = ca.issue(&hosts(&many), 1, NOW).unwrap_err();
    assert!(matches!(refused, DevError::TooMany(101)), "{refused}");
}

#[test]
fn a_name_too_long_for_a_common_name_is_an_alternative_name_all_the_same() {
    let long = format!("{}.test", "a".repeat(63));
    let pair = ca().issue(&hosts(&[&long]), 1, NOW).unwrap();
    let leaf = leaf(&pair);
    assert!(leaf.subject.common_names().is_empty());
    assert_eq!(leaf.dns_names().next(), Some(long.as_bytes()));
}

#[test]
fn the_ca_may_issue_leaves_alone_and_shows_its_key_to_nobody() {
    let ca = ca();
    let certificate = ca.certificate();
    let constraints = certificate.extensions.basic_constraints.unwrap();
    assert_eq!(constraints.path_len, Some(0));
    let names = certificate.extensions.name_constraints.as_ref().unwrap();
    assert!(names.critical);
    assert!(!format!("{ca:?}").contains("PRIVATE KEY"));
    let input = Input {
        name: "ca.pem",
        bytes: ca.pem().as_bytes(),
    };
    let bundle = read(&[input], &ReadOptions::default()).unwrap();
    assert!(bundle.keys.is_empty());
}
