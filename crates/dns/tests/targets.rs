//! Where names lead as aliases, and what may have come only just before they do.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

use keyway_dns::name::Name;
use keyway_dns::plan::{Plan, PlanError, Spread, State, elsewhere, older, plan};
use keyway_dns::rdata::Type;
use keyway_dns::view::{Role, Said, View};
use keyway_dns::wanted::{Endpoint, Need, Pin, Wanted, wanted};
use keyway_dns::zone::{ReadOptions, read};

fn name(text: &str) -> Name {
    Name::read(text).unwrap()
}

fn state(text: &str) -> State {
    let text = format!("@ 900 SOA ns a 1 2 3 4 120\n{text}");
    let read = read(text.as_bytes(), "example.com", &ReadOptions::default()).unwrap();
    assert!(read.faults.is_empty(), "{:?}", read.faults);
    State::of_zone(&read.zone)
}

fn need(endpoint: &str) -> Need {
    let endpoint = match endpoint.parse() {
        Ok(address) => Endpoint::Addresses(vec![address]),
        Err(_) => Endpoint::Name(name(endpoint)),
    };
    Need::new(vec![name("www.example.com")], endpoint, 60)
}

fn of(state: &State, need: &Need) -> Result<Plan, PlanError> {
    plan(&name("example.com"), state, &wanted(need).unwrap(), 100)
}

fn made(state: &State, endpoint: &str) -> Plan {
    of(state, &need(endpoint)).unwrap()
}

fn pinned(endpoint: &str, pins: &[u8], ttl: u32) -> Need {
    let pins = pins.iter().map(|pin| Pin {
        port: 443,
        spki_sha256: [*pin; 32],
    });
    Need {
        pins: pins.collect(),
        ttl,
        ..need(endpoint)
    }
}

/// Of each step how long it waits, and what it does.
fn steps(plan: &Plan) -> Vec<(u32, String)> {
    let steps = plan.steps.iter().map(|step| {
        let words = step.changes.iter();
        let words = words.map(|change| format!("{} {}", change.action().name(), change.kind));
        (step.wait, words.collect::<Vec<_>>().join(", "))
    });
    steps.collect()
}

fn codes(plan: &Plan, state: &State) -> Vec<String> {
    let found = elsewhere(plan, state, "nobody was asked").into_iter();
    found.map(|finding| finding.code().to_owned()).collect()
}

#[test]
fn a_name_becomes_an_alias_when_no_cache_knows_that_its_target_has_no_address() {
    let zone = state("www 5 A 192.0.2.1\nt 60 CNAME u\nu 60 A 192.0.2.9\n");
    let plan = made(&zone, "t.example.com");
    assert_eq!(steps(&plan), [(120, "delete A, create CNAME".to_owned())]);
    // Every server has to have them before that time begins.
    let kept = plan.kept.iter();
    let kept: Vec<String> = kept.map(|it| format!("{} {}", it.name, it.kind)).collect();
    assert_eq!(kept, ["t.example.com. CNAME", "u.example.com. A"]);
    let start = Spread::start(&plan);
    let mut questions = start.questions();
    assert!(questions.any(|it| it.name == name("u.example.com")));
    // What a wildcard gives is as new as it is.
    let wild = state("www 5 A 192.0.2.1\n*.w 60 A 192.0.2.9\n");
    assert_eq!(made(&wild, "a.w.example.com").steps[0].wait, 120);
    // A name that led nowhere has nothing to lose.
    let new = state("t 60 A 192.0.2.9\n");
    assert_eq!(made(&new, "t.example.com").steps[0].wait, 0);
}

#[test]
fn a_way_through_another_zone_that_comes_back_to_the_name_is_no_plan() {
    let mut zone = state("www 60 A 192.0.2.1\napi 60 A 192.0.2.2\n");
    let target = name("back.example.net");
    zone.leads_to(target.clone(), &["192.0.2.1".parse().unwrap()]);
    zone.leads_by(
        target.clone(),
        vec![name("c.example.net"), name("www.example.com")],
    );
    let refused = of(&zone, &need("back.example.net"));
    let is_loop = matches!(refused, Err(PlanError::LeadsNowhere { is_loop: true, .. }));
    assert!(is_loop, "{refused:?}");
    // To another name of the zone it may come.
    zone.leads_by(target, vec![name("api.example.com")]);
    assert!(of(&zone, &need("back.example.net")).is_ok());
}

