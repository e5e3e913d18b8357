//! Who will accept it: the families of clients differ where they are known to differ.
#![cfg(feature = "aws-lc-rs")]
#![allow(clippy::unwrap_used)]

mod handshake;

use keyway_chain::clients::Client;
use keyway_chain::name::Host;
use keyway_chain::{
    Anchors, CheckOptions, Input, Profile, ReadOptions, algorithms, check, read, rules,
};
use keyway_report::{Severity, Timestamp, Verdict};
use keyway_testkit::{Certificate, Chain, Crl, DAY, GeneralName, HOST, NOW, Name, oid};

fn clients(pem: &str, root: &str, profile: Profile) -> Vec<Client> {
    let options = ReadOptions::default();
    let input = |name, text: &str| {
        read(
            &[Input {
                name,
                bytes: text.as_bytes(),
            }],
            &options,
        )
        .unwrap()
    };
    let mut anchors = Anchors::none();
    for held in input("root.pem", root).certificates {
        if profile == Profile::Webpki {
            anchors.add_public_certificate(&held.certificate).unwrap();
        } else {
            anchors.add(held.certificate).unwrap();
        }
    }
    let hosts = [Host::parse(HOST).unwrap()];
    let now = Timestamp::from_seconds(NOW);
    let mut options = CheckOptions::new(now, &anchors, algorithms::aws_lc_rs());
    options.hosts = &hosts;
    options.profile = profile;
    check(&input("fullchain.pem", pem), &options).clients
}

fn of(chain: &Chain) -> Vec<Client> {
    clients(&chain.fullchain_pem(), &chain.root_pem(), Profile::Webpki)
}

fn answer<'a>(clients: &'a [Client], name: &str) -> &'a Client {
    clients.iter().find(|client| client.name == name).unwrap()
}

fn answers(clients: &[Client], names: &[&str], verdict: Verdict) {
    for name in names {
        let client = answer(clients, name);
        assert_eq!(client.accepts, verdict, "{name}: {}", client.reason);
    }
}

const BROWSERS: &[&str] = &["Chrome and Edge", "Safari", "Firefox"];
const PROGRAMS: &[&str] = &[
    "curl and OpenSSL",
    "Python",
    "Go",
    "Java",
    "GnuTLS",
    "rustls",
];

#[test]
fn everybody_accepts_a_good_chain_and_gives_a_reason_and_a_source() {
    let clients = of(&Chain::good());
    answers(&clients, &[BROWSERS, PROGRAMS].concat(), Verdict::Yes);
    for client in clients {
        assert!(client.reason.ends_with('.') && !client.source.is_empty());
    }
}

#[test]
fn a_missing_intermediate_is_fetched_or_known_by_browsers_and_refused_by_programs() {
    let chain = Chain::good();
    let clients = clients(&chain.leaf.pem(), &chain.root_pem(), Profile::Webpki);
    answers(&clients, BROWSERS, Verdict::Unknown);
    answers(&clients, PROGRAMS, Verdict::No);
    let chrome = answer(&clients, "Chrome and Edge");
    assert!(
        chrome.reason.contains("http://ca.example/issuer.cer"),
        "{}",
        chrome.reason
    );
}

#[test]
fn nobody_can_fetch_what_the_certificate_does_not_say_where_to_find() {
    let chain = Chain::with_leaf(|leaf| leaf.without(oid::AUTHORITY_INFO_ACCESS));
    let clients = clients(&chain.leaf.pem(), &chain.root_pem(), Profile::Webpki);
    answers(
        &clients,
        &["Chrome and Edge", "Safari", "curl and OpenSSL"],
        Verdict::No,
    );
    answers(&clients, &["Firefox"], Verdict::Unknown);
}

#[test]
fn only_browsers_want_public_certificates_logged() {
    let chain = Chain::with_leaf(|leaf| leaf.without(oid::SCT_LIST));
    answers(&of(&chain), BROWSERS, Verdict::No);
    answers(&of(&chain), PROGRAMS, Verdict::Yes);
    let own = clients(&chain.fullchain_pem(), &chain.root_pem(), Profile::Private);
    answers(&own, BROWSERS, Verdict::Yes);
}

#[test]
fn an_expired_leaf_is_refused_by_all() {
    let chain = Chain::with_leaf(|leaf| leaf.not_after(NOW - 1));
    answers(&of(&chain), &[BROWSERS, PROGRAMS].concat(), Verdict::No);
}

#[test]
fn only_browsers_hear_of_revocation_by_themselves() {
    let chain = Chain::good();
    let list = Crl::by(&chain.issuing).revoke(&chain.leaf).build();
    let heap = [chain.fullchain_pem(), list.pem()].concat();
    let public = clients(&heap, &chain.root_pem(), Profile::Webpki);
    answers(&public, BROWSERS, Verdict::Unknown);
    answers(&public, PROGRAMS, Verdict::Yes);
    for program in PROGRAMS {
        let reason = &answer(&public, program).reason;
        assert!(reason.contains("no revocation list"), "{reason}");
    }
    let own = clients(&heap, &chain.root_pem(), Profile::Private);
    answers(&own, &["Chrome and Edge"], Verdict::Yes);
}

