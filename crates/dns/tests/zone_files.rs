//! What a line of a zone file means, as the standards say it, and as BIND 9.18 and NSD 4.6 read it where those do
//! not. Where we differ from BIND the test says why.

use keyway_dns::zone::{Read, ReadOptions, read};

const START: &str = "$TTL 300\n@ SOA ns1 host 1 3600 600 86400 120\n@ NS ns1\nns1 A 192.0.2.1\n";

fn zone(lines: &str) -> Read {
    let text = format!("{START}{lines}\n");
    read(text.as_bytes(), "example.com", &ReadOptions::default()).expect("within limits")
}

/// `owner type data` of each record behind the start, without the zone's name.
fn records(lines: &str) -> Vec<String> {
    let read = zone(lines);
    assert!(read.faults.is_empty(), "{lines}: {:?}", read.faults);
    let records = read.zone.records().skip(3);
    let texts = records.map(|it| {
        let owner = it.owner_text().replace(".example.com.", "");
        format!("{owner} {} {}", it.kind, it.data_text())
    });
    texts.collect()
}

/// What is said of lines that are no records.
fn faults(lines: &str) -> Vec<String> {
    let faults = zone(lines).faults.into_iter();
    faults.map(|fault| fault.kind.to_string()).collect()
}

#[test]
fn a_parameter_by_number_has_the_form_of_the_wire() {
    let same = [
        (r"key1=\002h2", r#"1 . alpn="h2""#),
        (r"key0=\000\001 alpn=h2", r#"1 . mandatory=alpn alpn="h2""#),
        (r"alpn=h2 key2", r#"1 . alpn="h2" no-default-alpn"#),
        (r#"alpn=h2 key2="""#, r#"1 . alpn="h2" no-default-alpn"#),
        (r"key3=\001\187", "1 . port=443"),
        (r"key4=\192\000\002\001", "1 . ipv4hint=192.0.2.1"),
        (r"key5=AAAA", "1 . ech=QUFBQQ=="),
        (r"key7=/q{?dns}", r#"1 . dohpath="/q{?dns}""#),
        (r"key667=a", r#"1 . key667="a""#),
    ];
    for (parameters, shown) in same {
        let line = format!("x HTTPS 1 . {parameters}");
        assert_eq!(records(&line), [format!("x HTTPS {shown}")], "{line}");
    }
    for parameters in [
        "key1=h2",
        "key3=443",
        r"key0=\000\003\000\001 alpn=h2 port=443",
        "key0=alpn alpn=h2",
        r"alpn=h2 key1=\002h2",
        // BIND loads these two. 65535 is "Invalid key" (RFC 9460, section 14.3.2); BIND 9.18 does not know
        // ohttp, which has no value (RFC 9540, section 4).
        "key65535=a",
        "key8=a",
    ] {
        assert_eq!(faults(&format!("x HTTPS 1 . {parameters}")).len(), 1);
    }
}

#[test]
fn an_empty_value_is_none() {
    for parameter in [
        "no-default-alpn",
        "no-default-alpn=",
        "no-default-alpn=\"\"",
    ] {
        let line = format!("x HTTPS 1 . alpn=h2 {parameter}");
        assert_eq!(records(&line), [r#"x HTTPS 1 . alpn="h2" no-default-alpn"#]);
    }
    assert_eq!(faults("x HTTPS 1 . alpn=h2 no-default-alpn=a").len(), 1);
}

#[test]
fn a_path_for_dns_over_https_is_a_template_with_that_variable() {
    let path = |path: &str| faults(&format!("_dns SVCB 1 . alpn=h2 dohpath=\"{path}\""));
    for good in ["/dns-query{?dns}", "/{dns}", "/q{?a,dns}{&b}"] {
        assert_eq!(path(good), [""; 0], "{good}");
    }
    for bad in [
        "/dns-query",
        "dns-query{?dns}",
        "https://a/{?dns}",
        "/{?dn}",
        "/{?dns",
        "/{?dns}}",
        "/{?dns}{",
        "/{}{?dns}",
        "/a b{?dns}",
    ] {
        assert_eq!(path(bad).len(), 1, "{bad}");
    }
}

#[test]
fn what_generate_makes_is_read_as_the_words_of_a_line() {
    let first = |data: &str| records(&format!("$GENERATE 1-1 h$ {data}"));
    let same = [
        (r#"TXT "a b $""#, r#"TXT "a" "b" "1""#),
        (r#"TXT "\"a b\" $""#, r#"TXT "a b" "1""#),
        (r#"TXT "a;b $""#, r#"TXT "a""#),
        (r#"TXT "(a b $)""#, r#"TXT "a" "b" "1""#),
        (r#"TXT "a\032b $""#, r#"TXT "a b" "1""#),
        (r#"TXT "\"\"""#, r#"TXT """#),
        (r#"TXT \"a"#, r#"TXT "\"a""#),
        ("TXT \u{feff}a", r#"TXT "\239\187\191a""#),
        (r"TXT a$\$b\$$", r#"TXT "a1$b$1""#),
        (r#"MX "10 m$""#, "MX 10 m1.example.com."),
        (r#"A "\# 4 C000020${0,0,x}""#, "A 192.0.2.1"),
        (r#"60 IN HTTPS "1 . port=44$""#, "HTTPS 1 . port=441"),
    ];
    for (data, shown) in same {
        assert_eq!(first(data), [format!("h1 {shown}")], "{data}");
    }
    // A dollar sign that is escaped, or doubled, is one.
    assert_eq!(
        records(r"$GENERATE 1-2 h\$ A 192.0.2.$"),
        [r"h\$ A 192.0.2.1", r"h\$ A 192.0.2.2"]
    );
    assert_eq!(
        records("$GENERATE 1-1 h$$ A 192.0.2.1"),
        [r"h\$ A 192.0.2.1"]
    );
    for bad in [
        "$GENERATE 1-1 h$ MX 10 m$",
        "$GENERATE 1-1 h$ TXT a b",
        "$GENERATE 1-1 h$ TXT \"\"",
        "$GENERATE 1-1 h$ TXT \"(a\"",
        "$GENERATE 1-1 \"h $\" TXT a",
        "$GENERATE \"1-1\" h$ TXT a",
    ] {
        assert_eq!(faults(bad).len(), 1, "{bad}");
    }
}

#[test]
fn quotes_are_of_strings() {
    assert_eq!(records("\"x y\" TXT \"a\""), [r#"x\032y TXT "a""#]);
    for bad in [
        "x \"A\" 192.0.2.1",
        "x \"60\" A 192.0.2.1",
        "x \"IN\" A 192.0.2.1",
        "x A \"192.0.2.1\"",
        "x MX 10 \"foo\"",
        "x CNAME \"foo bar\"",
        "x NAPTR 10 10 u s \"a\" \".\"",
        "x CAA 0 \"issue\" \"a\"",
        "x HTTPS 1 . \"alpn=h2\"",
        "$TTL \"300\"",
        "$ORIGIN \"x\"",
    ] {
        assert_eq!(faults(bad).len(), 1, "{bad}");
    }
}

#[test]
fn a_date_is_no_part_of_a_zone() {
    // BIND loads it; NSD does not.
    let found = faults("$DATE 20260101000000");
    assert!(found[0].contains("BIND's cache"), "{found:?}");
}

#[test]
fn a_uri_stands_in_quotes() {
    assert_eq!(
        records("x URI 1 2 \"https://y/\""),
        ["x URI 1 2 \"https://y/\""]
    );
    assert_eq!(faults("x URI 1 2 https://y/").len(), 1);
}

#[test]
fn a_digest_has_the_length_of_its_kind() {
    let hex = "00".repeat(64);
    let of = |text: &str, bytes: usize| faults(&format!("x {text} {}", &hex[..bytes * 2]));
    let lengths = [
        ("DS 1 8 1", 20),
        ("DS 1 8 2", 32),
        // BIND 9.18 takes any length of 3, 5 and 6; theirs are in RFC 5933, RFC 9558 and RFC 9563.
        ("DS 1 8 3", 32),
        ("DS 1 8 4", 48),
        ("DS 1 8 5", 32),
        ("DS 1 8 6", 32),
        ("CDS 1 8 2", 32),
        ("DLV 1 8 2", 32),
        ("TA 1 8 2", 32),
        ("SSHFP 1 1", 20),
        ("SSHFP 9 2", 32),
        ("ZONEMD 1 1 1", 48),
        ("ZONEMD 1 9 2", 64),
    ];
    for (text, bytes) in lengths {
        assert_eq!(of(text, bytes), [""; 0], "{text}");
        assert_eq!(of(text, bytes - 1).len(), 1, "{text}");
        assert_eq!(of(text, bytes - 18).len(), 1, "{text}");
    }
    // Of a kind that nobody knows any length will do, and `0 0 0 00` asks for the removal of a DS (RFC 8078).
    for good in ["DS 1 8 9 00", "SSHFP 1 9 00", "CDS 0 0 0 00"] {
        assert_eq!(faults(&format!("x {good}")), [""; 0], "{good}");
    }
    assert_eq!(of("ZONEMD 1 1 9", 12), [""; 0]);
    assert_eq!(of("ZONEMD 1 1 9", 11).len(), 1);
    let told = faults("x DS \\# 6 000108020011");
    assert_eq!(told, ["DS: the digest has 2 bytes, and 32 belong there"]);
}

#[test]
fn a_place_is_written_in_either_order() {
    // RFC 1712, section 3: the example, and the order that its text says.
    for good in ["-32.6882 116.8652 10.0", "116.8652 -32.6882 -10"] {
        assert_eq!(
            records(&format!("x GPOS {good}")),
            [format!("x GPOS {good}")]
        );
    }
    // BIND takes any strings.
    for bad in ["100 200 1", "91 91 1", "1 2 x", "1e1 2 3", "1 2"] {
        assert_eq!(faults(&format!("x GPOS {bad}")).len(), 1, "{bad}");
    }
}

#[test]
fn a_sink_has_three_numbers_and_perhaps_more() {
    for data in ["1 0 0", "1 0 0 AAAA"] {
        assert_eq!(
            records(&format!("x SINK {data}")),
            [format!("x SINK {data}")]
        );
    }
    assert_eq!(faults("x SINK 1 0").len(), 1);
}

#[test]
fn a_ttl_above_31_bits_is_a_fault() {
    // BIND warns and takes zero, as RFC 2181, section 8 tells those who receive one. Whoever writes it means
    // something else.
    assert_eq!(faults("x 2147483648 A 192.0.2.1").len(), 1);
    assert_eq!(faults("$TTL 2147483648").len(), 1);
}

#[test]
fn no_message_has_two_full_stops_at_its_end() {
    let text = "$TTL 60\n@ SOA ns1 host 1 2 3 4 5\n@ NS nowhere\n@ DS 1 8 9 00\nx SOA ns1 host 1 2 3 4 5\n\
                a.b. A 192.0.2.1\n*.w NS ns\nd DNAME e\nf.d A 192.0.2.1\n@ MX 10 g.d\nc NS ns.c\nc A \"1\"\n\
                h CNAME i\nh A 192.0.2.1\nh CNAME j\n0 NSEC3 1 0 0 - 00 A\n! NSEC3 1 0 0 - 00 A\n@ CDS 1 8 9 00\n\
                @ CAA 0 issue \"https://ca.example.\"\n@ 5 NS nowhere\n";
    for origin in ["example.com", "."] {
        let read = read(text.as_bytes(), origin, &ReadOptions::default()).expect("within limits");
        let findings = keyway_dns::zone::check(&read, "zone.db").findings;
        assert!(findings.len() > 12, "{}", findings.len());
        for finding in findings {
            let message = keyway_report::Kind::message(&finding.kind);
            let is_root = message.ends_with(" ..") && origin == ".";
            assert!(is_root || !message.ends_with(".."), "{message}");
        }
    }
}

#[test]
fn nsec_names_one_type_at_least() {
    // Its own, as BIND has it; NSEC3 stands for names without any, too.
    for bad in ["x NSEC b", "x NSEC \\# 3 016200"] {
        assert_eq!(faults(bad).len(), 1, "{bad}");
    }
    assert!(faults("x NSEC b A").is_empty());
    assert!(faults("x CSYNC 1 3").is_empty());
}

#[test]
fn a_zone_as_a_transfer_prints_it_ends_with_its_start() {
    let start = "@ 300 SOA ns1 host 1 3600 600 86400 120\n";
    let rest = "@ 300 NS ns1\nns1 300 A 192.0.2.1\n";
    let codes = |text: String| -> Vec<&'static str> {
        let read = read(text.as_bytes(), "example.com", &ReadOptions::default()).expect("reads");
        let findings = keyway_dns::zone::check(&read, "zone.db").findings;
        findings.iter().map(keyway_report::Finding::code).collect()
    };
    assert_eq!(
        codes(format!("{start}{rest}{start}")),
        ["dns.repeated-record"]
    );
    // Elsewhere, or with other data, NSD refuses the zone.
    let newer = start.replace(" 1 3600", " 2 3600");
    for other in [
        format!("{start}{start}{rest}"),
        format!("{start}{rest}{newer}"),
    ] {
        assert!(codes(other).contains(&"dns.zone-start"));
    }
}
