//! Which CAs may issue: the way up, the verdict, what is malformed, and the smallest change.

use keyway_dns::caa::{
    Climb, Climbed, Dnssec, End, Failed, Finding, Found, Issuer, Judgement, Limit, MAX_ALIASES,
    MAX_LOOKUPS, Parameter, Property, Reason, Request, Wrong, check, judge, malformed,
};
use keyway_dns::message::Code;
use keyway_dns::name::Name;
use keyway_report::Verdict;
use proptest::prelude::*;

fn name(text: &str) -> Name {
    Name::read(text).expect("a name")
}

/// Data from flags, tag and value.
fn data(flags: u8, tag: &str, value: &str) -> Vec<u8> {
    let property = Property {
        flags,
        ..Property::new(tag, value)
    };
    property.data()
}

/// The way up from www.example.com to records at example.com.
fn climbed(records: &[Vec<u8>]) -> Climbed {
    Climb::with(&name("www.example.com"), |at| {
        let is_there = *at == name("example.com");
        let found = is_there.then(|| Found::Records(records.to_vec()));
        found.unwrap_or(Found::Nothing).into()
    })
}

fn ours() -> Request {
    Request::to("letsencrypt.org").expect("a CA")
}

fn judged(records: &[(u8, &str, &str)], request: &Request) -> Judgement {
    let data: Vec<_> = records
        .iter()
        .map(|(flags, tag, value)| data(*flags, tag, value))
        .collect();
    let way = climbed(&data);
    let judgement = judge(&way, request);
    if judgement.verdict == Verdict::No {
        // In the order of the set, as the judge saw it.
        let End::Records { records, .. } = way.end() else {
            panic!("denied by nothing");
        };
        let after = judge(&climbed(&judgement.change.applied(records)), request);
        assert_ne!(after.verdict, Verdict::No, "{judgement:?}");
    }
    judgement
}

fn added(judgement: &Judgement) -> Vec<String> {
    let steps = judgement.change.steps.iter();
    let added = steps.filter_map(|step| step.add.as_ref());
    added.map(ToString::to_string).collect()
}

fn visited(climbed: &Climbed) -> Vec<String> {
    let visits = climbed.visits.iter();
    visits
        .map(|visit| format!("{} {}", visit.aliases, visit.name))
        .collect()
}

#[test]
fn the_way_up_ends_below_the_root() {
    let way = Climb::with(&name("a.b.example"), |_| Found::Nothing.into());
    assert_eq!(
        visited(&way),
        ["0 a.b.example.", "0 b.example.", "0 example."]
    );
    assert_eq!(way.end(), End::Nothing);
    let root = Climb::with(&name("."), |_| panic!("nobody asks the root"));
    assert_eq!(root.end(), End::Nothing);
}

#[test]
fn what_stands_above_the_target_of_an_alias_says_nothing() {
    let way = Climb::with(&name("www.example.com"), |at| {
        let found = match at.to_string().as_str() {
            "www.example.com." => Found::Alias(name("host.other.net")),
            "other.net." => panic!("not on the way"),
            "com." => Found::Records(vec![data(0, "issue", ";")]),
            _ => Found::Nothing,
        };
        found.into()
    });
    assert_eq!(
        visited(&way),
        [
            "0 www.example.com.",
            "1 host.other.net.",
            "0 example.com.",
            "0 com."
        ]
    );
}

#[test]
fn records_behind_an_alias_are_those_of_the_name() {
    let way = Climb::with(&name("www.example.com"), |at| {
        let found = match at.to_string().as_str() {
            "www.example.com." => Found::Alias(name("host.other.net")),
            _ => Found::Records(vec![data(0, "issue", "ca.example")]),
        };
        found.into()
    });
    let End::Records { at, under, .. } = way.end() else {
        panic!("there are records");
    };
    assert_eq!(
        (at, under),
        (&name("host.other.net"), &name("www.example.com"))
    );
    let judgement = judge(&way, &ours());
    assert_eq!(judgement.change.at, Some(name("host.other.net")));
}

