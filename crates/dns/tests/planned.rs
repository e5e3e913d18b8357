//! Plans from one zone to one need, each for a reason.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

use std::collections::BTreeSet;

use keyway_dns::message::update;
use keyway_dns::name::Name;
use keyway_dns::plan::{MAX_SHARE, PlanError, State, advice, plan, refusal};
use keyway_dns::rdata::Type;
use keyway_dns::wanted::{Endpoint, Issuer, Need, Pin, wanted};
use keyway_dns::zone::{ReadOptions, read};
use keyway_report::{Finding as Found, Kind as _};

fn name(text: &str) -> Name {
    Name::read(text).unwrap()
}

fn zone() -> Name {
    name("example.com")
}

fn simple(hosts: &[&str]) -> Need {
    let hosts = hosts.iter().map(|host| name(host)).collect();
    let endpoint = Endpoint::Addresses(vec!["192.0.2.1".parse().unwrap()]);
    Need::new(hosts, endpoint, 300)
}

#[test]
fn the_name_of_a_zone_becomes_no_alias() {
    let mut need = simple(&["example.com"]);
    need.endpoint = Endpoint::Name(name("lb.example.net"));
    let wanted = wanted(&need).unwrap();
    let refused = plan(&zone(), &State::default(), &wanted, MAX_SHARE);
    let target = name("lb.example.net");
    assert_eq!(
        refused,
        Err(PlanError::AliasAtTop {
            zone: zone(),
            target
        })
    );
}

#[test]
fn a_name_with_mail_becomes_no_alias() {
    let text = b"mail 300 MX 0 mail\nmail A 192.0.2.9\n";
    let read = read(text, "example.com", &ReadOptions::default()).unwrap();
    let mut need = simple(&["mail.example.com"]);
    need.endpoint = Endpoint::Name(name("lb.example.net"));
    let refused = plan(
        &zone(),
        &State::of_zone(&read.zone),
        &wanted(&need).unwrap(),
        MAX_SHARE,
    );
    let kinds = vec!["MX".to_owned()];
    assert_eq!(
        refused,
        Err(PlanError::Occupied {
            name: name("mail.example.com"),
            kinds
        })
    );
}

#[test]
fn a_name_elsewhere_is_another_servers() {
    let wanted = wanted(&simple(&["www.example.org"])).unwrap();
    let refused = plan(&zone(), &State::default(), &wanted, MAX_SHARE);
    assert!(
        matches!(refused, Err(PlanError::NotInZone { .. })),
        "{refused:?}"
    );
}

#[test]
fn a_plan_that_takes_away_much_of_a_zone_is_refused() {
    let lines = (1..=10).map(|last| format!("www 300 A 192.0.2.1{last}\n"));
    let text: String = lines.collect();
    let read = read(text.as_bytes(), "example.com", &ReadOptions::default()).unwrap();
    let state = State::of_zone(&read.zone);
    let wanted = wanted(&simple(&["www.example.com"])).unwrap();
    let refused = plan(&zone(), &state, &wanted, MAX_SHARE);
    assert!(
        matches!(
            refused,
            Err(PlanError::TooMuch {
                removed: 10,
                records: Some(10),
                ..
            })
        ),
        "{refused:?}"
    );
    // Of a zone that nobody has seen whole there is no share.
    let looked_at = state.of_names([&name("www.example.com")]);
    assert!(plan(&zone(), &looked_at, &wanted, MAX_SHARE).is_ok());
    assert!(plan(&zone(), &state, &wanted, 100).is_ok());
}