#[test]
fn a_target_that_nobody_has_seen_is_told() {
    let mut zone = state("www 60 A 192.0.2.1\nsub 60 NS ns.example.net.\n");
    for target in ["lb.example.net", "lb.sub.example.com"] {
        let plan = made(&zone, target);
        assert_eq!(codes(&plan, &zone), ["dns.target-unseen"], "{target}");
    }
    zone.unseen(name("lb.example.net"), "SERVFAIL".to_owned());
    let plan = made(&zone, "lb.example.net");
    assert_eq!(codes(&plan, &zone), ["dns.target-unseen"]);
    zone.leads_to(name("lb.example.net"), &["192.0.2.9".parse().unwrap()]);
    assert!(codes(&plan, &zone).is_empty());
}

#[test]
fn a_target_below_a_delegation_is_what_others_say_of_it() {
    let mut zone = state("www 60 A 192.0.2.1\nsub 60 NS ns.example.net.\nlb.sub 60 A 192.0.2.7\n");
    let six = "2001:db8::1".parse().unwrap();
    zone.leads_to(name("lb.sub.example.com"), &[six]);
    let both = [
        (0, "create AAAA".to_owned()),
        (120, "delete A, create CNAME, delete AAAA".to_owned()),
    ];
    assert_eq!(steps(&made(&zone, "lb.sub.example.com")), both);
}

#[test]
fn pins_that_stay_count_as_if_they_had_just_been_made_where_a_name_moves() {
    let pin = |pin: &str| format!("_443._tcp.www 30 TLSA 3 1 1 {}\n", pin.repeat(32));
    let zone = state(&format!("www 60 A 192.0.2.1\n{}{}", pin("01"), pin("02")));
    let plan = of(&zone, &pinned("192.0.2.2", &[1, 2], 30)).unwrap();
    assert_eq!(steps(&plan), [(30, "update A".to_owned())]);
    // So do those of which some go later.
    let plan = of(&zone, &pinned("192.0.2.2", &[2], 30)).unwrap();
    assert_eq!(steps(&plan)[0], (30, "update A".to_owned()));
    // One that stays where it is does not wait.
    let lower = of(&zone, &pinned("192.0.2.1", &[1, 2], 30)).unwrap();
    assert_eq!(steps(&lower), [(0, "update A".to_owned())]);
}

#[test]
fn a_plan_by_somebody_else_sees_how_long_caches_may_have_the_old_pins_alone() {
    let old = format!("_443._tcp.www 3600 TLSA 3 1 1 {}\n", "01".repeat(32));
    let mut zone = state(&format!("www 30 A 192.0.2.1\n{old}"));
    let need = pinned("192.0.2.2", &[1, 2], 30);
    let first = of(&zone, &need).unwrap();
    assert_eq!(steps(&first)[1], (3_600, "update A".to_owned()));
    zone.apply(&first.steps[0]);
    let anew = of(&zone, &need).unwrap();
    assert_eq!(steps(&anew)[0], (3_600, "update A".to_owned()));
}

#[test]
fn what_stands_in_the_place_of_what_stays_is_older() {
    let pin = format!("_443._tcp.www 30 TLSA 3 1 1 {}\n", "01".repeat(32));
    let zone = state(&format!("www 60 A 192.0.2.1\n{pin}"));
    let plan = of(&zone, &pinned("192.0.2.2", &[1], 30)).unwrap();
    let at = |data: &[u8]| {
        let set = Wanted::of_plan(&plan).into_iter();
        let mut set = set.filter(|want| want.kind == Type::TLSA);
        let key = (set.next().unwrap().name, Type::TLSA);
        let set = keyway_dns::plan::Set {
            ttl: 3_600,
            data: [data.to_vec()].into(),
        };
        let said = Said::Records { set, is_own: true };
        let view = View {
            server: "ns".to_owned(),
            role: Role::Authoritative,
            serial: None,
            said: [(key, said)].into(),
        };
        older(&plan, &[view])
    };
    assert_eq!(at(&[&[3, 1, 1][..], &[9; 32]].concat()), Some(3_600));
    assert_eq!(at(&[&[3, 1, 1][..], &[1; 32]].concat()), None);
}