#[test]
fn aliases_are_bounded_and_circles_are_seen() {
    let round = Climb::with(&name("a.example"), |at| {
        let other = if *at == name("a.example") {
            "b.example"
        } else {
            "a.example"
        };
        Found::Alias(name(other)).into()
    });
    let why = &Failed::Aliases;
    assert!(matches!(round.end(), End::Failed { why: found, .. } if found == why));
    let mut count = 0;
    let long = Climb::with(&name("a.example"), |_| {
        count += 1;
        Found::Alias(name(&format!("a{count}.example"))).into()
    });
    assert_eq!(count, MAX_ALIASES + 1);
    assert!(matches!(long.end(), End::Failed { .. }));
    let mut turn = 0;
    let mut asked = 0;
    let wide = Climb::with(&name(&"a.".repeat(127)), |_| {
        asked += 1;
        turn = (turn + 1) % (MAX_ALIASES + 1);
        let alias = name(&format!("x{asked}.example"));
        if turn == 0 {
            Found::Nothing
        } else {
            Found::Alias(alias)
        }
        .into()
    });
    assert_eq!(asked, MAX_LOOKUPS);
    assert!(matches!(wide.end(), End::Failed { .. }));
}

#[test]
fn a_look_up_that_fails_is_no_permission() {
    for failed in [
        Failed::Code(Code::SERVFAIL),
        Failed::NoAnswer("time is out".to_owned()),
        Failed::Bogus,
    ] {
        let way = Climb::with(&name("www.example.com"), |_| {
            Found::Failed(failed.clone()).into()
        });
        assert_eq!(way.visits.len(), 1);
        let judgement = judge(&way, &ours());
        assert_eq!(judgement.verdict, Verdict::Unknown);
        assert_eq!(judgement.reason, Reason::Failed);
        let dnssec = Dnssec::of(&way, Some(true));
        let findings = check(&way, &ours(), &judgement, dnssec);
        let codes: Vec<_> = findings.iter().map(Finding::code).collect();
        let is_bogus = failed == Failed::Bogus;
        assert_eq!(codes.contains(&"dns.dnssec-bogus"), is_bogus, "{failed:?}");
    }
}

#[test]
fn without_records_every_ca_may() {
    let judgement = judge(&climbed(&[]), &ours());
    assert_eq!(judgement.reason, Reason::NoRecords);
    let reports = judged(
        &[(0, "iodef", "mailto:a@example.com"), (0, "tbs", "x")],
        &ours(),
    );
    assert_eq!(reports.reason, Reason::NotRestricted);
}

#[test]
fn a_ca_that_is_not_named_may_not_and_one_record_would_let_it() {
    let judgement = judged(
        &[(0, "issue", "ca.example"), (0, "issue", "%%%%%")],
        &ours(),
    );
    assert_eq!(
        judgement.reason,
        Reason::Others(vec!["ca.example".to_owned()])
    );
    assert_eq!(added(&judgement), ["0 issue \"letsencrypt.org\""]);
    let nobody = judged(&[(0, "issue", ";")], &ours());
    assert_eq!(nobody.reason, Reason::Others(Vec::new()));
}

#[test]
fn records_add_up_and_domains_have_no_case() {
    let records = [(0, "issue", ";"), (128, "ISSUE", " LetsEncrypt.ORG ; x=1")];
    assert_eq!(judged(&records, &ours()).verdict, Verdict::Yes);
}

#[test]
fn issuewild_is_for_wildcards_and_then_alone() {
    let records = [
        (0, "issue", "letsencrypt.org"),
        (0, "issuewild", "ca.example"),
    ];
    assert_eq!(judged(&records, &ours()).verdict, Verdict::Yes);
    let wild = judged(&records, &ours().wildcard(true));
    assert_eq!(wild.verdict, Verdict::No);
    assert_eq!(added(&wild), ["0 issuewild \"letsencrypt.org\""]);
    // Without one `issue` counts, and a new issuewild would shut out the others.
    let plain = judged(&[(0, "issue", "ca.example")], &ours().wildcard(true));
    assert_eq!(added(&plain), ["0 issue \"letsencrypt.org\""]);
}

