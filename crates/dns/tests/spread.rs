//! What caches may still know of what a plan changes, and for how long.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod example;

use std::collections::BTreeMap;

use example::{made, name, need, state, steps};
use keyway_dns::plan::{Gone, Older, Set, Spread, State, gone, older, plan};
use keyway_dns::rdata::Type;
use keyway_dns::verify::verify;
use keyway_dns::view::{Role, Said, View};
use keyway_dns::wanted::{Pin, Wanted, wanted};
use keyway_report::{Finding as Found, Kind as _, Timestamp};

/// A server that says of one set what it has.
fn view(role: Role, kind: Type, said: Said) -> View {
    View {
        server: "ns".to_owned(),
        role,
        serial: None,
        said: [((name("www.example.com"), kind), said)].into(),
        aliases: [].into(),
        ways: [].into(),
        led: [].into(),
    }
}

fn records(ttl: u32, data: &[u8]) -> Said {
    let data = [data.to_vec()].into();
    Said::Records {
        set: Set { ttl, data },
        is_own: true,
    }
}

#[test]
fn an_alias_of_a_name_with_other_addresses_comes_when_nobody_knows_any_more_that_there_are_none() {
    let zone = state("www 60 A 192.0.2.1\nlb 300 AAAA 2001:db8::1\n");
    let both = [
        (0, "create AAAA".to_owned()),
        (120, "delete A, create CNAME, delete AAAA".to_owned()),
    ];
    assert_eq!(steps(&made(&zone, "lb.example.com")), both);
    // The same of a target that is not in the zone, as a resolver says where it leads.
    let mut elsewhere = state("www 60 A 192.0.2.1\n");
    let target = name("lb.example.net");
    elsewhere.leads_to(target.clone(), &["2001:db8::1".parse().unwrap()]);
    elsewhere.forgotten_after(target.clone(), 60);
    assert_eq!(steps(&made(&elsewhere, "lb.example.net")), both);
    elsewhere.leads_to(
        target,
        &["192.0.2.9", "2001:db8::1"].map(|it| it.parse().unwrap()),
    );
    let later = [(60, "delete A, create CNAME".to_owned())];
    assert_eq!(steps(&made(&elsewhere, "lb.example.net")), later);
    // Until then nobody knows, either, that the target has nothing.
    elsewhere.leads_to(name("lb.example.net"), &["2001:db8::1".parse().unwrap()]);
    elsewhere.forgotten_after(name("lb.example.net"), 600);
    assert_eq!(steps(&made(&elsewhere, "lb.example.net"))[1].0, 600);
}

#[test]
fn addresses_that_a_wildcard_gives_stay_while_caches_know_of_no_others() {
    let zone = state("* 300 AAAA 2001:db8::1\n");
    let plan = made(&zone, "192.0.2.1");
    let expected = [
        (0, "create A, create AAAA".to_owned()),
        (120, "delete AAAA".to_owned()),
    ];
    // Caches have what the wildcard gives for its TTL.
    assert_eq!(steps(&plan)[0], expected[0]);
    assert_eq!(steps(&plan)[1], (300, expected[1].1.clone()));
    let kept = plan.steps[0].changes.iter();
    let six = kept
        .clone()
        .find(|change| change.kind == Type::AAAA)
        .unwrap();
    let texts = six.after.as_ref().unwrap().texts(Type::AAAA);
    assert_eq!(texts, ["2001:db8::1"]);
    let neighbour = state("* 300 A 192.0.2.9\n");
    assert_eq!(
        steps(&made(&neighbour, "192.0.2.1")),
        [(0, "create A".to_owned())]
    );
}

