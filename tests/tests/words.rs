//! What findings say and advise where that depends on the case.

use keyway_chain::name::Host;
use keyway_chain::{Anchors, CheckOptions, Input, ReadOptions, Report, algorithms, check, read};
use keyway_report::{Kind as _, Timestamp};
use keyway_testkit::{Certificate, Chain, HOST, KeyUsage, NOW, oid};

fn report(pem: &str, root: &Certificate, host: &str) -> Report {
    let input = Input {
        name: "fullchain.pem",
        bytes: pem.as_bytes(),
    };
    let bundle = read(&[input], &ReadOptions::default()).expect("within limits");
    let mut anchors = Anchors::none();
    let root = keyway_chain::x509::Certificate::read(root.der()).expect("a root");
    anchors.add(root).expect("an anchor");
    let hosts = [Host::parse(host).expect("a host")];
    let now = Timestamp::from_seconds(NOW);
    let mut options = CheckOptions::new(now, &anchors, algorithms::aws_lc_rs());
    options.hosts = &hosts;
    check(&bundle, &options)
}

/// Message and advice of the finding with that code.
fn words(report: &Report, code: &str) -> (String, String) {
    let found = report.findings.iter().find(|found| found.code() == code);
    let kind = &found.unwrap_or_else(|| panic!("no {code}")).kind;
    (kind.message(), kind.fix())
}

fn of(chain: &Chain) -> Report {
    report(&chain.fullchain_pem(), &chain.root, HOST)
}

#[test]
fn a_ca_beside_a_gap_is_not_called_superfluous() {
    let good = Chain::good();
    let report = report(&(good.leaf.pem() + &good.policy.pem()), &good.root, HOST);
    let (message, fix) = words(&report, "chain.stranger");
    assert!(message.ends_with("It may have issued the one that is missing."));
    assert!(!fix.contains("Remove"), "{fix}");
}

#[test]
fn a_missing_address_is_asked_for_as_an_ip_entry() {
    let good = Chain::good();
    let report = report(&good.fullchain_pem(), &good.root, "192.0.2.1");
    let (_, fix) = words(&report, "name.mismatch");
    assert!(fix.contains("IP entry"), "{fix}");
}

#[test]
fn purposes_and_extensions_are_called_by_their_names() {
    let report = of(&Chain::with_leaf(|leaf| {
        leaf.eku(&[oid::CLIENT_AUTH])
            .critical(oid::CERTIFICATE_POLICIES, true)
    }));
    let (message, _) = words(&report, "policy.no-server-auth");
    assert!(message.contains("clientAuth (1.3.6.1.5.5.7.3.2)"));
    let (message, _) = words(&report, "policy.unknown-critical");
    assert!(message.contains("certificatePolicies (2.5.29.32)"));
}

#[test]
fn an_issuer_that_is_no_ca_is_not_advised_as_a_server_would_be() {
    let report = of(&Chain::with_issuing(|ca| ca.basic_constraints(false, None)));
    let (_, fix) = words(&report, "policy.key-usage-without-ca");
    assert!(fix.contains("CA:TRUE"), "{fix}");
    let report = of(&Chain::with_leaf(|leaf| {
        leaf.key_usage(&[KeyUsage::DigitalSignature, KeyUsage::KeyCertSign])
    }));
    let (_, fix) = words(&report, "policy.key-usage-without-ca");
    assert!(fix.contains("digitalSignature"), "{fix}");
}

#[test]
fn a_ca_given_in_place_of_the_leaf_is_not_blamed_for_being_no_server() {
    let good = Chain::good();
    let report = report(&good.issuing.pem(), &good.root, HOST);
    let codes: Vec<&str> = report
        .findings
        .iter()
        .map(keyway_report::Finding::code)
        .collect();
    assert_eq!(
        codes,
        [
            "chain.ca-as-leaf",
            "chain.missing-intermediate",
            "name.mismatch",
            "key.missing"
        ]
    );
}

#[test]
fn a_certificate_that_cannot_be_read_is_described_without_the_parsers_words() {
    let good = Chain::good();
    let block = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let report = report(&(good.fullchain_pem() + block), &good.root, HOST);
    let (message, _) = words(&report, "pem.not-a-certificate");
    assert_eq!(
        message,
        "This is not a certificate: the block is called CERTIFICATE, but its bytes do not have the \
         form of a certificate."
    );
}

#[test]
fn a_file_cut_short_is_to_be_fetched_again() {
    let good = Chain::good();
    let leaf = good.leaf.pem();
    let report = report(&leaf[..leaf.len() / 2], &good.root, HOST);
    let (_, fix) = words(&report, "pem.missing-end");
    assert!(fix.contains("fetch it again"), "{fix}");
    let (_, fix) = words(&report, "pem.strict-reader-differs");
    assert!(fix.starts_with("Fetch"), "{fix}");
}