#[test]
fn a_critical_property_that_nobody_knows_bars_every_ca() {
    let records = [(0, "issue", "letsencrypt.org"), (128, "tbs", "x")];
    let judgement = judged(&records, &ours());
    assert!(matches!(judgement.reason, Reason::Critical(_)));
    assert_eq!(added(&judgement), ["0 tbs \"x\""]);
    let plain = judged(&[(1, "tbs", "x")], &ours());
    assert_eq!(plain.verdict, Verdict::Yes);
}

#[test]
fn a_critical_property_that_only_some_cas_know_leaves_it_open() {
    // CA/B Forum BR 3.2.2.8: issue, issuewild and iodef are processed by all, "additional property tags MAY be
    // supported", and a CA must not issue where it does not recognize a critical one.
    for tag in ["contactemail", "contactphone", "issuemail", "issuevmc"] {
        let value = if tag == "contactemail" {
            "a@b.example"
        } else {
            ";"
        };
        for issue in ["issue", "iodef"] {
            let value_of = if issue == "issue" {
                "letsencrypt.org"
            } else {
                "mailto:a@b.example"
            };
            let records = [(0, issue, value_of), (128, tag, value)];
            let judgement = judged(&records, &ours());
            assert_eq!(judgement.reason, Reason::CriticalForSome(1), "{tag}");
            assert_eq!(judgement.verdict, Verdict::Unknown, "{tag}");
            assert_eq!(added(&judgement), [format!("0 {tag} \"{value}\"")]);
            assert_eq!(
                judged(&[records[0], (0, tag, value)], &ours()).verdict,
                Verdict::Yes
            );
        }
    }
    for all in [
        (128, "issue", "letsencrypt.org"),
        (128, "iodef", "mailto:a@b.example"),
    ] {
        let records = [(0, "issue", "letsencrypt.org"), all];
        assert_eq!(judged(&records, &ours()).verdict, Verdict::Yes);
    }
    // Where it is denied the change takes the flag away, too.
    let denied = judged(
        &[(0, "issue", "ca.example"), (128, "issuemail", ";")],
        &ours(),
    );
    assert_eq!(
        added(&denied),
        ["0 issuemail \";\"", "0 issue \"letsencrypt.org\""]
    );
}

#[test]
fn an_account_is_compared_letter_by_letter() {
    let records = [(
        0,
        "issue",
        "letsencrypt.org; accounturi=https://acme.example/1",
    )];
    let with = |uri: &str| ours().with_account(uri).expect("an account");
    assert_eq!(
        judged(&records, &with("https://acme.example/1")).verdict,
        Verdict::Yes
    );
    let other = judged(&records, &with("https://acme.example/2"));
    assert!(matches!(
        other.reason,
        Reason::Limited(0, Limit::Account(_))
    ));
    assert_eq!(
        added(&other),
        ["0 issue \"letsencrypt.org; accounturi=https://acme.example/2\""]
    );
    assert_eq!(
        other.change.steps[0].remove, None,
        "the first account stays"
    );
    let unsaid = judged(&records, &ours());
    assert_eq!(unsaid.verdict, Verdict::Unknown);
}

#[test]
fn a_method_has_to_be_listed() {
    let records = [(
        0,
        "issue",
        "letsencrypt.org; validationmethods=dns-01,tls-alpn-01",
    )];
    let by = |label: &str| ours().with_method(label).expect("a method");
    assert_eq!(judged(&records, &by("dns-01")).verdict, Verdict::Yes);
    let other = judged(&records, &by("http-01"));
    assert_eq!(
        added(&other),
        ["0 issue \"letsencrypt.org; validationmethods=dns-01,tls-alpn-01,http-01\""]
    );
    assert!(other.change.steps[0].remove.is_some());
    let twice = "letsencrypt.org; validationmethods=dns-01; validationmethods=dns-01";
    let twice = judged(&[(0, "issue", twice)], &by("dns-01"));
    assert!(matches!(
        twice.reason,
        Reason::Limited(0, Limit::Repeated(_))
    ));
    assert_eq!(
        added(&twice),
        ["0 issue \"letsencrypt.org; validationmethods=dns-01\""]
    );
}