#[test]
fn what_a_wildcard_gave_is_kept_for_its_ttl() {
    let given = made(&state("* 7200 A 192.0.2.9\n"), "192.0.2.1");
    assert_eq!(given.steps[0].kept_for(120), 7_200);
    let alias = made(&state("* 600 CNAME lb.example.net.\n"), "192.0.2.1");
    assert_eq!(alias.steps[0].kept_for(120), 600);
    let new = made(&state("* 7200 TXT x\n"), "192.0.2.1");
    assert_eq!(new.steps[0].kept_for(120), 120);
    // Of all types, where the name becomes an alias.
    let new = made(&state("* 7200 A 192.0.2.9\n* 60 TXT x\n"), "lb.example.net");
    assert_eq!(new.steps[0].kept_for(120), 7_200);
    let new = made(&state("* 60 A 192.0.2.9\n"), "lb.example.net");
    assert_eq!(new.steps[0].kept_for(120), 120);
}

#[test]
fn that_there_was_no_other_type_is_remembered_of_a_name_that_becomes_an_alias() {
    let both = state("www 5 A 192.0.2.1\nwww 5 AAAA 2001:db8::1\n");
    let alias = made(&both, "lb.example.net");
    assert_eq!(alias.steps[0].kept_for(600), 600);
    // Of an alias nobody remembers that.
    let again = made(&state("www 5 CNAME lb.example.net.\n"), "192.0.2.1");
    assert_eq!(again.steps[0].kept_for(600), 5);
}

#[test]
fn a_plan_that_is_made_anew_again_and_again_still_waits() {
    let first = made(&state("www 60 A 192.0.2.1\n"), "2001:db8::1");
    let mut before = first;
    for _ in 0..3 {
        let zone = state("www 60 A 192.0.2.1\nwww 60 AAAA 2001:db8::1\n");
        let mut anew = made(&zone, "2001:db8::1");
        // Another zone version may say less of what is remembered.
        anew.steps[0].wait = 0;
        anew.wait_as(&before);
        assert_eq!(anew.steps[0].wait, 120);
        before = anew;
    }
}

#[test]
fn a_server_with_something_older_has_not_gone_on() {
    let zone = state("www 60 A 192.0.2.1\nwww 60 AAAA 2001:db8::1\n");
    let plan = made(&zone, "192.0.2.1");
    let at = |said| {
        let view = [view(Role::Authoritative, Type::AAAA, said)];
        (gone(&plan, 0, [&view[..]]), older(&plan, &view))
    };
    let older_data = [&[0x20, 1, 0xd, 0xb8][..], &[0; 11], &[9]].concat();
    let data = [&[0x20, 1, 0xd, 0xb8][..], &[0; 11], &[1]].concat();
    assert_eq!(
        at(records(86_400, &older_data)),
        (Gone::Nowhere, Some(86_400))
    );
    assert_eq!(at(records(60, &data)), (Gone::Nowhere, None));
    assert_eq!(at(Said::Nothing(None)), (Gone::Everywhere, None));
}

#[test]
fn a_name_of_which_nothing_is_left_has_what_a_wildcard_gives() {
    let text = "www 60 A 192.0.2.1\n_acme-challenge.www 60 TXT old\n";
    let at = |text: &str, owner: &str| {
        let mut want = wanted(&need("192.0.2.1")).unwrap();
        let challenge = Wanted {
            name: name(owner),
            kind: Type::TXT,
            data: [].into(),
            ..want[0].clone()
        };
        want.push(challenge);
        let plan = plan(&name("example.com"), &state(text), &want, 100).unwrap();
        let last = plan.changes().last().cloned();
        last.and_then(|change| change.given)
            .map(|given| given.set.ttl)
    };
    let owner = "_acme-challenge.www.example.com";
    assert_eq!(at(&format!("{text}*.www 900 TXT x\n"), owner), Some(900));
    let more = format!("{text}*.www 900 TXT x\n_acme-challenge.www 60 HINFO a b\n");
    assert_eq!(at(&more, owner), None);
}

#[test]
fn what_a_resolver_has_of_old_is_told_by_its_data() {
    let plan = made(&state("www 60 A 192.0.2.1\n"), "192.0.2.2");
    let at = |said| older(&plan, &[view(Role::Resolver, Type::A, said)]);
    assert_eq!(at(records(55, &[192, 0, 2, 2])), None);
    assert_eq!(at(records(7_000, &[192, 0, 2, 1])), Some(7_000));
    assert_eq!(at(records(9_000, &[192, 0, 2, 7])), Some(9_000));
}

