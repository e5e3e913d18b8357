//! What clients come to while a plan is carried out, whatever caches have of before.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a panic is the failure of the test"
)]

mod resolution;

use std::collections::BTreeSet;
use std::net::IpAddr;

use keyway_dns::name::Name;
use keyway_dns::plan::{Plan, PlanError, State, plan, refusal};
use keyway_dns::wanted::{Endpoint, Need, Wanted, wanted};
use keyway_dns::zone::{ReadOptions, Zone, read};
use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use proptest::sample::select;
use resolution::fault;

const ZONE: &str = "example.com";

/// Names of hosts, of what is above and below them, and of where they lead.
const NAMES: [&str; 12] = [
    "www", "api", "a.www", "*", "*.www", "x", "*.x", "b.x", "gw.in.k", "in.k", "*.k", "t",
];

/// Names that aliases lead to, beside those.
const TARGETS: [&str; 3] = ["n.x", "n.b.x", "lb.example.net."];

fn name(label: &str) -> Name {
    Name::read(
        label
            .strip_suffix('.')
            .unwrap_or(&format!("{label}.{ZONE}")),
    )
    .unwrap()
}

fn target() -> impl Strategy<Value = &'static str> {
    select([&NAMES[..], &TARGETS[..]].concat())
}

/// A zone in which nothing stands beside an alias.
fn zone() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        2 => (1..4_u8).prop_map(|last| format!("A 192.0.2.{last}")),
        2 => (1..4_u8).prop_map(|last| format!("AAAA 2001:db8::{last}")),
        3 => target().prop_map(|target| format!("CNAME {target}")),
        1 => Just("TXT kept".to_owned()),
    ];
    let ttl = select(&[60_u32, 300, 3600][..]);
    vec((select(&NAMES[..]), line, ttl), 0..10).prop_map(|records| {
        let (mut text, mut aliases, mut others) = (String::new(), BTreeSet::new(), BTreeSet::new());
        for (owner, line, ttl) in records {
            let is_alias = line.starts_with("CNAME");
            let is_in_the_way = aliases.contains(owner) || is_alias && others.contains(owner);
            if !is_in_the_way {
                let owners = if is_alias { &mut aliases } else { &mut others };
                owners.insert(owner);
                text.extend([owner, " ", &ttl.to_string(), " ", &line, "\n"]);
            }
        }
        text
    })
}

fn of_text(text: &str) -> Zone {
    let text = format!("@ 900 SOA ns a 1 2 3 4 120\n@ 300 NS ns.example.net.\n{text}");
    read(text.as_bytes(), ZONE, &ReadOptions::default())
        .unwrap()
        .zone
}

fn need() -> impl Strategy<Value = Need> {
    let addresses = select(vec![
        vec!["192.0.2.1"],
        vec!["192.0.2.7", "2001:db8::7"],
        vec!["2001:db8::1"],
    ]);
    let endpoint = prop_oneof![
        addresses.prop_map(|all| {
            let all = all.iter().map(|it| it.parse::<IpAddr>().unwrap());
            Endpoint::Addresses(all.collect())
        }),
        target().prop_map(|label| Endpoint::Name(name(label))),
    ];
    let hosts = btree_set(select(&NAMES[..]), 1..4);
    (hosts, endpoint, select(&[60_u32, 300][..])).prop_map(|(hosts, endpoint, ttl)| {
        Need::new(hosts.iter().map(|host| name(host)).collect(), endpoint, ttl)
    })
}

fn shown(plan: &Plan) -> String {
    let mut text = String::new();
    for step in &plan.steps {
        text.extend(["after ", &step.wait.to_string(), "\n"]);
        for change in &step.changes {
            for (sign, set) in [("-", &change.before), ("+", &change.after)] {
                let texts = set.iter().flat_map(|set| set.texts(change.kind));
                let (name, kind) = (&change.name, change.kind);
                text.extend(texts.map(|data| format!("  {sign} {name} {kind} {data}\n")));
            }
        }
    }
    text
}

