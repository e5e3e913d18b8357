//! Several revocation lists at once: which one is believed, and what is left unchecked.

use keyway_chain::name::Host;
use keyway_chain::{Anchors, CheckOptions, Input, ReadOptions, Report, algorithms, check, read};
use keyway_report::{Timestamp, Verdict};
use keyway_testkit::{Certificate, Chain, Crl, CrlDraft, DAY, HOST, NOW};

/// Checks certificates with lists; `roots` are trusted.
fn report(certificates: &[&Certificate], lists: &[Crl], roots: &[&Certificate]) -> Report {
    let pem: String = certificates.iter().map(|c| c.pem()).collect();
    let lists: Vec<String> = lists.iter().map(Crl::pem).collect();
    let mut inputs = vec![Input {
        name: "fullchain.pem",
        bytes: pem.as_bytes(),
    }];
    inputs.extend(lists.iter().map(|list| Input {
        name: "list.crl",
        bytes: list.as_bytes(),
    }));
    let bundle = read(&inputs, &ReadOptions::default()).expect("within limits");
    let mut anchors = Anchors::none();
    for root in roots {
        let root = keyway_chain::x509::Certificate::read(root.der()).expect("a root");
        anchors.add(root).expect("an anchor");
    }
    let hosts = [Host::parse(HOST).expect("a host")];
    let now = Timestamp::from_seconds(NOW);
    let mut options = CheckOptions::new(now, &anchors, algorithms::aws_lc_rs());
    options.hosts = &hosts;
    check(&bundle, &options)
}

fn of(chain: &Chain, lists: &[Crl]) -> Report {
    let [leaf, issuing, policy, root] = chain.certificates();
    report(&[leaf, issuing, policy], lists, &[root])
}

fn unchecked(report: &Report) -> Vec<&str> {
    let all = report.not_checked.iter().map(String::as_str);
    all.filter(|what| what.starts_with("revocation")).collect()
}

fn stale(draft: CrlDraft) -> Crl {
    draft
        .this_update(NOW - 9 * DAY)
        .next_update(Some(NOW - 2 * DAY))
        .build()
}

#[test]
fn each_certificate_that_no_list_covers_is_listed_as_not_checked() {
    let good = Chain::good();
    let report = of(&good, &[Crl::by(&good.issuing).build()]);
    assert_eq!(report.verdicts.accepted, Verdict::Yes);
    assert_eq!(
        unchecked(&report),
        [
            "revocation of \"Test Issuing CA E1\": no list given covers it",
            "revocation of \"Test Intermediate X1\": no list given covers it",
        ]
    );
}

#[test]
fn nothing_is_left_unchecked_when_every_issuer_has_a_list() {
    let good = Chain::good();
    let lists = [&good.issuing, &good.policy, &good.root].map(|ca| Crl::by(ca).build());
    let report = of(&good, &lists);
    assert_eq!(report.verdicts.accepted, Verdict::Yes);
    assert!(unchecked(&report).is_empty());
}

#[test]
fn without_any_list_one_line_says_so() {
    assert_eq!(
        unchecked(&of(&Chain::good(), &[])),
        ["revocation: no revocation list was given"]
    );
}

#[test]
fn a_stale_list_leaves_its_certificate_unchecked_unless_it_revokes_it() {
    let good = Chain::good();
    let report = of(&good, &[stale(Crl::by(&good.issuing))]);
    assert!(
        unchecked(&report)
            .contains(&"revocation of \"www.example.com\": no list given for it can be relied on")
    );
    let report = of(&good, &[stale(Crl::by(&good.issuing).revoke(&good.leaf))]);
    assert!(!unchecked(&report).iter().any(|w| w.contains(HOST)));
}

#[test]
fn the_order_of_the_lists_does_not_change_the_answer() {
    let good = Chain::good();
    let by = || Crl::by(&good.issuing);
    let current = by().build();
    let forged = by().broken_signature().build();
    let old = stale(by());
    let orders = [
        [&current, &forged, &old],
        [&forged, &old, &current],
        [&old, &current, &forged],
        [&old, &forged, &current],
    ];
    for order in orders {
        let report = of(&good, &order.map(Clone::clone));
        assert_eq!(report.verdicts.accepted, Verdict::Yes);
    }
}

#[test]
fn a_ca_that_changed_its_key_has_a_list_for_either_key() {
    let old = Chain::good();
    let renewed = old
        .policy
        .issue_ca("Test Issuing CA E1")
        .path_len(0)
        .with_key(Certificate::root("the new key").build().key())
        .build();
    let leaf = renewed.issue(HOST).build();
    let lists = [&old.issuing, &renewed].map(|ca| Crl::by(ca).build());
    for lists in [lists.clone(), [lists[1].clone(), lists[0].clone()]] {
        let path = [&leaf, &renewed, &old.issuing, &old.policy];
        let report = report(&path, &lists, &[&old.root]);
        let all = report.findings.iter();
        let codes: Vec<_> = all.map(keyway_report::Finding::code).collect();
        assert_eq!(report.verdicts.accepted, Verdict::Yes, "{codes:?}");
    }
}

#[test]
fn a_revoked_leaf_stays_revoked_whatever_else_is_given() {
    let good = Chain::good();
    let by = || Crl::by(&good.issuing);
    for revoking in [
        by().revoke(&good.leaf).build(),
        stale(by().revoke(&good.leaf)),
    ] {
        for lists in [
            vec![revoking.clone(), by().build()],
            vec![by().build(), revoking],
        ] {
            let report = of(&good, &lists);
            assert_eq!(report.verdicts.accepted, Verdict::No);
            assert!(report.findings.iter().any(|f| f.code() == "chain.revoked"));
        }
    }
}

#[test]
fn a_finding_about_a_list_points_at_the_list() {
    let good = Chain::good();
    let stranger = Crl::by(&Certificate::root("Somebody Else").build()).build();
    let report = of(&good, &[stale(Crl::by(&good.issuing)), stranger]);
    for code in ["chain.crl-out-of-date", "chain.crl-unrelated"] {
        let found = report.findings.iter().find(|found| found.code() == code);
        let at = &found.expect("the finding").at;
        assert_eq!(at.input.as_deref(), Some("list.crl"), "{code}");
        assert_eq!(at.line, Some(1), "{code}");
    }
}