#[test]
fn a_new_name_takes_nothing_from_the_wildcard_before_it_has_its_own() {
    let text = b"* 300 A 192.0.2.7\n* 300 MX 0 mail\nmail 300 A 192.0.2.9\n";
    let read = read(text, "example.com", &ReadOptions::default()).unwrap();
    let state = State::of_zone(&read.zone);
    let mut need = simple(&["www.example.com"]);
    need.challenges = vec!["LHDhK3oGRvkiefQnx7OOczTY5Tic_xZ6HcMOc_gmtoM".to_owned()];
    need.issuers = vec![Issuer {
        domain: "ca.example".to_owned(),
        account: None,
        methods: Vec::new(),
    }];
    let made = plan(&zone(), &state, &wanted(&need).unwrap(), MAX_SHARE).unwrap();
    assert_eq!(made.steps.len(), 1, "{made:#?}");
    let findings = advice(&made, &state);
    let codes: Vec<&str> = findings.iter().map(Found::code).collect();
    assert_eq!(codes, ["dns.wildcard-shadows", "dns.documentation-address"]);
    assert_eq!(
        findings[0].kind.message(),
        "www.example.com. will be a name of its own: it loses MX of *.example.com, and all names below it lose A, MX."
    );
}

#[test]
fn what_a_wildcard_only_seems_to_give_is_not_there() {
    let mut state = State::default();
    let data = [0, 10, 1, b'm', 0];
    for owner in ["*.example.com", "new.example.com", "own.example.com"] {
        state.add(name(owner), Type::MX, 300, &data);
    }
    state.add(name("own.example.com"), Type::A, 300, &[192, 0, 2, 1]);
    let nobody = BTreeSet::new();
    let own = state.without_synthesis(&zone(), &nobody);
    assert!(own.set(&name("new.example.com"), Type::MX).is_none());
    assert!(own.set(&name("own.example.com"), Type::MX).is_some());
    assert!(own.set(&name("*.example.com"), Type::MX).is_some());
    // A name below it tells whether it exists, and below an asterisk: no wildcard answers there in its place.
    let (below, kind) = state.given(&zone())[&name("new.example.com")]
        .clone()
        .unwrap();
    assert_eq!(
        (below.parent(), kind),
        (Some(name("*.new.example.com")), Type::MX)
    );
    let exist = BTreeSet::from([name("new.example.com")]);
    let own = state.without_synthesis(&zone(), &exist);
    assert!(own.set(&name("new.example.com"), Type::MX).is_some());
}

#[test]
fn other_cas_and_reports_stay_beside_the_one_that_is_wanted() {
    let text =
        b"@ 300 CAA 0 issue \"other.example\"\n@ 300 CAA 0 iodef \"mailto:it@example.com\"\n\
                 @ 300 CAA 0 issuewild \"CA.example; accounturi=https://ca.example/old\"\n";
    let read = read(text, "example.com", &ReadOptions::default()).unwrap();
    let mut need = simple(&["*.example.com"]);
    need.issuers = vec![Issuer {
        domain: "ca.example".to_owned(),
        account: None,
        methods: Vec::new(),
    }];
    let state = State::of_zone(&read.zone);
    let made = plan(&zone(), &state, &wanted(&need).unwrap(), 100).unwrap();
    let last = made
        .changes()
        .filter(|change| change.kind == Type::CAA)
        .last()
        .unwrap();
    let texts = last.after.as_ref().unwrap().texts(Type::CAA);
    let expected = [
        "0 issue \"other.example\"",
        "0 issuewild \"CA.example; accounturi=https://ca.example/old\"",
        "0 issuewild \"ca.example\"",
        "0 iodef \"mailto:it@example.com\"",
    ];
    assert_eq!(texts.len(), 4, "{texts:?}");
    assert!(
        expected
            .iter()
            .all(|text| texts.iter().any(|found| found == text)),
        "{texts:?}"
    );
}

