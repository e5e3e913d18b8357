//! Host names: what people type, what certificates present, and whether the two meet.
#![allow(clippy::unwrap_used)]

use std::net::IpAddr;

use keyway_chain::name::{
    Host, HostError, Internal, MAX_NEAREST, Mismatch, NameFault, Pattern, PatternFault, Presented,
    Section, has_public_suffixes_below, idn, internal, ip_san, nearest, public_suffix,
    reserved_range, wildcard_on_public_suffix,
};

fn host(text: &str) -> Host {
    Host::parse(text).unwrap()
}

fn covers(entry: &str, text: &str) -> bool {
    Presented::dns(entry.as_bytes()).matches(&host(text))
}

fn why(entry: &str, text: &str) -> Mismatch {
    Presented::dns(entry.as_bytes())
        .why_not(&host(text))
        .unwrap()
}

fn fault(entry: &str) -> PatternFault {
    Pattern::parse(entry.as_bytes()).unwrap_err()
}

#[test]
fn letter_case_and_a_trailing_dot_of_the_host_do_not_matter() {
    assert!(covers("Example.com", "EXAMPLE.com."));
    assert_eq!(host(" Example.COM.\n").to_string(), "example.com");
}

#[test]
fn an_international_host_is_converted_and_keeps_both_forms() {
    let host = host("Bücher.example");
    let name = host.name().unwrap();
    assert_eq!(name.ascii(), "xn--bcher-kva.example");
    assert_eq!(name.unicode(), Some("bücher.example"));
    assert!(covers("xn--bcher-kva.example", "bücher.example"));
}

#[test]
fn addresses_are_read_and_shown_by_rfc_5952() {
    assert_eq!(
        host("127.0.0.1").address(),
        Some(IpAddr::from([127, 0, 0, 1]))
    );
    assert_eq!(host("[2001:DB8:0:0:0:0:0:1]").to_string(), "2001:db8::1");
}

