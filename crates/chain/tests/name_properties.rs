//! Properties of names: total, in agreement with rustls-webpki, a wildcard is one label.
#![allow(clippy::unwrap_used)]

use std::sync::LazyLock;

use keyway_chain::name::{
    Host, Pattern, Presented, idn, internal, ip_san, nearest, public_suffix,
    wildcard_on_public_suffix,
};
use proptest::prelude::*;
use rcgen::{CertificateParams, KeyPair, SanType};
use rustls_pki_types::{CertificateDer, ServerName};
use webpki::EndEntityCert;

static KEY: LazyLock<KeyPair> = LazyLock::new(|| KeyPair::generate().unwrap());

fn leaf(name: SanType) -> CertificateDer<'static> {
    let mut params = CertificateParams::default();
    params.subject_alt_names = vec![name];
    params.self_signed(&*KEY).unwrap().der().clone()
}

fn webpki_says(leaf: &CertificateDer<'_>, host: &ServerName<'_>) -> bool {
    EndEntityCert::try_from(leaf)
        .unwrap()
        .verify_is_valid_for_subject_name(host)
        .is_ok()
}

/// Names made of few letters, so that patterns and hosts meet often.
fn near_name() -> impl Strategy<Value = String> {
    let label = prop_oneof![
        8 => "[ab]{1,2}",
        1 => "[aA0-9_-]{1,3}",
        1 => Just("xn--bcher-kva".to_owned()),
        1 => Just("0x1f".to_owned()),
        1 => Just(String::new()),
        1 => Just("a".repeat(64)),
    ];
    let name = prop::collection::vec(label, 1..5).prop_map(|labels| labels.join("."));
    (name, prop::bool::weighted(0.1)).prop_map(|(name, dot)| if dot { name + "." } else { name })
}

fn near_pattern() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => near_name(),
        6 => near_name().prop_map(|name| format!("*.{name}")),
        1 => near_name().prop_map(|name| format!("a*.{name}")),
        1 => near_name().prop_map(|name| format!("a.*.{name}")),
        1 => "[ -~]{0,12}",
    ]
}

/// Failures are reproduced from the seed they print; no files are kept beside the tests.
fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config(256))]

    #[test]
    fn nothing_panics(text in any::<String>(), raw in any::<Vec<u8>>()) {
        let entries = [Presented::dns(&raw), Presented::dns(text.as_bytes()), Presented::ip(&raw)];
        let _ = (idn(&text), internal(&text), public_suffix(&text), ip_san(&raw));
        let _ = wildcard_on_public_suffix(&text);
        if let Ok(host) = Host::parse(&text) {
            prop_assert!(nearest(&entries, &host).len() <= entries.len());
            let _ = (host.server_name(), host.to_string());
        }
        if let Ok(pattern) = Pattern::parse(&raw) {
            let _ = pattern.tolerated();
        }
    }

    #[test]
    fn near_names_do_not_panic(name in near_name(), pattern in near_pattern()) {
        let entry = Presented::dns(pattern.as_bytes());
        let host = Host::parse(&name);
        if let Ok(host) = host {
            prop_assert_eq!(entry.matches(&host), entry.why_not(&host).is_none());
        }
        let _ = (idn(&pattern), internal(&pattern), public_suffix(&pattern));
    }

    #[test]
    fn what_is_a_dns_name_here_is_one_to_rustls(text in near_name()) {
        let theirs = matches!(ServerName::try_from(text.as_str()), Ok(ServerName::DnsName(_)));
        let ours = Host::parse(&text).is_ok_and(|host| host.name().is_some());
        prop_assert_eq!(ours, theirs);
    }

    #[test]
    fn a_host_offered_instead_is_readable(text in "[a-c:/@\\[\\]%.0-9?]{1,24}") {
        if let Err(error) = Host::parse(&text) && let Some(meant) = error.suggestion() {
            prop_assert!(Host::parse(meant).is_ok());
        }
    }

    #[test]
    fn a_wildcard_covers_exactly_one_label(labels in prop::collection::vec("[a-z]{1,8}", 0..5)) {
        let pattern = Pattern::parse(b"*.example.com").unwrap();
        let text = labels.join(".") + if labels.is_empty() { "" } else { "." };
        let host = Host::parse(&format!("{text}example.com")).unwrap();
        prop_assert_eq!(pattern.matches(&host), labels.len() == 1);
    }

    #[test]
    fn addresses_agree_with_webpki(one in any::<[u8; 4]>(), other in any::<[u8; 16]>()) {
        let names = [SanType::IpAddress(one.into()), SanType::IpAddress(other.into())];
        let entries = [Presented::ip(&one), Presented::ip(&other)];
        for (name, entry) in names.into_iter().zip(&entries) {
            let leaf = leaf(name);
            for address in [std::net::IpAddr::from(one), other.into()] {
                let host = Host::parse(&address.to_string()).unwrap();
                let theirs = webpki_says(&leaf, &host.server_name().unwrap());
                prop_assert_eq!(entry.matches(&host), theirs);
            }
        }
    }
}

proptest! {
    #![proptest_config(config(512))]

    #[test]
    fn names_agree_with_webpki(
        pattern in near_pattern(),
        hosts in prop::collection::vec(near_name(), 8),
        label in "[ab]{1,2}",
    ) {
        let leaf = leaf(SanType::DnsName(pattern.as_str().try_into().unwrap()));
        let entry = Presented::dns(pattern.as_bytes());
        let itself = pattern.replacen('*', &label, 1);
        for text in hosts.iter().chain([&itself]) {
            let Ok(host @ Host::Name(_)) = Host::parse(text) else { continue };
            let theirs = webpki_says(&leaf, &host.server_name().unwrap());
            let ours = entry.matches(&host);
            // The one exception: Go and Node match a dot with a dot.
            if text.ends_with('.') && text.eq_ignore_ascii_case(&pattern) {
                prop_assert!(ours && !theirs, "{} for {}", pattern, text);
            } else {
                prop_assert_eq!(ours, theirs, "{} for {}", pattern, text);
            }
        }
    }
}
