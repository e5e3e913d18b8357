use std::io::{Read as _, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use keyway_report::Timestamp;
use keyway_termination::protocol::ClientCas;
use keyway_testkit::{Chain, Crl, GeneralName, HOST, KeyKind, NOW, oid};
use rustls::crypto::aws_lc_rs::{self, cipher_suite, kx_group};
use rustls::pki_types::UnixTime;
use rustls::time_provider::TimeProvider;
use rustls::{ClientConfig, HandshakeKind, ProtocolVersion};

use crate::client::{Raw, Tls, shake, showing, tls, trusting, with_provider};
use crate::support::{Running, TLS, entry, keeping, service, supplies};

/// The DER of the leaf that a server showed.
fn shown(client: &Tls) -> Vec<u8> {
    client.conn.peer_certificates().unwrap()[0].to_vec()
}

fn leaf_for(names: &[&str]) -> Chain {
    let names: Vec<GeneralName> = names.iter().map(|name| GeneralName::dns(name)).collect();
    Chain::with_leaf(|leaf| leaf.san(&names))
}

#[test]
fn each_name_gets_its_own_certificate() {
    let (one, wild) = (leaf_for(&["a.example.com"]), leaf_for(&["*.example.com"]));
    let certificates = vec![
        entry(&["a.example.com"], &one),
        entry(&["*.example.com"], &wild),
    ];
    let running = Running::start(&service("http://127.0.0.1:9", TLS), &supplies(certificates));
    let config = Arc::new(trusting(&one));
    let get = |name| shown(&shake(running.address, &config, name).unwrap());
    assert_eq!(get("a.example.com"), one.leaf.der());
    assert_eq!(get("A.Example.COM"), one.leaf.der());
    assert_eq!(get("b.example.com"), wild.leaf.der());
    assert!(shake(running.address, &config, "a.b.example.com").is_err());
    assert!(shake(running.address, &config, "example.com").is_err());
}

#[test]
fn an_unknown_name_is_refused_by_its_alert_and_sees_no_certificate() {
    let (running, chain) = Running::before("http://127.0.0.1:9");
    let config = Arc::new(trusting(&chain));
    let refused = shake(running.address, &config, "stranger.example.org").unwrap_err();
    let refused = refused.to_string();
    assert!(refused.contains("UnrecognisedName"), "{refused}");
    running
        .told
        .wait_for("refused stranger.example.org unrecognized-name");
}

#[test]
fn who_comes_to_an_address_gets_the_certificate_of_that_address_and_nobody_else() {
    let address = Chain::with_leaf(|leaf| leaf.san(&[GeneralName::ip("127.0.0.1")]));
    let certificates = vec![entry(&["127.0.0.1"], &address)];
    let running = Running::start(&service("http://127.0.0.1:9", TLS), &supplies(certificates));
    let config = Arc::new(trusting(&address));
    let client = shake(running.address, &config, "127.0.0.1").unwrap();
    assert_eq!(shown(&client), address.leaf.der());

    let (named, chain) = Running::before("http://127.0.0.1:9");
    let config = Arc::new(trusting(&chain));
    assert!(shake(named.address, &config, "127.0.0.1").is_err());
    named.told.wait_for("refused - unrecognized-name");
}

#[test]
fn ecdsa_and_rsa_stand_side_by_side() {
    let (ecdsa, rsa) = (Chain::good(), Chain::rsa());
    let certificates = vec![entry(&[HOST], &rsa), entry(&[HOST], &ecdsa)];
    let running = Running::start(&service("http://127.0.0.1:9", TLS), &supplies(certificates));
    assert_eq!(shown(&tls(running.address, &ecdsa)), ecdsa.leaf.der());
    let only_rsa = rustls::crypto::CryptoProvider {
        cipher_suites: vec![cipher_suite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256],
        ..aws_lc_rs::default_provider()
    };
    let config = with_provider(&rsa, only_rsa, &[&rustls::version::TLS12]);
    let client = shake(running.address, &Arc::new(config), HOST).unwrap();
    assert_eq!(shown(&client), rsa.leaf.der());
}

#[test]
fn a_profile_of_tls_1_3_alone_has_nothing_for_older_clients() {
    let (running, chain) = Running::saying(
        "http://127.0.0.1:9",
        "[tls]\nstatus = \"enabled\"\nprofile = \"modern\"\n",
    );
    let old = with_provider(
        &chain,
        aws_lc_rs::default_provider(),
        &[&rustls::version::TLS12],
    );
    assert!(shake(running.address, &Arc::new(old), HOST).is_err());
    running
        .told
        .wait_for(&format!("refused {HOST} no-common-version"));
    let new = tls(running.address, &chain);
    assert_eq!(new.conn.protocol_version(), Some(ProtocolVersion::TLSv1_3));
}

#[test]
fn a_post_quantum_group_is_agreed_on_where_the_client_has_it() {
    let (running, chain) = Running::before("http://127.0.0.1:9");
    let group = |client: Tls| client.conn.negotiated_key_exchange_group().unwrap().name();
    let hybrid = rustls::crypto::CryptoProvider {
        kx_groups: vec![kx_group::X25519MLKEM768, kx_group::X25519],
        ..aws_lc_rs::default_provider()
    };
    let config = with_provider(&chain, hybrid, rustls::ALL_VERSIONS);
    let hybrid = group(shake(running.address, &Arc::new(config), HOST).unwrap());
    assert_eq!(hybrid, rustls::NamedGroup::X25519MLKEM768);
    let classic = rustls::crypto::CryptoProvider {
        kx_groups: vec![kx_group::SECP384R1],
        ..aws_lc_rs::default_provider()
    };
    let config = with_provider(&chain, classic, rustls::ALL_VERSIONS);
    let classic = group(shake(running.address, &Arc::new(config), HOST).unwrap());
    assert_eq!(classic, rustls::NamedGroup::secp384r1);
}

/// Two connections by one client, and how the second shook hands.
fn second(running: &Running, config: ClientConfig) -> HandshakeKind {
    let config = Arc::new(config);
    let first = shake(running.address, &config, HOST).unwrap();
    // The ticket comes with the first answer.
    Raw::new(first).get("/").unwrap();
    let second = shake(running.address, &config, HOST).unwrap();
    second.conn.handshake_kind().unwrap()
}

#[test]
fn a_client_that_comes_again_resumes_in_both_versions() {
    let (upstream, _) = keeping("hello");
    let (running, chain) = Running::before(&upstream);
    for version in [&rustls::version::TLS13, &rustls::version::TLS12] {
        let config = with_provider(&chain, aws_lc_rs::default_provider(), &[version]);
        assert_eq!(second(&running, config), HandshakeKind::Resumed);
    }
}

#[test]
fn tickets_outlive_a_reload() {
    let (upstream, _) = keeping("hello");
    let (running, chain) = Running::before(&upstream);
    let config = Arc::new(trusting(&chain));
    let first = shake(running.address, &config, HOST).unwrap();
    Raw::new(first).get("/").unwrap();
    running.replace(
        &service(&upstream, TLS),
        &supplies(vec![entry(&[HOST], &chain)]),
    );
    let second = shake(running.address, &config, HOST).unwrap();
    assert_eq!(second.conn.handshake_kind(), Some(HandshakeKind::Resumed));
}

fn clients_root(own: &Chain) -> ClientCas {
    ClientCas {
        roots: vec![own.root.der().to_vec().into()],
        revoked: Vec::new(),
    }
}

fn client_chain() -> Chain {
    let purpose = [oid::CLIENT_AUTH];
    Chain::assemble(
        |root| root.key(KeyKind::P256),
        |policy| policy.eku(&purpose),
        |issuing| issuing.eku(&purpose),
        |leaf| leaf.eku(&purpose),
    )
}

const REQUIRED: &str =
    "[tls]\nstatus = \"enabled\"\nclient = { mode = \"required\", ca = \"ca.pem\" }\n";

#[test]
fn a_required_certificate_lets_in_who_shows_one_and_is_told_to_the_upstream() {
    let (upstream, kept) = keeping("hello");
    let (chain, own) = (Chain::good(), client_chain());
    let mut supplies = supplies(vec![entry(&[HOST], &chain)]);
    supplies.clients = clients_root(&own);
    let running = Running::start(&service(&upstream, REQUIRED), &supplies);
    let client = shake(running.address, &Arc::new(showing(&chain, &own)), HOST).unwrap();
    assert_eq!(Raw::new(client).get("/").unwrap().status, 200);
    let asked = kept.lock().unwrap()[0].clone();
    let told = asked.field("client-cert").unwrap().to_owned();
    let expected = keyway_testkit::pem::encode("CERTIFICATE", own.leaf.der());
    let expected: String = expected
        .lines()
        .filter(|line| !line.starts_with('-'))
        .collect();
    assert_eq!(told, format!(":{expected}:"));

    // In TLS 1.3 a client learns of it with its first read.
    let nobody = shake(running.address, &Arc::new(trusting(&chain)), HOST);
    let refused = nobody.and_then(|client| Raw::new(client).get("/"));
    assert!(refused.is_err());
    running
        .told
        .wait_for(&format!("refused {HOST} no-client-certificate"));
}

#[test]
fn an_optional_certificate_lets_everybody_in_and_strangers_out() {
    let (upstream, kept) = keeping("hello");
    let (chain, own) = (Chain::good(), client_chain());
    let mut supplies = supplies(vec![entry(&[HOST], &chain)]);
    supplies.clients = clients_root(&own);
    let optional = REQUIRED.replace("required", "optional");
    let running = Running::start(&service(&upstream, &optional), &supplies);
    let nobody = tls(running.address, &chain);
    assert_eq!(Raw::new(nobody).get("/").unwrap().status, 200);
    assert_eq!(kept.lock().unwrap()[0].field("client-cert"), None);
    let stranger = showing(&chain, &Chain::rsa());
    let refused = shake(running.address, &Arc::new(stranger), HOST);
    assert!(
        refused
            .and_then(|client| Raw::new(client).get("/"))
            .is_err()
    );
}

/// A client with a good certificate comes, whose issuer has this list; it is refused, and that is why.
fn refused_by(list: impl Fn(&Chain) -> Crl, why: &str) {
    let (upstream, _) = keeping("hello");
    let (chain, own) = (Chain::good(), client_chain());
    let lists = [
        list(&own),
        Crl::by(&own.policy).build(),
        Crl::by(&own.root).build(),
    ];
    let mut supplies = supplies(vec![entry(&[HOST], &chain)]);
    supplies.clients = clients_root(&own);
    supplies.clients.revoked = lists.map(|list| list.der().to_vec().into()).to_vec();
    let running = Running::start(&service(&upstream, REQUIRED), &supplies);
    let client = shake(running.address, &Arc::new(showing(&chain, &own)), HOST);
    assert!(client.and_then(|client| Raw::new(client).get("/")).is_err());
    running.told.wait_for(&format!("refused {HOST} {why}"));
}

#[test]
fn a_revoked_certificate_is_refused() {
    let revoked = |own: &Chain| Crl::by(&own.issuing).revoke(&own.leaf).build();
    refused_by(revoked, "bad-client-certificate");
}

#[test]
fn a_revocation_list_that_is_over_is_no_fault_of_the_clients() {
    let due = Some(NOW - 1);
    let over = |own: &Chain| Crl::by(&own.issuing).next_update(due).build();
    refused_by(over, "revocation-unknown");
}

#[test]
fn plain_http_at_the_port_of_tls_is_told_and_ended() {
    let (running, _) = Running::before("http://127.0.0.1:9");
    let mut stream = running.connect();
    stream
        .write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        .unwrap();
    let mut rest = Vec::new();
    drop(stream.read_to_end(&mut rest));
    assert!(!rest.starts_with(b"HTTP"));
    running.told.wait_for("refused - not-tls");
}

#[test]
fn a_default_certificate_is_shown_to_strangers_where_that_is_asked_for() {
    let (first, second) = (leaf_for(&["a.example.com"]), leaf_for(&["b.example.com"]));
    let certificates = vec![
        entry(&["a.example.com"], &first),
        entry(&["b.example.com"], &second),
    ];
    let text = format!("{TLS}default_certificate = true\n");
    let running = Running::start(
        &service("http://127.0.0.1:9", &text),
        &supplies(certificates),
    );
    let mut config = trusting(&first);
    // Whoever is shown a stranger's certificate refuses it; this client only looks at it.
    config
        .dangerous()
        .set_certificate_verifier(Arc::new(crate::client::Anything::default()));
    let config = Arc::new(config);
    let get = |name| shown(&shake(running.address, &config, name).unwrap());
    assert_eq!(get("stranger.example.org"), first.leaf.der());
    assert_eq!(get("127.0.0.1"), first.leaf.der());
    assert_eq!(get("b.example.com"), second.leaf.der());
}

#[test]
fn an_ocsp_response_is_stapled_as_it_is() {
    let chain = Chain::good();
    let response = b"passed through, whatever it is".to_vec();
    let entry = entry(&[HOST], &chain).with_ocsp(response.clone(), None);
    let running = Running::start(&service("http://127.0.0.1:9", TLS), &supplies(vec![entry]));
    let mut config = trusting(&chain);
    let verifier = Arc::new(crate::client::Anything::default());
    let kept = Arc::clone(&verifier);
    config.dangerous().set_certificate_verifier(verifier);
    let error = shake(running.address, &Arc::new(config), HOST).err();
    assert!(error.is_none(), "{error:?}");
    assert_eq!(kept.stapled(), response);
}

/// A clock that is set.
#[derive(Debug)]
struct Set(AtomicI64);

impl TimeProvider for Set {
    fn current_time(&self) -> Option<UnixTime> {
        let seconds = u64::try_from(self.0.load(Ordering::Relaxed)).ok()?;
        Some(UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
    }
}

#[test]
fn an_ocsp_response_that_is_over_is_stapled_no_more_though_nothing_is_reloaded() {
    let chain = Chain::good();
    let ends = Timestamp::from_seconds(NOW + 60);
    let entry = entry(&[HOST], &chain).with_ocsp(b"until then".to_vec(), Some(ends));
    let clock = Arc::new(Set(AtomicI64::new(NOW)));
    let mut supplies = supplies(vec![entry]);
    supplies.clock = Arc::clone(&clock) as _;
    let running = Running::start(&service("http://127.0.0.1:1", TLS), &supplies);
    let stapled = || {
        let verifier = Arc::new(crate::client::Anything::default());
        let mut config = trusting(&chain);
        let kept = Arc::clone(&verifier);
        config.dangerous().set_certificate_verifier(verifier);
        shake(running.address, &Arc::new(config), HOST).unwrap();
        kept.stapled()
    };
    assert_eq!(stapled(), b"until then");
    clock.0.store(NOW + 60, Ordering::Relaxed);
    assert_eq!(stapled(), b"until then");
    clock.0.store(NOW + 61, Ordering::Relaxed);
    assert_eq!(stapled(), b"");
}

#[test]
fn servers_that_share_a_ticket_key_take_up_each_other_s_sessions() {
    let (upstream, _) = keeping("hello");
    let chain = Chain::good();
    let key: Vec<u8> = (0..48).collect();
    let start = || {
        let tickets = keyway_termination::tickets::shared(
            &[&key],
            keyway_config::model::ClientMode::None,
            &ClientCas::default(),
            &(Arc::new(crate::support::Clock) as Arc<dyn TimeProvider>),
        )
        .unwrap();
        Running::start_with(
            &service(&upstream, TLS),
            &supplies(vec![entry(&[HOST], &chain)]),
            keyway_termination::Role::Service,
            tickets,
        )
    };
    let (one, other) = (start(), start());
    for versions in [
        &[&rustls::version::TLS12][..],
        &[&rustls::version::TLS13][..],
    ] {
        let config = with_provider(&chain, aws_lc_rs::default_provider(), versions);
        let config = Arc::new(config);
        let come = |running: &Running| {
            let mut client = Raw::new(shake(running.address, &config, HOST).unwrap());
            client.get("/").unwrap();
            client.stream.get_ref().conn.handshake_kind()
        };
        assert_eq!(come(&one), Some(HandshakeKind::Full));
        assert_eq!(come(&other), Some(HandshakeKind::Resumed));
    }
}

#[test]
fn who_verifies_no_signature_of_the_key_hears_that_the_handshake_fails_for_it() {
    let (running, chain) = Running::before("http://127.0.0.1:9");
    let only_rsa = rustls::crypto::CryptoProvider {
        cipher_suites: vec![cipher_suite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256],
        ..aws_lc_rs::default_provider()
    };
    let config = with_provider(&chain, only_rsa, &[&rustls::version::TLS12]);
    let refused = shake(running.address, &Arc::new(config), HOST).unwrap_err();
    let refused = refused.to_string();
    assert!(refused.contains("HandshakeFailure"), "{refused}");
}
