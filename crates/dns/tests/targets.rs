//! Where names lead as aliases, and what may have come only just before they do.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod example;

use example::{made, name, need, state, steps};
use keyway_dns::plan::{Plan, PlanError, Spread, State, elsewhere, older, plan};
use keyway_dns::rdata::Type;
use keyway_dns::view::{Role, Said, View};
use keyway_dns::wanted::{Need, Pin, Wanted, wanted};

fn of(state: &State, need: &Need) -> Result<Plan, PlanError> {
    plan(&name("example.com"), state, &wanted(need).unwrap(), 100)
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
fn an_alias_of_what_another_zone_has_waits_as_long_as_caches_know_of_nothing_there() {
    let mut zone = state("www 5 A 192.0.2.1\n");
    let (target, four) = (name("lb.example.net"), "192.0.2.9".parse().unwrap());
    let wait = |zone: &State| made(zone, "lb.example.net").steps[0].wait;
    // Nobody says for how long: no longer than caches keep it by themselves (RFC 2308, section 5).
    assert_eq!(wait(&zone), 10_800);
    zone.leads_to(target.clone(), &[four]);
    assert_eq!(wait(&zone), 10_800);
    zone.forgotten_after(target.clone(), 900);
    assert_eq!(wait(&zone), 900);
    // Somebody knows that it has been there for longer.
    let mut settled = zone.clone();
    settled.has_stood();
    assert_eq!(wait(&settled), 0);
    // A name that led nowhere has nothing to lose, and where there is no address nobody is led to one.
    let mut new = state("");
    new.leads_to(target.clone(), &[four]);
    assert_eq!(wait(&new), 0);
    // Nor is a name that leads somewhere led to nothing.
    zone.leads_to(target.clone(), &[]);
    let refused = of(&zone, &need("lb.example.net")).unwrap_err();
    assert!(matches!(refused, PlanError::LeadsNowhere { at, .. } if at == target));
    new.leads_to(target, &[]);
    assert_eq!(wait(&new), 0);
}

#[test]
fn what_comes_before_an_alias_does_not_shorten_its_time_nor_lengthen_it_where_all_has_stood() {
    let mut zone = state("www 5 A 192.0.2.1\n");
    let target = name("lb.example.net");
    zone.leads_to(target.clone(), &["192.0.2.9".parse().unwrap()]);
    zone.forgotten_after(target, 900);
    let mut need = need("lb.example.net");
    need.challenges = vec!["LHDhK3oGRvkiefQnx7OOczTY5Tic_xZ6HcMOc_gmtoM".to_owned()];
    let waits = |zone: &State| -> Vec<u32> {
        let plan = of(zone, &need).unwrap();
        plan.steps.iter().map(|step| step.wait).collect()
    };
    assert_eq!(waits(&zone), [0, 900]);
    zone.has_stood();
    assert_eq!(waits(&zone), [0, 0]);
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
    zone.forgotten_after(name("lb.sub.example.com"), 60);
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
            aliases: [].into(),
            ways: [].into(),
            led: [].into(),
        };
        older(&plan, &[view])
    };
    assert_eq!(at(&[&[3, 1, 1][..], &[9; 32]].concat()), Some(3_600));
    assert_eq!(at(&[&[3, 1, 1][..], &[1; 32]].concat()), None);
}

/// RFC 4592, section 3.3.1: the nearest name above one that is there decides which wildcard answers.
#[test]
fn an_alias_whose_target_a_wildcard_gives_that_the_plan_itself_shadows_is_refused() {
    let zone = state("* 60 A 192.0.2.1\nwww 60 A 192.0.2.9\n");
    for (host, endpoint, is_loop) in [
        ("app.example.com", "svc.app.example.com", false),
        ("*.apps.example.com", "ingress.apps.example.com", true),
    ] {
        let need = Need {
            hosts: vec![name(host)],
            ..need(endpoint)
        };
        let refused = of(&zone, &need).unwrap_err();
        let PlanError::LeadsNowhere { is_loop: found, .. } = refused else {
            panic!("{host}: {refused}");
        };
        assert_eq!(found, is_loop, "{host}");
    }
    // A target that stays the wildcard's is none of these.
    let need = Need {
        hosts: vec![name("app.example.com")],
        ..need("other.example.com")
    };
    assert!(of(&zone, &need).is_ok());
}
