//! Only a pair that a check found servable becomes a `Servable`.

use keyway_chain::NotServable;
use keyway_report::Verdict;
use keyway_testkit::{Chain, HOST, NOW};
use keyway_tests::heap::{Question, bundle};

fn question(chain: &Chain) -> Question {
    Question::new(chain.root.der(), HOST, NOW)
}

#[test]
fn a_good_pair_is_handed_out_leaf_first() {
    let chain = Chain::good();
    let bundle = bundle(&[chain.fullchain_pem(), chain.key_pem()]);
    let servable = question(&chain).report(&bundle).servable(&bundle).unwrap();
    let sent: Vec<&[u8]> = servable.chain().iter().map(AsRef::as_ref).collect();
    assert_eq!(
        sent,
        [chain.leaf.der(), chain.issuing.der(), chain.policy.der()]
    );
    assert_eq!(servable.key().secret_der(), chain.leaf.key_der());
}

#[test]
fn the_findings_in_the_way_are_named_once_each() {
    let chain = Chain::with_leaf(|leaf| leaf.not_after(NOW - 1));
    let bundle = bundle(&[chain.fullchain_pem(), chain.key_pem()]);
    let refusal = question(&chain)
        .report(&bundle)
        .servable(&bundle)
        .unwrap_err();
    let NotServable::Refused { codes } = refusal else {
        panic!("{refusal}");
    };
    assert_eq!(codes, ["time.expired"]);
}

#[test]
fn without_a_key_it_is_unknown_and_nothing_is_handed_out() {
    let chain = Chain::good();
    let bundle = bundle(&[chain.fullchain_pem()]);
    let refusal = question(&chain).report(&bundle).servable(&bundle);
    assert!(matches!(refusal, Err(NotServable::Unknown)), "{refusal:?}");
}

#[test]
fn a_key_that_a_peer_has_shown_pairs_and_is_not_handed_out() {
    let chain = Chain::good();
    let bundle = bundle(&[chain.fullchain_pem()]);
    let report = question(&chain).report_on_peer(&bundle);
    assert_eq!(report.verdicts.pairs, Verdict::Yes);
    assert_eq!(report.verdicts.servable, Verdict::Yes);
    assert!(report.findings.is_empty(), "{}", report.to_json(true));
    let not_checked = report.not_checked.join(" ");
    assert!(!not_checked.contains("key"), "{not_checked}");
    let refusal = report.servable(&bundle);
    assert!(matches!(refusal, Err(NotServable::Unknown)), "{refusal:?}");
}

#[test]
fn a_key_of_another_certificate_is_refused() {
    let chain = Chain::good();
    let bundle = bundle(&[chain.fullchain_pem(), chain.issuing.key_pem()]);
    let refusal = question(&chain).report(&bundle).servable(&bundle);
    assert!(refusal.is_err(), "{refusal:?}");
}

#[test]
fn a_report_speaks_for_no_other_bundle() {
    let (chain, other) = (Chain::good(), Chain::rsa());
    let checked = bundle(&[chain.fullchain_pem(), chain.key_pem()]);
    let swapped = bundle(&[other.fullchain_pem(), other.key_pem()]);
    let report = question(&chain).report(&checked);
    assert!(matches!(
        report.servable(&swapped),
        Err(NotServable::OtherBundle)
    ));
    let empty = bundle::<&[u8]>(&[]);
    assert!(matches!(
        report.servable(&empty),
        Err(NotServable::OtherBundle)
    ));
}

#[test]
fn its_key_stays_out_of_debug_output() {
    let chain = Chain::good();
    let bundle = bundle(&[chain.fullchain_pem(), chain.key_pem()]);
    let servable = question(&chain).report(&bundle).servable(&bundle).unwrap();
    assert_eq!(
        format!("{servable:?}"),
        "Servable { chain: 3, key: \"[redacted]\" }"
    );
}