#[test]
fn a_server_without_what_comes_and_goes_again_has_not_gone_on_before_all_of_the_end_stands() {
    let zone = state("www 60 A 192.0.2.1\nlb 300 AAAA 2001:db8::1\n");
    let plan = made(&zone, "lb.example.com");
    let four = || records(60, &[192, 0, 2, 1]);
    let six = plan.steps[0].changes[0].after.clone().unwrap();
    let six = || Said::Records {
        set: six.clone(),
        is_own: true,
    };
    let alias = plan.steps[1].changes.iter();
    let mut alias = alias.filter(|change| change.kind == Type::CNAME);
    let alias = alias.next().unwrap().after.clone().unwrap();
    let alias = || Said::Records {
        set: alias.clone(),
        is_own: true,
    };
    let nothing = || Said::Nothing(None);
    let at = |a, aaaa, cname| {
        let mut all = view(Role::Authoritative, Type::A, a);
        for (kind, said) in [(Type::AAAA, aaaa), (Type::CNAME, cname)] {
            all.said.insert((name("www.example.com"), kind), said);
        }
        let view = [all];
        [0, 1].map(|number| gone(&plan, number, [&view[..]]))
    };
    let (no, yes) = (Gone::Nowhere, Gone::Everywhere);
    assert_eq!(at(four(), nothing(), nothing()), [no, no], "as before");
    assert_eq!(at(four(), six(), nothing()), [yes, no], "after one step");
    assert_eq!(at(nothing(), nothing(), alias()), [yes, yes], "in the end");
}

#[test]
fn what_comes_first_in_a_plan_made_anew_shortens_no_wait() {
    let zone = state("www 60 A 192.0.2.1\nwww 60 AAAA 2001:db8::1\n");
    let before = made(&zone, "192.0.2.2");
    assert_eq!(steps(&before)[1], (120, "delete AAAA".to_owned()));
    let mut want = wanted(&need("192.0.2.2")).unwrap();
    want.push(Wanted {
        name: name("_acme-challenge.www.example.com"),
        kind: Type::TXT,
        data: [b"\x01x".to_vec()].into(),
        ..want[0].clone()
    });
    let mut anew = plan(&name("example.com"), &zone, &want, 100).unwrap();
    for step in &mut anew.steps {
        step.wait = 0;
    }
    anew.wait_as(&before);
    let last = anew.steps.last().unwrap();
    assert_eq!(last.wait, 120, "{:?}", steps(&anew));
}

#[test]
fn a_server_whose_answer_is_cut_off_over_tcp_does_not_count_as_one_that_does_not_answer() {
    let want = wanted(&need("192.0.2.1")).unwrap();
    for role in [Role::Authoritative, Role::Resolver] {
        let cut = view(role, Type::A, Said::Cut("it cuts off".to_owned()));
        let seen = verify(&want, &[cut], &BTreeMap::new(), Timestamp::from_seconds(0));
        assert!(!seen.agrees);
        let codes: Vec<_> = seen.findings.iter().map(Found::code).collect();
        assert_eq!(codes, ["dns.answer-cut-off"]);
        let message = seen.findings[0].kind.message();
        assert!(message.starts_with("ns cuts off its answer about www.example.com. A"));
    }
}

#[test]
fn a_server_that_hands_a_name_on_is_said_to_do_that_and_not_to_be_lame() {
    let want = wanted(&need("192.0.2.1")).unwrap();
    let told = |serial: Option<u32>| {
        let mut lame = view(Role::Authoritative, Type::A, Said::Lame);
        lame.serial = serial;
        let seen = verify(&want, &[lame], &BTreeMap::new(), Timestamp::from_seconds(0));
        seen.findings[0].kind.message()
    };
    assert!(told(Some(1)).contains("it sends whoever asks for www.example.com. to other servers"));
    assert!(told(None).contains("it has no authority over it"));
}