#[test]
fn a_malformed_record_that_meant_the_ca_is_mended_in_its_place() {
    let judgement = judged(&[(0, "issue", "https://letsencrypt.org/")], &ours());
    assert_eq!(judgement.verdict, Verdict::No);
    assert_eq!(added(&judgement), ["0 issue \"letsencrypt.org\""]);
    assert!(judgement.change.steps[0].remove.is_some());
}

#[test]
fn a_request_that_no_record_could_name_is_refused() {
    for ca in ["", "https://letsencrypt.org", "a b", "ca.example;x"] {
        assert!(Request::to(ca).is_err(), "{ca}");
    }
    // What service files call a CA is not what it looks for.
    assert!(Request::to_public("letsencrypt").is_err());
    assert!(Request::to_public("letsencrypt.org").is_ok());
    assert!(ours().with_account("12345").is_err());
    assert!(ours().with_method("dns 01").is_err());
}

#[test]
fn what_was_meant_is_told() {
    let cases: &[(u8, &str, &str, Wrong, &[&str])] = &[
        (
            0,
            "issue",
            "\"ca.example\"",
            Wrong::Quotes,
            &["0 issue \"ca.example\""],
        ),
        (
            0,
            "issue",
            "https://CA.example/x",
            Wrong::Url,
            &["0 issue \"ca.example\""],
        ),
        (
            0,
            "issue",
            "ca.example.",
            Wrong::Dot,
            &["0 issue \"ca.example\""],
        ),
        (
            0,
            "issuewild",
            "*.ca.example",
            Wrong::Wildcard,
            &["0 issuewild \"ca.example\""],
        ),
        (
            0,
            "issue",
            "admin@ca.example",
            Wrong::Mail,
            &["0 issue \"ca.example\""],
        ),
        (
            0,
            "issue",
            "lets encrypt.org",
            Wrong::Space,
            &["0 issue \"letsencrypt.org\""],
        ),
        (
            0,
            "issue",
            "ca.example, other.example",
            Wrong::Several,
            &["0 issue \"ca.example\"", "0 issue \"other.example\""],
        ),
        (
            0,
            "issue",
            "ca.example validationmethods=dns-01",
            Wrong::Semicolon,
            &["0 issue \"ca.example; validationmethods=dns-01\""],
        ),
        (
            0,
            "issue",
            "ca.example; validation-methods=DNS01",
            Wrong::Parameter("validationmethods"),
            &["0 issue \"ca.example; validationmethods=dns-01\""],
        ),
        (
            0,
            "issue",
            "ca.example; accounturi=123",
            Wrong::Account,
            &[],
        ),
        (
            1,
            "issue",
            "ca.example",
            Wrong::Flags(1),
            &["128 issue \"ca.example\""],
        ),
        (
            0,
            "issue-wild",
            "ca.example",
            Wrong::TagSpelling("issuewild"),
            &["0 issuewild \"ca.example\""],
        ),
        (
            0,
            "isssue",
            "ca.example",
            Wrong::TagSpelling("issue"),
            &["0 issue \"ca.example\""],
        ),
        (
            0,
            "iodef",
            "security@example.com",
            Wrong::Scheme,
            &["0 iodef \"mailto:security@example.com\""],
        ),
        (
            0,
            "iodef",
            "report.example.com/x",
            Wrong::Scheme,
            &["0 iodef \"https://report.example.com/x\""],
        ),
        (0, "iodef", "tel:1", Wrong::OtherScheme, &[]),
        (
            0,
            "contactemail",
            "mailto:a@b.example",
            Wrong::Contact,
            &["0 contactemail \"a@b.example\""],
        ),
    ];
    for (flags, tag, value, wrong, meant) in cases {
        let found = malformed(&data(*flags, tag, value)).expect(value);
        assert!(found.wrong.contains(wrong), "{value}: {:?}", found.wrong);
        let told: Vec<_> = found.meant.iter().map(ToString::to_string).collect();
        assert_eq!(told, *meant, "{value}");
    }
}