#[test]
fn a_pasted_mistake_is_named_and_the_host_is_offered() {
    let cases = [
        ("https://example.com:443/x", "example.com"),
        ("https://user:secret@Example.com?q", "example.com"),
        ("https://[::1]:8443/", "::1"),
        ("example.com:443", "example.com"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("example.com/login", "example.com"),
        ("mail@example.com", "example.com"),
        ("10.0.0.0/8", "10.0.0.0"),
        ("//example.com/x", "example.com"),
        ("fe80::1%eth0", "fe80::1"),
        ("https://bücher.example", "xn--bcher-kva.example"),
    ];
    for (text, meant) in cases {
        let error = Host::parse(text).unwrap_err();
        assert_eq!(error.suggestion(), Some(meant), "{text}: {error}");
        assert!(Host::parse(meant).is_ok());
    }
}

#[test]
fn the_kind_of_mistake_is_told_apart() {
    assert!(matches!(
        Host::parse("https://a.example"),
        Err(HostError::Url { .. })
    ));
    assert!(matches!(
        Host::parse("a.example:8080"),
        Err(HostError::Port { .. })
    ));
    assert!(matches!(
        Host::parse("fe80::1%1"),
        Err(HostError::Zone { .. })
    ));
    assert!(matches!(
        Host::parse("10.0.0.0/8"),
        Err(HostError::Range { .. })
    ));
    assert_eq!(Host::parse("::g"), Err(HostError::NotIpv6));
    assert_eq!(Host::parse(""), Err(HostError::Empty));
    assert!(matches!(
        Host::parse(&"a".repeat(2000)),
        Err(HostError::TooLong { bytes: 2000 })
    ));
}

#[test]
fn a_host_that_is_no_dns_name_equals_only_the_whole_entry() {
    assert!(covers("*.example.com", "*.EXAMPLE.com"));
    assert!(covers("Not a dns", "NOT A DNS"));
    assert!(covers(" ", " "));
    assert!(covers("a...example", "A...example"));
    assert!(!covers("*.example.com", "*.www.example.com"));
    assert!(!covers("*.example.com", "a b.example.com"));
    assert!(!covers(".", "."));
}

#[test]
fn a_trailing_dot_meets_an_entry_that_has_it_too() {
    assert!(covers("example.com.", "Example.com."));
    assert!(!covers("example.com.", "example.com"));
    assert!(!covers("*.example.com.", "a.example.com."));
    assert!(!covers("example.com..", "example.com."));
    assert_eq!(host("example.com."), host("example.com"));
}

#[test]
fn a_wildcard_stands_for_a_label_that_ends_in_a_hyphen() {
    assert!(covers("*.example.com", "a-.example.com"));
    assert!(covers("*.Example.com", "a-.EXAMPLE.com."));
    assert!(covers("a-.example.com", "a-.example.com"));
    assert!(covers("a-.example.com", "a-.example.com."));
    assert!(covers("*.a-.example.com", "x.a-.example.com"));
    for (entry, text) in [
        ("*.example.com", "-a.example.com"),
        ("*.example.com", "-.example.com"),
        ("*.example.com", "a-.b.example.com"),
        ("*.example.com", "a -.example.com"),
        ("*.com", "a-.com"),
        ("*.example.com", "example.com-"),
        ("*.1.2", "a-.1.2"),
    ] {
        assert!(!covers(entry, text), "{entry} {text}");
    }
}

#[test]
fn a_host_that_is_no_dns_name_says_why() {
    let fault_of = |text: &str| match host(text) {
        Host::Literal(literal) => literal.fault(),
        other => panic!("{other:?}"),
    };
    assert_eq!(fault_of("*.example.com"), NameFault::Wildcard);
    assert_eq!(fault_of("1.2.3"), NameFault::EndsInNumber);
    assert_eq!(fault_of("a.0x1f"), NameFault::EndsInNumber);
    assert_eq!(fault_of("a..b"), NameFault::EmptyLabel);
    assert_eq!(fault_of(".a"), NameFault::LeadingDot);
    assert_eq!(fault_of("a-.b"), NameFault::Hyphen);
    assert_eq!(fault_of("a b"), NameFault::Character { byte: b' ', at: 1 });
}

#[test]
fn malformed_entries_are_named_by_their_fault() {
    assert_eq!(fault("www*.example.com"), PatternFault::EmbeddedWildcard);
    assert_eq!(fault("*.*.example.com"), PatternFault::WildcardNotLeftmost);
    assert_eq!(
        fault("www.*.example.com"),
        PatternFault::WildcardNotLeftmost
    );
    assert_eq!(fault("*"), PatternFault::WildcardTooBroad);
    assert_eq!(fault("*.com"), PatternFault::WildcardTooBroad);
    assert_eq!(fault("example.com."), PatternFault::TrailingDot);
    assert_eq!(fault("10.1.2.3"), PatternFault::IpAddress);
    assert_eq!(fault("::1"), PatternFault::IpAddress);
    assert_eq!(fault(""), PatternFault::Name(NameFault::Empty));
    assert_eq!(
        fault(".example.com"),
        PatternFault::Name(NameFault::LeadingDot)
    );
    assert_eq!(
        fault("a..example.com"),
        PatternFault::Name(NameFault::EmptyLabel)
    );
    assert_eq!(
        fault("-a.example.com"),
        PatternFault::Name(NameFault::Hyphen)
    );
    assert_eq!(
        fault("bücher.example"),
        PatternFault::Name(NameFault::NonAscii { at: 1 })
    );
    assert_eq!(
        fault(&"a".repeat(64)),
        PatternFault::Name(NameFault::LabelTooLong { bytes: 64 })
    );
    let long = "a.".repeat(127) + "a";
    assert_eq!(
        fault(&long),
        PatternFault::Name(NameFault::TooLong { bytes: 255 })
    );
}

#[test]
fn entries_that_clients_tolerate_still_match_and_say_what_is_odd() {
    let odd = |entry: &str| Pattern::parse(entry.as_bytes()).unwrap().tolerated();
    assert_eq!(odd("_dmarc.example.com"), [PatternFault::Underscore]);
    assert_eq!(
        odd("xn--ab_c.example.com").first(),
        Some(&PatternFault::Underscore)
    );
    assert_eq!(
        odd("xn--99999999.example.com"),
        [PatternFault::UndecodableLabel]
    );
    assert_eq!(odd("8---k.example.com"), [PatternFault::ReservedLabel]);
    assert_eq!(odd("xn--bcher-kva.example.com"), []);
    assert!(covers("a_b.example.com", "a_b.example.com"));
}

#[test]
fn a_mismatch_is_explained() {
    assert_eq!(
        why("*.example.com", "a.b.example.com"),
        Mismatch::WildcardTooDeep { extra: 1 }
    );
    assert_eq!(
        why("*.example.com", "example.com"),
        Mismatch::WildcardNotApex
    );
    assert_eq!(
        why("*.a.example.com", "example.com"),
        Mismatch::WildcardTooShallow { missing: 1 }
    );
    assert_eq!(
        why("example.com", "www.example.com"),
        Mismatch::BelowName { extra: 1 }
    );
    assert_eq!(
        why("www.example.com", "example.com"),
        Mismatch::AboveName { missing: 1 }
    );
    assert_eq!(why("example.com", "10.0.0.1"), Mismatch::IpNeedsIpSan);
    assert_eq!(why("10.0.0.1", "10.0.0.1"), Mismatch::IpWrittenAsDns);
    assert_eq!(
        why("a..b", "a.b"),
        Mismatch::FaultyPattern(NameFault::EmptyLabel.into())
    );
    let other = Mismatch::DifferentName {
        distance: Some(2),
        shared: 1,
    };
    assert_eq!(why("example.com", "exmaple.com"), other);
    let far = Mismatch::DifferentName {
        distance: None,
        shared: 1,
    };
    assert_eq!(why("example.com", "keyway.com"), far);
}

#[test]
fn addresses_match_by_their_bytes_only() {
    let v4 = Presented::ip(&[10, 0, 0, 1]);
    assert!(v4.matches(&host("10.0.0.1")));
    assert_eq!(
        v4.why_not(&host("10.0.0.2")),
        Some(Mismatch::DifferentAddress)
    );
    assert_eq!(
        v4.why_not(&host("::ffff:10.0.0.1")),
        Some(Mismatch::MappedAddress)
    );
    assert_eq!(
        v4.why_not(&host("example.com")),
        Some(Mismatch::NameNeedsDnsSan)
    );
    assert_eq!(ip_san(&[0; 8]).unwrap_err().bytes, 8);
    assert_eq!(ip_san(&[0; 16]).unwrap().to_string(), "::");
}

#[test]
fn entries_are_shown_without_raw_bytes() {
    assert_eq!(
        Presented::dns(b"a\x1b[1m.example").to_string(),
        "a\\x1b[1m.example"
    );
    assert_eq!(Presented::ip(&[10, 0, 0, 1]).to_string(), "10.0.0.1");
    assert_eq!(Presented::ip(&[10, 0, 255]).to_string(), "(3 bytes)");
}

#[test]
fn the_nearest_entries_come_first_and_are_few() {
    let mut names: Vec<Presented> = (0..10_000)
        .map(|n| Presented::dns(format!("host{n}.elsewhere.test").as_bytes()))
        .collect();
    names.push(Presented::dns(b"mail.example.com"));
    names.push(Presented::dns(b"wwww.example.com"));
    names.push(Presented::dns(b"*.www.example.com"));
    let found = nearest(&names, &host("www.example.com"));
    assert_eq!(found.len(), MAX_NEAREST);
    assert_eq!(found[0], (10_002, Mismatch::WildcardNotApex));
    assert_eq!(found[1].0, 10_001);
    assert_eq!(found[2].0, 10_000);
}

#[test]
fn ten_thousand_long_names_are_compared_quickly() {
    let label = "a".repeat(60);
    let names: Vec<Presented> = (0..10_000)
        .map(|n| Presented::dns(format!("{label}.{label}.{label}.{n:05}.test").as_bytes()))
        .collect();
    let asked = host(&format!("{label}.{label}.{label}.xxxxx.test"));
    let start = std::time::Instant::now();
    assert_eq!(nearest(&names, &asked).len(), MAX_NEAREST);
    assert!(start.elapsed().as_secs() < 5);
}

#[test]
fn a_wildcard_on_a_public_suffix_is_seen() {
    let section = |entry: &str| wildcard_on_public_suffix(entry).map(|suffix| suffix.section);
    assert_eq!(section("*.com"), Some(Section::Icann));
    assert_eq!(section("*.CO.uk"), Some(Section::Icann));
    assert_eq!(section("*.xn--p1ai"), Some(Section::Icann));
    assert_eq!(section("*.s3.amazonaws.com"), Some(Section::Private));
    assert_eq!(section("*.github.io"), Some(Section::Private));
    assert_eq!(section("*.example.co.uk"), None);
    assert_eq!(section("co.uk"), None);
    assert_eq!(section("*.lan"), None);
    assert_eq!(public_suffix("www.example.co.uk.").unwrap().name, "co.uk");
}

#[test]
fn public_suffixes_below_a_name_are_seen_whether_it_is_one_or_not() {
    for above in ["ck", "*.CK.", "jp", "kawasaki.jp", "amazonaws.com", "com"] {
        assert!(has_public_suffixes_below(above), "{above}");
    }
    for without in [
        "www.ck",
        "example.co.uk",
        "example.com",
        "amazonaws",
        "lan",
        "",
        "*",
    ] {
        assert!(!has_public_suffixes_below(without), "{without}");
    }
}

#[test]
fn internal_names_are_told_with_their_source() {
    assert_eq!(internal("intranet-host"), Some(Internal::SingleLabel));
    for name in [
        "printer.local",
        "a.internal",
        "a.corp",
        "a.lan",
        "a.test",
        "a.example",
    ] {
        assert!(
            matches!(internal(name), Some(Internal::SpecialUse { .. })),
            "{name}"
        );
    }
    assert!(matches!(
        internal("localhost"),
        Some(Internal::SpecialUse { .. })
    ));
    assert!(matches!(
        internal("*.home.arpa"),
        Some(Internal::SpecialUse { .. })
    ));
    assert_eq!(internal("a.nosuchtld"), Some(Internal::UnknownTopLevel));
    for name in [
        "example.com",
        "fritz.box",
        "x.onion",
        "notlocal.net",
        "10.0.0.1",
        "a b",
    ] {
        assert_eq!(internal(name), None, "{name}");
    }
}

#[test]
fn addresses_that_are_not_routed_are_told_with_their_range() {
    let range = |text: &str| reserved_range(text.parse().unwrap()).map(|range| range.range);
    assert_eq!(range("10.9.8.7"), Some("10.0.0.0/8"));
    assert_eq!(range("172.31.255.255"), Some("172.16.0.0/12"));
    assert_eq!(range("172.32.0.0"), None);
    assert_eq!(range("100.127.0.1"), Some("100.64.0.0/10"));
    assert_eq!(range("255.255.255.255"), Some("240.0.0.0/4"));
    assert_eq!(range("8.8.8.8"), None);
    assert_eq!(range("::1"), Some("::1/128"));
    assert_eq!(range("fd12::1"), Some("fc00::/7"));
    assert_eq!(range("fe80::1"), Some("fe80::/10"));
    assert_eq!(range("2001:db8::1"), Some("2001:db8::/32"));
    assert_eq!(range("3fff:fff::1"), Some("3fff::/20"));
    assert_eq!(range("2606:4700::1111"), None);
}

#[test]
fn each_range_holds_its_own_first_address() {
    let starts = "0.0.0.0 10.0.0.0 100.64.0.0 127.0.0.0 169.254.0.0 172.16.0.0 192.0.0.0 192.0.2.0 192.88.99.0 2001:: 2002:: \
        192.168.0.0 198.18.0.0 198.51.100.0 203.0.113.0 224.0.0.0 240.0.0.0 :: ::1 ::ffff:0:0 \
        64:ff9b:1:: 100:: 2001:db8:: 3fff:: 5f00:: fc00:: fe80:: ff00::";
    for start in starts.split_whitespace() {
        let found = reserved_range(start.parse().unwrap()).unwrap();
        assert_eq!(found.range.split('/').next(), Some(start));
    }
}

#[test]
fn international_entries_are_shown_in_both_forms() {
    let shown = idn("*.XN--bcher-kva.example").unwrap();
    assert_eq!(shown.ascii, "*.xn--bcher-kva.example");
    assert_eq!(shown.unicode.as_deref(), Some("*.bücher.example"));
    assert_eq!(idn("xn--99999999.example").unwrap().unicode, None);
    assert_eq!(idn("example.com"), None);
}

#[test]
fn wildcard_rules_and_exceptions_of_the_suffix_list_are_followed() {
    let suffix = |name: &str| public_suffix(name).map(|suffix| suffix.name);
    let expected = [
        ("www.example.com", Some("com")),
        ("www.example.co.uk", Some("co.uk")),
        // `*.ck`, and `!www.ck`.
        ("a.b.c.ck", Some("c.ck")),
        ("ck", None),
        ("www.ck", Some("ck")),
        ("a.www.ck", Some("ck")),
        // `kawasaki.jp` has a wildcard, `city.kawasaki.jp` is exempt from it.
        ("a.b.kawasaki.jp", Some("b.kawasaki.jp")),
        ("a.city.kawasaki.jp", Some("kawasaki.jp")),
        // The section of services, deeper than any rule of the registry's.
        (
            "bucket.s3.dualstack.us-east-1.amazonaws.com",
            Some("s3.dualstack.us-east-1.amazonaws.com"),
        ),
        ("x.us-east-1.amazonaws.com", Some("us-east-1.amazonaws.com")),
        // `*.run.app` holds beside rules that are deeper.
        ("mtls.run.app", Some("mtls.run.app")),
        ("a.xn--55qx5d.cn", Some("xn--55qx5d.cn")),
        ("intranet", None),
        ("host.nosuchtld", None),
    ];
    for (name, wanted) in expected {
        assert_eq!(suffix(name).as_deref(), wanted, "{name}");
    }
}