#[test]
fn an_alias_that_a_resolver_keeps_of_a_wildcard_is_told_with_its_time_and_not_that_there_was_nothing()
 {
    let want = wanted(&need("192.0.2.1")).unwrap();
    let at = name("www.example.com");
    // A plan says nothing of an alias that the name never had itself.
    let want: Vec<Wanted> = want.into_iter().filter(|it| it.kind == Type::A).collect();
    let master = view(Role::Authoritative, Type::A, records(60, &[192, 0, 2, 1]));
    let mut resolver = view(Role::Resolver, Type::A, Said::Nothing(None));
    let alias = Set {
        ttl: 7_000,
        data: [name("old.example.com").wire().to_vec()].into(),
    };
    resolver.aliases.insert(at, alias);
    let seen = verify(
        &want,
        &[master, resolver],
        &BTreeMap::new(),
        Timestamp::from_seconds(0),
    );
    let told: Vec<String> = seen.findings.iter().map(|it| it.kind.message()).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].starts_with(
            "ns keeps the CNAME records of before for www.example.com. until 1970-01-01"
        ),
        "{told:?}"
    );
    assert!(told[0].contains("old.example.com."), "{told:?}");
    assert_eq!(seen.until, Some(Timestamp::from_seconds(7_000)));
}

#[test]
fn a_server_that_differs_in_the_same_version_is_not_said_to_be_about_to_fetch_the_zone() {
    let want = wanted(&need("192.0.2.1")).unwrap();
    let want: Vec<Wanted> = want.into_iter().filter(|it| it.kind == Type::A).collect();
    let told = |serial: u32| {
        let mut newest = view(Role::Authoritative, Type::A, records(60, &[192, 0, 2, 1]));
        newest.serial = Some(7);
        let mut other = view(Role::Authoritative, Type::A, records(60, &[192, 0, 2, 2]));
        other.serial = Some(serial);
        let seen = verify(
            &want,
            &[newest, other],
            &BTreeMap::new(),
            Timestamp::from_seconds(0),
        );
        seen.findings[0].kind.message()
    };
    assert!(
        told(7).contains("in the same version of the zone, 7"),
        "{}",
        told(7)
    );
    assert!(
        told(6).contains("still has the records of before"),
        "{}",
        told(6)
    );
}

#[test]
fn pins_and_https_records_wait_for_caches_that_lead_to_where_an_earlier_plan_led_from() {
    let zone = state("www 300 A 192.0.2.1\n");
    let mut need = need("192.0.2.1");
    need.ttl = 300;
    need.alpn = vec!["h2".to_owned()];
    need.pins = vec![Pin {
        port: 443,
        spki_sha256: [7; 32],
    }];
    let sets = wanted(&need).unwrap();
    let made = |state: &State| plan(&name("example.com"), state, &sets, 100).unwrap();
    let each = ["create TLSA", "create HTTPS"].map(|it| (0, it.to_owned()));
    let at_once = made(&zone);
    assert_eq!(steps(&at_once), each);
    // What else the name may have been is looked for, too, at servers and resolvers.
    let asked: Vec<Type> = Spread::start(&at_once)
        .questions()
        .filter(|question| question.name == name("www.example.com"))
        .map(|question| question.kind)
        .collect();
    for kind in [Type::A, Type::AAAA, Type::CNAME] {
        assert!(asked.contains(&kind), "{kind}");
        let mut moved = zone.clone();
        let older = |elsewhere| Older {
            seconds: 227,
            elsewhere,
        };
        moved.remembered([((name("www.example.com"), kind), older(0))].into());
        // Who has the same for longer, or has nothing, is led nowhere else.
        assert_eq!(steps(&made(&moved)), each, "{kind}");
        moved.remembered([((name("www.example.com"), kind), older(227))].into());
        let both = [(227, "create HTTPS, create TLSA".to_owned())];
        assert_eq!(steps(&made(&moved)), both, "{kind}");
        moved.has_stood();
        assert_eq!(steps(&made(&moved)), each, "{kind}");
    }
    // Of a name that is new a wildcard may say all of it.
    let new = made(&state("* 300 CNAME lb\nlb 300 A 192.0.2.2\n"));
    let start = Spread::start(&new);
    assert!(!start.is_about(&name("www.example.com"), Type::AAAA));
}