#[test]
fn what_is_right_is_left_alone() {
    for (flags, tag, value) in [
        (0, "issue", "letsencrypt.org"),
        (128, "issue", ";"),
        (0, "issue", ""),
        (
            0,
            "issue",
            "ca.example; policy=ev; accounturi=https://a.example/1",
        ),
        (0, "issue", "ca.example; validationmethods=ca-own-01,dns-02"),
        (0, "iodef", "mailto:o'brien@example.com"),
        (0, "contactphone", "+1 555 0100"),
        (0, "tbs", "anything, at \"all\""),
        (0, "issuemail", "ca.example"),
    ] {
        assert_eq!(malformed(&data(flags, tag, value)), None, "{tag} {value}");
    }
}

/// Values that are nearly right, so that what they are taken for is looked at, too.
fn value() -> impl Strategy<Value = String> {
    let parts = prop::sample::select(vec![
        "letsencrypt.org",
        "ca.example",
        ";",
        " ",
        "=",
        "\"",
        "accounturi",
        "validationmethods",
        ",",
        "https://a.example/1",
        "dns-01",
        "DNS01",
        "*.",
        "@",
        "mailto:",
        "x",
        ".",
        "é",
        "\u{1}",
    ]);
    prop::collection::vec(parts, 0..12).prop_map(|parts| parts.concat())
}

fn record() -> impl Strategy<Value = Vec<u8>> {
    let tags = [
        "issue",
        "issuewild",
        "iodef",
        "contactemail",
        "tbs",
        "issue-wild",
        "Issue",
    ];
    let near = (
        prop::sample::select(vec![0_u8, 1, 128, 255]),
        prop::sample::select(tags.to_vec()),
        value(),
    );
    let near = near.prop_map(|(flags, tag, value)| data(flags, tag, &value));
    prop_oneof![4 => near, 1 => prop::collection::vec(any::<u8>(), 0..40)]
}

proptest! {
    #[test]
    fn an_issuer_that_is_written_reads_back(
        domain in prop::option::of("[a-z0-9]([a-z0-9-]{0,5}[a-z0-9])?(\\.[a-z0-9]{1,5}){0,3}"),
        parameters in prop::collection::vec(("[a-zA-Z0-9]{1,8}", "[!-:<-~]{0,12}"), 0..5),
    ) {
        let parameters = parameters.into_iter().map(|(tag, value)| Parameter { tag, value });
        let issuer = Issuer { domain, parameters: parameters.collect() };
        prop_assert_eq!(Issuer::read(issuer.to_string().as_bytes()), Ok(issuer));
    }

    #[test]
    fn a_property_that_is_written_reads_back(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        if let Some(property) = Property::read(&bytes) {
            prop_assert_eq!(property.data(), bytes);
        }
    }

    #[test]
    fn what_was_meant_is_right(record in record()) {
        for meant in malformed(&record).into_iter().flat_map(|found| found.meant) {
            prop_assert_eq!(malformed(&meant.data()), None, "{} of {:?}", meant, record);
        }
    }

    #[test]
    fn the_smallest_change_allows_the_ca(
        records in prop::collection::vec(record(), 0..6),
        is_wildcard in any::<bool>(),
        is_said in any::<bool>(),
    ) {
        let mut request = ours().wildcard(is_wildcard);
        if is_said {
            request = request.with_account("https://a.example/2").expect("an account");
            request = request.with_method("http-01").expect("a method");
        }
        let way = climbed(&records);
        let judgement = judge(&way, &request);
        if let (Verdict::No, End::Records { records, .. }) = (judgement.verdict, way.end()) {
            let after = judge(&climbed(&judgement.change.applied(records)), &request);
            if is_said {
                prop_assert_eq!(after.verdict, Verdict::Yes, "{:?}", judgement);
            } else {
                // An account or a method that was not said is not known after it, either.
                prop_assert_ne!(after.verdict, Verdict::No, "{:?}", judgement);
            }
        }
        let findings = check(&way, &request, &judgement, Dnssec::Unknown);
        let denies = findings.iter().any(|finding| finding.code() == "dns.caa-denies");
        prop_assert_eq!(denies, judgement.verdict == Verdict::No);
    }
}
