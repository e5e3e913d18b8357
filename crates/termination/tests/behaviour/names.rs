//! The store against a model that looks at every name in turn.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::LazyLock;

use keyway_chain::Servable;
use keyway_report::Timestamp;
use keyway_termination::store::Asked;
use keyway_termination::{CertificateStore, Entry};
use keyway_testkit::Chain;
use proptest::prelude::*;
use rustls::SignatureScheme;

use crate::support::servable;

static PAIRS: LazyLock<[Servable; 2]> =
    LazyLock::new(|| [servable(&Chain::good()), servable(&Chain::rsa())]);

const SCHEMES: [SignatureScheme; 2] = [
    SignatureScheme::ECDSA_NISTP256_SHA256,
    SignatureScheme::RSA_PSS_SHA256,
];

/// Few labels, so that names meet.
fn name() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(vec!["a", "b", "C"]), 1..4)
        .prop_map(|labels| format!("{}.example", labels.join(".")))
}

fn host() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => name(),
        2 => name().prop_map(|name| format!("*.{name}")),
        1 => Just("127.0.0.1".to_owned()),
    ]
}

/// Whether a host of a certificate is for a name, as RFC 9525, section 6.3 has it.
fn covers(host: &str, name: &str) -> bool {
    let (host, name) = (host.to_lowercase(), name.to_lowercase());
    match host.strip_prefix("*.") {
        Some(base) => name.split_once('.').is_some_and(|(_, rest)| rest == base),
        None => host == name,
    }
}

proptest! {
    #[test]
    fn a_name_finds_what_covers_it_and_nothing_else(
        held in prop::collection::vec((host(), 0..2_usize), 1..8),
        asked in name(),
        offered in 1..4_usize,
    ) {
        let entries: Vec<Entry> = held
            .iter()
            .map(|(host, pair)| Entry::new([host.as_str()], &PAIRS[*pair]).unwrap())
            .collect();
        let store = CertificateStore::new(&entries);
        let now = Timestamp::from_seconds(keyway_testkit::NOW);
        let exact = held.iter().filter(|(host, _)| host.eq_ignore_ascii_case(&asked));
        let exact: Vec<usize> = exact.map(|(_, pair)| *pair).collect();
        let wild = held.iter().filter(|(host, _)| host.starts_with("*.") && covers(host, &asked));
        let wild: Vec<usize> = wild.map(|(_, pair)| *pair).collect();
        let mut fitting = if exact.is_empty() { wild } else { exact };
        prop_assert_eq!(store.holds(Asked::Name(&asked)), !fitting.is_empty());

        // What is not RSA comes first, where the client verifies it.
        fitting.sort_unstable();
        let schemes: Vec<SignatureScheme> = (0..2)
            .filter(|bit| offered & (1 << bit) != 0)
            .map(|bit| SCHEMES[bit])
            .collect();
        let fits = |pair: &&usize| schemes.contains(&SCHEMES[**pair]);
        let wanted = fitting.iter().find(fits).or(fitting.first()).copied();
        let wanted = wanted.map(|pair| PAIRS[pair].chain()[0].clone());
        let found = store.pick(Asked::Name(&asked), &schemes, now);
        prop_assert_eq!(found.map(|key| key.cert[0].clone()), wanted);

        let has_address = held.iter().any(|(host, _)| host == "127.0.0.1");
        let here = Asked::Address(IpAddr::V4(Ipv4Addr::LOCALHOST));
        prop_assert_eq!(store.holds(here), has_address);
    }
}