#[test]
fn a_list_that_is_out_of_date_matters_to_nobody_who_was_not_given_it() {
    let chain = Chain::good();
    let list = Crl::by(&chain.issuing).next_update(Some(NOW - 1)).build();
    let heap = [chain.fullchain_pem(), list.pem()].concat();
    let clients = clients(&heap, &chain.root_pem(), Profile::Webpki);
    answers(&clients, &[BROWSERS, PROGRAMS].concat(), Verdict::Yes);
}

#[test]
fn what_else_is_wrong_with_a_revoked_chain_is_still_told() {
    let chain = Chain::with_leaf(|leaf| leaf.not_after(NOW - 1));
    let list = Crl::by(&chain.issuing).revoke(&chain.leaf).build();
    let heap = [chain.fullchain_pem(), list.pem()].concat();
    let clients = clients(&heap, &chain.root_pem(), Profile::Webpki);
    answers(&clients, &[BROWSERS, PROGRAMS].concat(), Verdict::No);
}

#[test]
fn browsers_count_timestamps_against_the_lifetime_and_say_that_they_were_counted() {
    let carrying = |count, days| of(&Chain::with_leaf(|leaf| leaf.days(days).scts(count)));
    answers(&carrying(1, 47), BROWSERS, Verdict::No);
    answers(&carrying(2, 180), BROWSERS, Verdict::Yes);
    answers(&carrying(2, 181), BROWSERS, Verdict::No);
    let enough = carrying(3, 181);
    answers(&enough, BROWSERS, Verdict::Yes);
    for browser in BROWSERS {
        let reason = &answer(&enough, browser).reason;
        assert!(reason.contains("counted, not verified"), "{reason}");
    }
    assert!(!answer(&enough, "Go").reason.contains("counted"));
}

#[test]
fn chrome_refuses_what_lives_longer_than_the_limit_of_its_day() {
    // 2026-03-14 and -15.
    const LAST_OF_398: i64 = 1_773_446_400;
    const FIRST_OF_200: i64 = LAST_OF_398 + DAY;
    let chrome = |issued: i64, days: i64| {
        let change = |leaf: keyway_testkit::Draft| {
            leaf.not_before(issued)
                .not_after(issued + days * DAY - 1)
                .scts(3)
        };
        answer(&of(&Chain::with_leaf(change)), "Chrome and Edge").accepts
    };
    assert_eq!(chrome(LAST_OF_398, 398), Verdict::Yes);
    assert_eq!(chrome(FIRST_OF_200, 398), Verdict::No);
    // NOW is behind 200 days of the first day: a later one.
    assert_eq!(chrome(NOW - DAY, 200), Verdict::Yes);
    assert_eq!(chrome(NOW - DAY, 202), Verdict::No);
}

#[test]
fn firefox_does_not_know_the_intermediates_of_own_cas() {
    let chain = Chain::good();
    let own = clients(&chain.leaf.pem(), &chain.root_pem(), Profile::Private);
    answers(&own, &["Firefox"], Verdict::No);
    answers(&own, &["Chrome and Edge", "Safari"], Verdict::Unknown);
}

#[test]
fn a_path_that_is_longer_than_we_follow_it_is_refused_by_rustls_and_unknown_of_others() {
    let root = Certificate::root("Test Root").build();
    let mut chain = vec![root.issue_ca("Test CA 1").build()];
    for number in 2..=10 {
        let above = chain.last().unwrap();
        chain.push(above.issue_ca(&format!("Test CA {number}")).build());
    }
    let leaf = chain.last().unwrap().issue(HOST).build();
    let pem: String = [&leaf]
        .into_iter()
        .chain(chain.iter().rev())
        .map(Certificate::pem)
        .collect();
    let clients = clients(&pem, &root.pem(), Profile::Private);
    answers(&clients, &["rustls"], Verdict::No);
    answers(&clients, &["Java", "Go", "Firefox"], Verdict::Unknown);
}

#[test]
fn rustls_takes_a_ca_without_key_cert_sign_that_others_refuse() {
    use keyway_testkit::KeyUsage;
    let chain = Chain::with_issuing(|ca| ca.key_usage(&[KeyUsage::CrlSign]));
    let clients = of(&chain);
    answers(&clients, &["rustls"], Verdict::Yes);
    answers(&clients, &["Go", "curl and OpenSSL"], Verdict::No);
}

#[test]
fn directory_name_constraints_are_beyond_rustls_and_go_but_not_openssl() {
    let chain =
        Chain::with_policy(|ca| ca.name_constraints(&[GeneralName::Directory(Name::empty())], &[]));
    let clients = of(&chain);
    answers(&clients, &["rustls", "Go"], Verdict::No);
    answers(&clients, &["curl and OpenSSL"], Verdict::Yes);
}

