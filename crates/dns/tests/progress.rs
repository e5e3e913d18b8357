//! How far a zone has come on the way of a plan.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod example;

use std::collections::BTreeSet;

use example::{name, state};
use keyway_dns::name::Name;
use keyway_dns::plan::{Holds, Plan, Progress, State, plan};
use keyway_dns::rdata::Type;
use keyway_dns::wanted::{Endpoint, Need, wanted};

/// A plan for a host and the wildcard above it, which have the same address.
fn both() -> (Plan, State) {
    let here = state("* 60 A 192.0.2.7\nwww 60 A 192.0.2.7\n");
    let hosts = ["www.example.com", "*.example.com"].map(name);
    let endpoint = Endpoint::Addresses(vec!["2001:db8::1".parse().unwrap()]);
    let need = Need::new(hosts.to_vec(), endpoint, 60);
    let made = plan(&zone(), &here, &wanted(&need).unwrap(), 100).unwrap();
    (made, here)
}

fn zone() -> Name {
    name("example.com")
}

/// What somebody sees of a state who asks for the names of a plan.
fn seen(made: &Plan, state: &State) -> State {
    let here = state.without_synthesis(&zone(), &BTreeSet::new());
    here.of_names(made.names())
}

#[test]
fn a_name_that_seems_to_be_there_is_where_it_is_expected() {
    let (made, mut here) = both();
    let www = BTreeSet::from([name("www.example.com")]);
    let Progress::At { step, untold, .. } = made.progress(&seen(&made, &here)) else {
        panic!("{made:?}");
    };
    assert_eq!((step, &untold), (0, &www));
    // A step that changes the wildcard would show.
    assert_eq!(made.gives_later(0, &untold), www.first());
    assert_eq!(made.gives_later(made.steps.len(), &untold), None);
    made.steps.iter().for_each(|step| here.apply(step));
    let Progress::Done { untold } = made.progress(&seen(&made, &here)) else {
        panic!("{made:?}");
    };
    assert_eq!(untold, www);
}

/// A plan that takes one of two addresses away.
fn one_goes() -> (Plan, State) {
    let here = state("www 60 A 192.0.2.7\nwww 60 AAAA 2001:db8::1\n");
    let endpoint = Endpoint::Addresses(vec!["2001:db8::1".parse().unwrap()]);
    let need = Need::new(vec![name("www.example.com")], endpoint, 60);
    let made = plan(&zone(), &here, &wanted(&need).unwrap(), 100).unwrap();
    (made, here)
}

#[test]
fn a_zone_that_lost_what_a_plan_keeps_has_not_all_of_it() {
    let (made, mut here) = one_goes();
    made.steps.iter().for_each(|step| here.apply(step));
    assert!(matches!(
        made.progress(&seen(&made, &here)),
        Progress::Done { .. }
    ));
    let gone = State::default();
    let Progress::Changed { drifts, .. } = made.progress(&seen(&made, &gone)) else {
        panic!("{made:?}");
    };
    assert!(
        drifts.iter().any(|drift| drift.kind == Type::AAAA),
        "{drifts:?}"
    );
}

#[test]
fn no_address_goes_but_while_the_one_that_is_kept_is_there() {
    let (made, _) = one_goes();
    let first = made.prerequisites(0);
    let kept = first.iter().find(|it| it.kind == Type::AAAA).unwrap();
    assert_eq!(*kept.name, name("www.example.com"));
    assert!(matches!(kept.holds, Holds::Exactly(_)), "{kept:?}");
}

#[test]
fn what_is_not_as_a_plan_has_it_is_held_against_the_stage_that_comes_nearest() {
    let (made, mut here) = both();
    here.apply(&made.steps[0]);
    here.add(name("*.example.com"), Type::A, 60, &[192, 0, 2, 9]);
    let Progress::Changed { drifts, others } = made.progress(&seen(&made, &here)) else {
        panic!("{made:?}");
    };
    assert_eq!((drifts.len(), others.len()), (1, 0), "{drifts:?}");
    let drift = &drifts[0];
    assert_eq!((&drift.name, drift.kind), (&name("*.example.com"), Type::A));
    let texts = [&drift.expected, &drift.seen].map(|set| set.as_ref().unwrap().texts(Type::A));
    assert_eq!(texts[0], ["192.0.2.7"]);
    assert_eq!(texts[1], ["192.0.2.7", "192.0.2.9"]);
    // Of other types that a plan knows nothing of it says what is there now.
    let (made, mut here) = both();
    here.add(name("*.example.com"), Type::MX, 60, &[0, 10, 0]);
    let Progress::Changed { drifts, others } = made.progress(&seen(&made, &here)) else {
        panic!("{made:?}");
    };
    assert_eq!(drifts, []);
    assert_eq!(others, [(name("*.example.com"), Type::MX)]);
}