#[test]
fn who_may_issue_for_wildcards_still_may_when_the_first_issuewild_comes() {
    let in_force = [
        // At the name itself, and above it.
        ("a", "*.a.example.com"),
        ("@", "*.a.example.com"),
    ];
    for (at, host) in in_force {
        let text = format!(
            "{at} 300 CAA 0 issue \"other.example; validationmethods=dns-01\"\n\
             {at} 300 CAA 0 issue \"ca.example\"\n{at} 300 CAA 128 issue \"third.example\"\n\
             {at} 300 CAA 0 issue \";\"\n"
        );
        let read = read(text.as_bytes(), "example.com", &ReadOptions::default()).unwrap();
        let mut need = simple(&[host]);
        need.issuers = vec![Issuer {
            domain: "ca.example".to_owned(),
            account: None,
            methods: Vec::new(),
        }];
        let state = State::of_zone(&read.zone);
        let wanted = wanted(&need).unwrap();
        let made = plan(&zone(), &state, &wanted, 100).unwrap();
        let change = made.changes().find(|it| it.kind == Type::CAA).unwrap();
        let after = change.after.as_ref().unwrap();
        let mut wild = after.texts(Type::CAA);
        wild.retain(|text| text.contains("issuewild"));
        let expected = [
            "0 issuewild \"ca.example\"",
            "0 issuewild \"other.example; validationmethods=dns-01\"",
            "128 issuewild \"third.example\"",
        ];
        assert_eq!(wild, expected, "{at}");
        assert!(change.reason.contains("issuewild"), "{}", change.reason);
        // Once it is there, nothing more is taken over.
        let mut then = state.clone();
        made.steps.iter().for_each(|step| then.apply(step));
        let again = plan(&zone(), &then, &wanted, 100).unwrap();
        assert!(again.is_empty(), "{again:#?}");
    }
}

#[test]
fn addresses_of_the_other_kind_come_before_the_old_ones_go() {
    let text = b"@ 900 SOA ns a 1 2 3 4 120\nwww 60 A 192.0.2.1\n";
    let read = read(text, "example.com", &ReadOptions::default()).unwrap();
    let mut need = simple(&["www.example.com"]);
    need.endpoint = Endpoint::Addresses(vec!["2001:db8::1".parse().unwrap()]);
    let state = State::of_zone(&read.zone);
    let made = plan(&zone(), &state, &wanted(&need).unwrap(), 100).unwrap();
    let steps: Vec<(u32, Vec<String>)> = made
        .steps
        .iter()
        .map(|step| {
            let words = step.changes.iter();
            let words = words.map(|change| format!("{} {}", change.action().name(), change.kind));
            (step.wait, words.collect())
        })
        .collect();
    let words = |text: &str| vec![text.to_owned()];
    assert_eq!(steps, [(0, words("create AAAA")), (120, words("delete A"))]);
}

#[test]
fn what_other_servers_answer_for_is_not_planned() {
    let text =
        b"child 300 NS ns.child\nns.child 300 A 192.0.2.54\nmoved 300 DNAME elsewhere.example.\n";
    let read = read(text, "example.com", &ReadOptions::default()).unwrap();
    let state = State::of_zone(&read.zone);
    for host in [
        "www.child.example.com",
        "child.example.com",
        "ns.child.example.com",
    ] {
        let refused = plan(&zone(), &state, &wanted(&simple(&[host])).unwrap(), 100);
        assert!(
            matches!(refused, Err(PlanError::Delegated { .. })),
            "{host}: {refused:?}"
        );
    }
    let moved = wanted(&simple(&["a.moved.example.com"])).unwrap();
    let error = plan(&zone(), &state, &moved, 100).unwrap_err();
    assert!(matches!(error, PlanError::BelowDname { .. }), "{error}");
    let told = refusal(&error).unwrap();
    assert_eq!(
        (told.code(), told.kind.message().as_str()),
        (
            "dns.below-dname",
            "a.moved.example.com. is below moved.example.com, which has a DNAME."
        )
    );
    assert!(
        plan(
            &zone(),
            &state,
            &wanted(&simple(&["moved.example.com"])).unwrap(),
            100
        )
        .is_ok()
    );
}