/// What is wrong with the plan, if there is one.
fn tried(zone: &Zone, need: &Need, has_stood: bool) -> Result<(), String> {
    let top = Name::of_origin(zone);
    let Ok(wanted) = wanted(need) else {
        return Ok(());
    };
    let mut before = State::of_zone(zone);
    let mut near = State::of_zone_at(zone, &Wanted::looked_at(&wanted));
    if has_stood {
        before.has_stood();
        near.has_stood();
    }
    let made = plan(&top, &before, &wanted, 100);
    if made != plan(&top, &near, &wanted, 100) {
        return Err("another plan where less is looked at".to_owned());
    }
    let made = match made {
        Ok(made) => made,
        Err(
            PlanError::Occupied { .. }
            | PlanError::LeadsNowhere { .. }
            | PlanError::LosesTarget { .. }
            | PlanError::BesideAlias { .. },
        ) => return Ok(()),
        Err(other) => return Err(other.to_string()),
    };
    if let Some(fault) = fault(&top, &before, &made, &need.hosts) {
        return Err(format!("{fault}\n{}", shown(&made)));
    }
    let mut after = before.clone();
    made.steps.iter().for_each(|step| after.apply(step));
    match plan(&top, &after, &wanted, 100) {
        Ok(again) if again.is_empty() => Ok(()),
        other => Err(format!("again: {other:?}")),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn no_step_leads_to_nothing_whoever_was_led_somewhere_before_and_is_after_it(
        text in zone(),
        need in need(),
        has_stood in any::<bool>(),
    ) {
        if let Err(fault) = tried(&of_text(&text), &need, has_stood) {
            let hosts: Vec<String> = need.hosts.iter().map(ToString::to_string).collect();
            prop_assert!(false, "{text}{hosts:?} -> {:?}\n{fault}", wanted(&need).unwrap()[0].texts());
        }
    }
}

fn hosts(labels: &[&str], endpoint: &str) -> Need {
    let endpoint = match endpoint.parse() {
        Ok(address) => Endpoint::Addresses(vec![address]),
        Err(_) => Endpoint::Name(name(endpoint)),
    };
    Need::new(
        labels.iter().map(|label| name(label)).collect(),
        endpoint,
        300,
    )
}

fn planned(text: &str, need: &Need) -> Result<Plan, PlanError> {
    let mut state = State::of_zone(&of_text(text));
    state.has_stood();
    plan(&name("example.com."), &state, &wanted(need).unwrap(), 100)
}

#[test]
fn a_name_that_hides_what_an_alias_led_to_comes_when_no_cache_has_that_alias() {
    let text = "*.k 60 A 192.0.2.1\nfront 900 CNAME gw.in.k\n";
    let need = hosts(&["front", "in.k"], "192.0.2.7");
    let made = planned(text, &need).unwrap();
    let shown = shown(&made);
    assert_eq!(
        shown,
        "after 0\n  + front.example.com. A 192.0.2.7\n  - front.example.com. CNAME gw.in.k.example.com.\n\
         after 900\n  + in.k.example.com. A 192.0.2.7\n"
    );
    tried(&of_text(text), &need, true).unwrap();
    // What does not hide it comes at once.
    let made = planned(text, &hosts(&["front", "other.k"], "192.0.2.7")).unwrap();
    assert_eq!(made.steps.len(), 1);
}

#[test]
fn a_name_that_hides_what_an_alias_leads_to_that_stays_is_no_plan() {
    let text = "*.k 60 A 192.0.2.1\nshop 900 CNAME pay.in.k\n";
    let need = hosts(&["in.k"], "192.0.2.7");
    let refused = planned(text, &need).unwrap_err();
    assert_eq!(
        refused,
        PlanError::LosesTarget {
            name: name("shop"),
            target: name("pay.in.k"),
            at: name("pay.in.k"),
            is_loop: false,
        }
    );
    let found = refusal(&refused).unwrap();
    assert_eq!(found.code(), "dns.alias-leads-nowhere");
    tried(&of_text(text), &need, true).unwrap();
    // One that led nowhere before has nothing to lose, and one that is in the plan is moved.
    let text = "*.k 60 TXT kept\nshop 900 CNAME pay.in.k\n";
    assert!(planned(text, &need).is_ok());
    let both = hosts(&["shop", "in.k"], "192.0.2.7");
    assert!(planned("*.k 60 A 192.0.2.1\nshop 900 CNAME pay.in.k\n", &both).is_ok());
}

#[test]
fn what_stands_beside_a_wildcard_that_comes_does_not_hide_the_one_above_before_that() {
    let text = "* 60 A 192.0.2.1\n";
    let mut need = hosts(&["*.k"], "192.0.2.7");
    need.challenges = vec!["LHDhK3oGRvkiefQnx7OOczTY5Tic_xZ6HcMOc_gmtoM".to_owned()];
    let made = planned(text, &need).unwrap();
    let [step] = &made.steps[..] else {
        panic!("{}", shown(&made));
    };
    let names: Vec<String> = step.changes.iter().map(|it| it.name.to_string()).collect();
    assert_eq!(
        names,
        ["*.k.example.com.", "_acme-challenge.k.example.com."]
    );
    tried(&of_text(text), &need, true).unwrap();
    // Where no wildcard answers there is nothing to hide.
    assert_eq!(planned("", &need).unwrap().steps.len(), 2);
}
