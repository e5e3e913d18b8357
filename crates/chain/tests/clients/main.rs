//! Who will accept it: the families of clients differ where they are known to differ.
#![cfg(feature = "aws-lc-rs")]
#![allow(clippy::unwrap_used)]

use keyway_chain::clients::Client;
use keyway_chain::name::Host;
use keyway_chain::{
    Anchors, CheckOptions, Input, Profile, ReadOptions, algorithms, check, read, rules,
};
use keyway_report::{Timestamp, Verdict};
use keyway_testkit::{Chain, GeneralName, HOST, KeyKind, NOW, Name, oid};

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
            let anchor = webpki::anchor_from_trusted_cert(held.certificate.der()).unwrap();
            anchors.add_public(anchor.to_owned());
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
fn browsers_do_not_take_ed25519_nor_chrome_p_521() {
    let ed25519 = Chain::with_leaf(|leaf| leaf.key(KeyKind::Ed25519));
    answers(&of(&ed25519), &["Chrome and Edge", "Firefox"], Verdict::No);
    let p521 = Chain::with_leaf(|leaf| leaf.key(KeyKind::P521));
    answers(&of(&p521), &["Chrome and Edge"], Verdict::No);
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
fn codes_that_a_family_treats_differently_belong_to_rules() {
    for code in keyway_chain::clients::codes() {
        assert!(rules::find(code).is_some(), "{code}");
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