#[test]
fn what_dnssec_makes_by_itself_is_no_part_of_what_a_plan_was_made_from() {
    let need = simple(&["www.example.com"]);
    let mut state = State::default();
    state.add(name("www.example.com"), Type::A, 300, &[192, 0, 2, 9]);
    let bare = plan(&zone(), &state, &wanted(&need).unwrap(), 100).unwrap();
    for kind in [Type::RRSIG, Type::NSEC, Type::of(65_280)] {
        state.add(name("www.example.com"), kind, 300, &[1, 2, 3]);
    }
    let signed = plan(&zone(), &state, &wanted(&need).unwrap(), 100).unwrap();
    assert_eq!(bare.checksum(), signed.checksum());
}

#[test]
fn a_plan_for_thousands_of_names_is_made_in_steps_that_each_fit_into_a_message() {
    let hosts: Vec<String> = (0..3_000)
        .map(|n| format!("host-{n}.example.com"))
        .collect();
    let mut need = simple(&hosts.iter().map(String::as_str).collect::<Vec<_>>());
    need.pins = vec![Pin {
        port: 443,
        spki_sha256: [1; 32],
    }];
    let made = plan(
        &zone(),
        &State::default(),
        &wanted(&need).unwrap(),
        MAX_SHARE,
    )
    .unwrap();
    assert!(made.steps.len() > 1);
    let mut seen = BTreeSet::new();
    for (number, step) in made.steps.iter().enumerate() {
        let message = update(1, &made, number).expect("fits, with room for a signature");
        assert!(message.len() < 65_000, "{}", message.len());
        assert_eq!(step.wait, 0);
        // A name and what is pinned below it come together.
        let names: BTreeSet<&Name> = step.changes.iter().map(|change| &change.name).collect();
        for pinned in names
            .iter()
            .filter(|name| name.to_string().contains("_tcp"))
        {
            let host = pinned.parent().and_then(|tcp| tcp.parent()).unwrap();
            assert!(names.contains(&host), "{pinned}");
        }
        seen.extend(names.into_iter().cloned());
    }
    assert_eq!(seen.len(), 6_000);
}

#[test]
fn what_is_looked_at_of_a_large_zone_gives_the_plan_that_all_of_it_gives() {
    let mut text =
        "@ 300 SOA ns a 1 2 3 4 5\n* 300 MX 0 mail\nchild 300 NS ns\nwww 300 A 192.0.2.9\n"
            .to_owned();
    let hosts = (0..1_000).map(|number| format!("host-{number} 300 A 192.0.2.7\n"));
    text.extend(hosts);
    let read = read(text.as_bytes(), "example.com", &ReadOptions::default()).unwrap();
    for hosts in [
        &["www.example.com", "new.example.com"][..],
        &["a.child.example.com"],
    ] {
        let wanted = wanted(&simple(hosts)).unwrap();
        let all = State::of_zone(&read.zone);
        let near = State::of_zone_at(&read.zone, wanted.iter().map(|want| &want.name));
        assert_eq!((near.counted(), all.counted()), (Some(1_004), Some(1_004)));
        assert!(near.records() < 10);
        assert_eq!(
            plan(&zone(), &near, &wanted, 25),
            plan(&zone(), &all, &wanted, 25)
        );
    }
}

#[test]
fn pins_that_a_wildcard_gives_stay_until_no_cache_has_them_alone() {
    let text = b"www 60 A 192.0.2.1\n*._tcp.www 900 TLSA 3 1 1 aa\n";
    let read = read(text, "example.com", &ReadOptions::default()).unwrap();
    let state = State::of_zone(&read.zone);
    let mut need = simple(&["www.example.com"]);
    need.pins = vec![Pin {
        port: 443,
        spki_sha256: [0xbb; 32],
    }];
    let made = plan(&zone(), &state, &wanted(&need).unwrap(), 100).unwrap();
    let pins = name("_443._tcp.www.example.com");
    let old = vec![3, 1, 1, 0xaa];
    let has = |number: usize| {
        let mut changes = made.steps[number].changes.iter();
        let change = changes.find(|change| change.name == pins).unwrap();
        let data = &change.after.as_ref().unwrap().data;
        (data.contains(&old), data.len())
    };
    assert_eq!(has(0), (true, 2), "{made:#?}");
    let last = made.steps.len() - 1;
    assert_eq!(has(last), (false, 1), "{made:#?}");
    assert!(made.steps[last].takes_pins());
    let waits: Vec<u32> = made.steps.iter().map(|step| step.wait).collect();
    assert_eq!((waits[0], waits[1]), (0, 900), "{made:#?}");
}

