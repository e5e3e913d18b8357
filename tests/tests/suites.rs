//! The outside cases are all there and read as they were written.

use keyway_tests::suites::limbo::PeerName;
use keyway_tests::suites::pem::BlockVerdict;
use keyway_tests::suites::{badssl, limbo, pem};

#[test]
fn limbo_has_its_cases_and_its_peers() {
    let core = limbo::core();
    assert_eq!(core.len(), 99);
    let peers = limbo::peers();
    assert!(core.iter().all(|case| peers.contains_key(&case.id)));
    assert!(
        core.iter()
            .all(|case| !case.trusted.is_empty() && !case.description.is_empty())
    );
    assert_eq!(core.iter().filter(|case| !case.crls.is_empty()).count(), 1);
    assert_eq!(core.iter().filter(|case| !case.server).count(), 3);
}

#[test]
fn bettertls_has_its_cases() {
    let cases = limbo::bettertls();
    assert_eq!(cases.len(), 519);
    assert!(
        cases
            .iter()
            .all(|case| matches!(case.peer_name, Some(PeerName::Dns(_) | PeerName::Ip(_))))
    );
}

#[test]
fn both_suites_hold_the_verdicts_they_came_with() {
    let all = [limbo::core(), limbo::bettertls()].concat();
    assert_eq!(all.iter().filter(|case| case.accepted).count(), 73);
}

#[test]
fn the_pem_suite_has_its_groups() {
    let readable = pem::readable();
    assert_eq!(readable.len(), 28);
    assert_eq!(
        readable
            .iter()
            .filter(|case| case.password.is_some())
            .count(),
        14
    );
    let facts = pem::facts();
    assert_eq!(facts.len(), 297);
    let blocks = facts.iter().flat_map(|case| &case.blocks);
    assert_eq!(
        blocks
            .filter(|block| block.verdict == BlockVerdict::Ok)
            .count(),
        260
    );
    assert_eq!(pem::matches().len(), 66);
    assert_eq!(pem::names().len(), 263);
}

#[test]
fn badssl_has_its_chains() {
    let cases = badssl::cases();
    assert_eq!(cases.len(), 16);
    assert_eq!(cases.iter().filter(|case| case.good).count(), 9);
}
