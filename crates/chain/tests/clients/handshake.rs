//! What a handshake fails over: the kind of the server's key, and the bytes of its certificates.

use keyway_chain::Profile;
use keyway_chain::clients::Client;
use keyway_report::Verdict;
use keyway_testkit::{Chain, HOST, KeyKind, der, oid};

use crate::{BROWSERS, PROGRAMS, answer, answers, clients, of};

/// Everybody's answers to a leaf with this key by an own CA, in words.
fn answers_to_key(algorithm: &[Vec<u8>], key: &[u8]) -> Vec<(&'static str, Verdict)> {
    let spki = der::sequence(&[der::sequence(algorithm), der::bit_string(0, key)]);
    let chain = Chain::with_leaf(|leaf| leaf.spki_der(&spki));
    clients(&chain.fullchain_pem(), &chain.root_pem(), Profile::Private)
        .into_iter()
        .map(|client| (client.name, client.accepts))
        .collect()
}

fn with_answer(answers: &[(&'static str, Verdict)], verdict: Verdict) -> Vec<&'static str> {
    let those = answers.iter().filter(|(_, accepts)| *accepts == verdict);
    those.map(|(name, _)| *name).collect()
}

#[test]
fn nobody_takes_secp256k1_in_tls_though_x509_allows_it_to_own_cas() {
    let curve = [der::oid(oid::EC), der::oid(oid::SECP256K1)];
    let found = answers_to_key(&curve, &[&[4_u8][..], &[7; 64]].concat());
    assert_eq!(
        with_answer(&found, Verdict::No).len(),
        found.len(),
        "{found:?}"
    );
}

#[test]
fn ed448_is_for_openssl_java_and_gnutls_only_in_every_profile() {
    let found = answers_to_key(&[der::oid(oid::ED448)], &[7; 57]);
    let takers = ["curl and OpenSSL", "Python", "Java", "GnuTLS"];
    assert_eq!(with_answer(&found, Verdict::Yes), takers);
    assert_eq!(with_answer(&found, Verdict::No).len(), found.len() - 4);
}

#[test]
fn a_curve_that_came_back_with_tls_1_3_depends_on_openssls_version() {
    let brainpool = der::oid("1.3.36.3.3.2.8.1.1.7");
    let curve = [der::oid(oid::EC), brainpool];
    let found = answers_to_key(&curve, &[&[4_u8][..], &[7; 64]].concat());
    let unsure = ["curl and OpenSSL", "Python"];
    assert_eq!(with_answer(&found, Verdict::Unknown), unsure);
    assert!(with_answer(&found, Verdict::Yes).is_empty(), "{found:?}");
}

#[test]
fn a_kind_of_key_that_is_not_known_here_is_called_so() {
    let found = answers_to_key(&[der::oid("2.16.840.1.101.3.4.3.18")], &[7; 1952]);
    assert_eq!(
        with_answer(&found, Verdict::Unknown).len(),
        found.len(),
        "{found:?}"
    );
}

#[test]
fn rsa_keys_are_taken_from_1024_bits_by_some_and_to_8192_by_some() {
    let short = Chain::with_leaf(|leaf| leaf.key(KeyKind::Rsa1024));
    let own = clients(&short.fullchain_pem(), &short.root_pem(), Profile::Private);
    let strict = ["Safari", "curl and OpenSSL", "Python", "rustls"];
    answers(&own, &strict, Verdict::No);
    answers(
        &own,
        &["Chrome and Edge", "Firefox", "Go", "Java", "GnuTLS"],
        Verdict::Yes,
    );
    assert_eq!(
        answer(&own, "rustls").reason,
        "The server's key is RSA 1024; it wants 2048 bits or more."
    );

    let modulus = der::sequence(&[der::integer_bytes(&[0x7f; 1100]), der::integer(65_537)]);
    let long = answers_to_key(&[der::oid(oid::RSA), der::null()], &modulus);
    assert_eq!(with_answer(&long, Verdict::No), ["Go", "rustls"]);
}

#[test]
fn browsers_do_not_take_ed25519_and_p_521_depends() {
    let ed25519 = Chain::with_leaf(|leaf| leaf.key(KeyKind::Ed25519));
    answers(&of(&ed25519), BROWSERS, Verdict::No);
    answers(&of(&ed25519), PROGRAMS, Verdict::Yes);
    let p521 = of(&Chain::with_leaf(|leaf| leaf.key(KeyKind::P521)));
    answers(&p521, &["Chrome and Edge", "Safari"], Verdict::No);
    answers(&p521, &["Firefox", "curl and OpenSSL", "Go"], Verdict::Yes);
    answers(&p521, &["rustls"], Verdict::Unknown);
}

/// A chain whose leaf has about this many bytes of names.
fn of_size(bytes: usize) -> Vec<Client> {
    let others = (0..bytes / 20).map(|n| format!("n{n:06}.x.example.com"));
    let names: Vec<String> = others.chain([HOST.to_owned()]).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    of(&Chain::with_leaf(|leaf| leaf.san_dns(&names)))
}

#[test]
fn a_chain_of_too_many_bytes_is_refused_by_each_at_its_own_limit() {
    answers(
        &of_size(20_000),
        &[BROWSERS, PROGRAMS].concat(),
        Verdict::Yes,
    );
    let small = of_size(40_000);
    answers(&small, &["Java"], Verdict::No);
    answers(&small, &["rustls", "Go", "GnuTLS", "Safari"], Verdict::Yes);
    let large = of_size(110_000);
    answers(
        &large,
        &["rustls", "curl and OpenSSL", "Python", "Chrome and Edge"],
        Verdict::No,
    );
    answers(&large, &["Firefox", "GnuTLS", "Go"], Verdict::Yes);
    answers(&large, &["Safari"], Verdict::Unknown);
    let huge = of_size(200_000);
    answers(&huge, &["Firefox", "GnuTLS"], Verdict::No);
    answers(&huge, &["Go"], Verdict::Yes);
    let rustls = answer(&huge, "rustls");
    assert!(rustls.reason.contains("at most 65535"), "{}", rustls.reason);
    answers(&of_size(300_000), &["Go"], Verdict::No);
}