#[test]
fn a_server_of_the_zone_becomes_no_alias() {
    let text = b"@ 300 NS www\n@ 300 MX 0 www\nwww 60 A 192.0.2.1\n";
    let read = read(text, "example.com", &ReadOptions::default()).unwrap();
    let state = State::of_zone(&read.zone);
    let mut need = simple(&["www.example.com"]);
    need.endpoint = Endpoint::Name(name("lb.example.net"));
    let refused = plan(&zone(), &state, &wanted(&need).unwrap(), 100);
    let error = PlanError::ServerOfZone {
        name: name("www.example.com"),
        zone: zone(),
    };
    let message = refusal(&error).unwrap().kind.message();
    assert!(message.ends_with("would become an alias."), "{message}");
    assert_eq!(refused, Err(error));
}

#[test]
fn a_server_of_the_zone_moves_only_where_somebody_says_so() {
    let text = b"@ 300 NS www\nwww 60 A 192.0.2.53\n";
    let read = read(text, "example.com", &ReadOptions::default()).unwrap();
    let state = State::of_zone(&read.zone);
    let wanted = wanted(&simple(&["www.example.com"])).unwrap();
    let refused = plan(&zone(), &state, &wanted, MAX_SHARE).unwrap_err();
    let finding = refusal(&refused).unwrap();
    assert_eq!(
        finding.kind.message(),
        "www.example.com. is a server of example.com, which its NS records name, and would lose 192.0.2.53 and get \
         192.0.2.1."
    );
    let made = plan(&zone(), &state, &wanted, 100).unwrap();
    let codes: Vec<_> = advice(&made, &state).iter().map(Found::code).collect();
    assert_eq!(codes, ["dns.server-moves", "dns.documentation-address"]);
}

#[test]
fn addresses_of_one_kind_go_as_if_the_others_had_just_been_made() {
    let text = b"@ 900 SOA ns a 1 2 3 4 120\nwww 60 A 192.0.2.1\nwww 60 AAAA 2001:db8::1\n";
    let read = read(text, "example.com", &ReadOptions::default()).unwrap();
    let mut need = simple(&["www.example.com"]);
    need.endpoint = Endpoint::Addresses(vec!["2001:db8::1".parse().unwrap()]);
    need.ttl = 60;
    let state = State::of_zone(&read.zone);
    let made = plan(&zone(), &state, &wanted(&need).unwrap(), 100).unwrap();
    assert_eq!(made.steps.len(), 1, "{made:#?}");
    assert_eq!(made.steps[0].wait, 120, "{made:#?}");
}

#[test]
fn addresses_of_examples_are_told_once_each() {
    let state = State::default();
    let mut need = simple(&["www.example.com", "api.example.com"]);
    let codes = |need: &Need| {
        let made = plan(&zone(), &state, &wanted(need).unwrap(), 100).unwrap();
        let told = advice(&made, &state).into_iter();
        told.map(|told| (told.code(), told.kind.message()))
            .collect::<Vec<_>>()
    };
    need.endpoint = Endpoint::Addresses(vec!["198.51.100.7".parse().unwrap()]);
    let message = "api.example.com, www.example.com would lead to 198.51.100.7, an address kept for documentation (RFC 5737).";
    assert_eq!(
        codes(&need),
        [("dns.documentation-address", message.to_owned())]
    );
    need.endpoint = Endpoint::Addresses(vec!["198.51.99.7".parse().unwrap()]);
    assert_eq!(codes(&need), []);
}