#[test]
fn of_every_error_that_clients_could_mind_the_table_says_who_does() {
    use keyway_chain::rules::Aspect;
    let codes: Vec<&str> = keyway_chain::clients::codes().collect();
    for code in &codes {
        assert!(rules::find(code).is_some(), "{code} is no rule");
        let count = codes.iter().filter(|other| *other == code).count();
        assert_eq!(count, 1, "{code} has two rows for all the rest");
    }
    for entry in rules::all() {
        let of_clients = matches!(
            entry.aspect,
            Aspect::Chains | Aspect::Named | Aspect::Timely | Aspect::Fit
        );
        if of_clients && entry.rule.severity == Severity::Error {
            let code = entry.rule.code;
            assert!(
                codes.contains(&code),
                "{code} has no row in clients/table.rs"
            );
        }
    }
}

#[test]
fn browsers_exempt_an_own_ca_from_logging_in_every_profile() {
    let unlogged = Chain::with_leaf(|leaf| leaf.without(oid::SCT_LIST));
    for profile in [Profile::Private, Profile::Rfc5280] {
        let clients = clients(&unlogged.fullchain_pem(), &unlogged.root_pem(), profile);
        answers(&clients, BROWSERS, Verdict::Yes);
    }
}

#[test]
fn a_leaf_that_names_another_key_stops_those_that_go_by_key_identifiers() {
    let chain = Chain::with_leaf(|leaf| leaf.authority_key_id(&[7; 20]).scts(3));
    let clients = of(&chain);
    answers(
        &clients,
        &["Chrome and Edge", "Firefox", "Go", "rustls"],
        Verdict::Yes,
    );
    answers(&clients, &["Java"], Verdict::Yes);
    let by_identifier = ["curl and OpenSSL", "Python", "GnuTLS", "Safari"];
    answers(&clients, &by_identifier, Verdict::No);
}

#[test]
fn a_name_that_differs_in_case_alone_stops_those_that_compare_bytes() {
    let named = |name: &str| {
        let name = Name::authority(name);
        of(&Chain::with_leaf(|leaf| leaf.issuer_named(name).scts(3)))
    };
    let (case, other) = (named("TEST ISSUING CA E1"), named("Another CA"));
    answers(
        &case,
        &["Chrome and Edge", "curl and OpenSSL"],
        Verdict::Yes,
    );
    answers(&case, &["Firefox", "Go", "GnuTLS", "rustls"], Verdict::No);
    answers(
        &other,
        &["Chrome and Edge", "Safari", "curl and OpenSSL", "Go"],
        Verdict::No,
    );
}

/// A chain with that many intermediates, and its root.
fn long(intermediates: usize) -> (String, String) {
    let root = Certificate::root("Long Root").build();
    let mut cas = vec![root.issue_ca("CA 1").build()];
    for number in 2..=intermediates {
        let next = cas[number - 2].issue_ca(&format!("CA {number}")).build();
        cas.push(next);
    }
    let leaf = cas[intermediates - 1].issue(HOST).build();
    let above: String = cas.iter().rev().map(Certificate::pem).collect();
    (leaf.pem() + &above, root.pem())
}

#[test]
fn only_rustls_is_known_to_mind_seven_intermediates() {
    let (pem, root) = long(7);
    let clients = clients(&pem, &root, Profile::Private);
    let programs = ["curl and OpenSSL", "Python", "Go", "Java", "GnuTLS"];
    answers(&clients, &programs, Verdict::Yes);
    answers(&clients, BROWSERS, Verdict::Unknown);
    answers(&clients, &["rustls"], Verdict::No);
}

#[test]
fn gnutls_takes_sixteen_certificates_and_no_more() {
    let chain = Chain::good();
    let heap = |others: usize| {
        let others = (0..others).map(|at| Certificate::root(&format!("Root {at}")).build().pem());
        let pem = chain.fullchain_pem() + &others.collect::<String>();
        clients(&pem, &chain.root_pem(), Profile::Private)
    };
    answers(&heap(13), &["GnuTLS"], Verdict::Yes);
    answers(&heap(14), &["GnuTLS"], Verdict::Unknown);
}

#[test]
fn gnutls_looks_at_the_first_certificate_of_a_ca_whether_it_is_over_or_not_yet_valid() {
    let chain = Chain::good();
    let twin = || chain.policy.cross_sign(&chain.issuing);
    let over = twin().not_after(NOW - 1).build();
    let early = twin().not_before(NOW + DAY).build();
    let behind = chain.issuing.pem() + &chain.policy.pem();
    for first in [over, early] {
        let before = chain.leaf.pem() + &first.pem() + &behind;
        let before = clients(&before, &chain.root_pem(), Profile::Private);
        answers(&before, &["GnuTLS"], Verdict::No);
        answers(&before, &["curl and OpenSSL", "Python"], Verdict::Yes);
        let after = chain.leaf.pem() + &behind + &first.pem();
        let after = clients(&after, &chain.root_pem(), Profile::Private);
        answers(&after, &["GnuTLS"], Verdict::Yes);
    }
}
