//! Plans and what is around their names: wildcards, aliases, CAs above, and what others made.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

use std::collections::BTreeSet;

use keyway_dns::name::Name;
use keyway_dns::plan::{MAX_SHARE, Plan, PlanError, Share, State, advice, plan, plan_within};
use keyway_dns::rdata::Type;
use keyway_dns::wanted::{Endpoint, Issuer, Need, Wanted, wanted};
use keyway_dns::zone::{ReadOptions, read};
use keyway_report::Kind as _;

fn name(text: &str) -> Name {
    Name::read(text).unwrap()
}

fn zone() -> Name {
    name("example.com")
}

fn need(hosts: &[&str]) -> Need {
    let hosts = hosts.iter().map(|host| name(host)).collect();
    let endpoint = Endpoint::Addresses(vec!["192.0.2.1".parse().unwrap()]);
    Need::new(hosts, endpoint, 300)
}

fn state(text: &str) -> State {
    let text = format!("$TTL 300\n@ SOA ns a 1 2 3 4 60\n@ NS ns\nns A 192.0.2.53\n{text}");
    let read = read(text.as_bytes(), "example.com", &ReadOptions::default()).unwrap();
    assert!(read.faults.is_empty(), "{:?}", read.faults);
    State::of_zone(&read.zone)
}

fn made(need: &Need, state: &State) -> Result<Plan, PlanError> {
    plan(&zone(), state, &wanted(need).unwrap(), 100)
}

/// What is told beside that the addresses are those of examples.
fn messages(need: &Need, state: &State) -> Vec<String> {
    let findings = advice(&made(need, state).unwrap(), state).into_iter();
    let findings = findings.filter(|finding| finding.code() != "dns.documentation-address");
    findings.map(|finding| finding.kind.message()).collect()
}

/// What a plan leaves of a set.
fn left(plan: &Plan, at: &str, kind: Type) -> Vec<String> {
    let at = name(at);
    let changes = plan.changes().filter(|it| it.name == at && it.kind == kind);
    let set = changes.last().and_then(|change| change.after.as_ref());
    set.map(|set| set.texts(kind)).unwrap_or_default()
}

fn issuer(domain: &str) -> Issuer {
    Issuer {
        domain: domain.to_owned(),
        account: None,
        methods: Vec::new(),
    }
}

#[test]
fn every_name_between_that_a_wildcard_gives_nothing_any_more_is_told() {
    let state = state("*.w A 192.0.2.7\n*.w TXT x\n");
    let told = messages(&need(&["a.c.b.w.example.com"]), &state);
    assert_eq!(told.len(), 3, "{told:?}");
    for between in ["b.w.example.com. will be", "c.b.w.example.com. will be"] {
        let message = told.iter().find(|told| told.starts_with(between)).unwrap();
        assert!(message.contains("above a.c.b.w.example.com."), "{message}");
        assert!(
            message.ends_with("lose A, TXT of *.w.example.com."),
            "{message}"
        );
    }
    let own = told
        .iter()
        .find(|told| told.starts_with("a.c.b.w"))
        .unwrap();
    assert!(own.contains("it loses TXT of *.w.example.com,"), "{own}");
}

#[test]
fn a_wildcard_that_another_one_only_seems_to_give_is_not_there() {
    let mut seen = State::default();
    for owner in ["*.w.example.com", "*.x.w.example.com"] {
        seen.add(name(owner), Type::A, 300, &[192, 0, 2, 7]);
    }
    let (below, kind) = seen.given(&zone())[&name("*.x.w.example.com")]
        .clone()
        .unwrap();
    assert_eq!(
        (below.parent(), kind),
        (Some(name("*.*.x.w.example.com")), Type::A)
    );
    let own = seen.without_synthesis(&zone(), &BTreeSet::new());
    assert!(own.set(&name("*.x.w.example.com"), Type::A).is_none());
    assert!(own.set(&name("*.w.example.com"), Type::A).is_some());
}

#[test]
fn names_of_which_a_wildcard_hides_whether_they_are_there_are_asked_about() {
    let mut seen = State::default();
    seen.add(name("*.w.example.com"), Type::A, 300, &[192, 0, 2, 7]);
    seen.exists(name("there.w.example.com"));
    let names = BTreeSet::from([
        name("a.b.w.example.com"),
        name("a.there.w.example.com"),
        name("a.example.com"),
    ]);
    let doubtful = seen.doubtful(&names, &zone());
    let found: Vec<String> = doubtful.keys().map(ToString::to_string).collect();
    assert_eq!(found, ["b.w.example.com."]);
}

/// An answer to a challenge.
const MINE: &str = "LHDhK3oGRvkiefQnx7OOczTY5Tic_xZ6HcMOc_gmtoM";

#[test]
fn nothing_is_put_beside_an_alias() {
    let state = state("www A 192.0.2.1\n_acme-challenge.www CNAME www.acme.example.net.\n");
    let mut need = need(&["www.example.com"]);
    assert!(made(&need, &state).is_ok());
    need.challenges = vec![MINE.to_owned()];
    let refused = made(&need, &state).unwrap_err();
    assert!(
        matches!(refused, PlanError::BesideAlias { .. }),
        "{refused:?}"
    );
    let text = refused.to_string();
    assert!(
        text.contains("make the TXT records at www.acme.example.net."),
        "{text}"
    );
}

#[test]
fn cas_that_are_named_above_still_may_issue_for_a_name_with_records_of_its_own() {
    let state = state(
        "@ CAA 0 issue \"digicert.com\"\n@ CAA 0 issue \"ca.example; accounturi=https://ca.example/1\"\nwww A 192.0.2.1\n",
    );
    let mut need = need(&["www.example.com"]);
    need.issuers = vec![issuer("ca.example")];
    let plan = made(&need, &state).unwrap();
    let expected = [
        "0 issue \"ca.example\"",
        "0 issue \"ca.example; accounturi=https://ca.example/1\"",
        "0 issue \"digicert.com\"",
    ];
    assert_eq!(left(&plan, "www.example.com", Type::CAA), expected);
    let change = plan
        .changes()
        .find(|change| change.kind == Type::CAA)
        .unwrap();
    assert!(change.reason.contains("example.com."), "{}", change.reason);
}

#[test]
fn a_share_that_somebody_says_holds_for_small_zones_and_for_unknown_ones() {
    let state = state("www A 192.0.2.2\nwww A 192.0.2.3\n");
    let wanted = wanted(&need(&["www.example.com"])).unwrap();
    let within = |state: &State, share| plan_within(&zone(), state, &wanted, share);
    assert!(within(&state, Share::Usual).is_ok());
    for share in [Share::AtMost(0), Share::AtMost(25)] {
        let refused = within(&state, share);
        assert!(
            matches!(refused, Err(PlanError::TooMuch { removed: 2, .. })),
            "{refused:?}"
        );
    }
    assert!(within(&state, Share::AtMost(40)).is_ok());
    let looked_at = state.of_names([&name("www.example.com")]);
    assert!(within(&looked_at, Share::Usual).is_ok());
    let refused = within(&looked_at, Share::AtMost(50)).unwrap_err();
    assert!(refused.to_string().contains("--transfer"), "{refused}");
    assert!(within(&looked_at, Share::All).is_ok());
    assert_eq!(Share::of(MAX_SHARE), Share::Usual);
}

#[test]
fn values_of_others_stay_where_a_ca_looks_for_one() {
    let state = state("www A 192.0.2.1\n_acme-challenge.www TXT theirs\n");
    let mut need = need(&["www.example.com"]);
    need.challenges = vec![MINE.to_owned()];
    let at = "_acme-challenge.www.example.com";
    let plan = made(&need, &state).unwrap();
    assert_eq!(
        left(&plan, at, Type::TXT),
        ["\"theirs\"".to_owned(), format!("\"{MINE}\"")]
    );
    // Its own goes when it has done its work.
    let mut there = state.clone();
    for step in &plan.steps {
        there.apply(step);
    }
    need.challenges.clear();
    let mut away = wanted(&need).unwrap();
    let done = [MINE.to_owned()];
    Wanted::without_challenges(&mut away, &need.hosts, &done).unwrap();
    let plan = keyway_dns::plan::plan(&zone(), &there, &away, 100).unwrap();
    assert_eq!(left(&plan, at, Type::TXT), ["\"theirs\""]);
    for step in &plan.steps {
        there.apply(step);
    }
    assert!(
        keyway_dns::plan::plan(&zone(), &there, &away, 100)
            .unwrap()
            .is_empty()
    );
}

#[test]
fn pins_that_nobody_knows_the_age_of_are_waited_for() {
    let mut need = need(&["www.example.com"]);
    let pin = |spki| keyway_dns::wanted::Pin {
        port: 443,
        spki_sha256: [spki; 32],
    };
    need.pins = vec![pin(2)];
    need.ttl = 900;
    let pins = |spki: u8| {
        format!(
            "_443._tcp.www 900 TLSA 3 1 1 {}\n",
            format!("{spki:02x}").repeat(32)
        )
    };
    let both = state(&format!("www 900 A 192.0.2.1\n{}{}", pins(1), pins(2)));
    let plan = made(&need, &both).unwrap();
    assert_eq!(plan.steps.len(), 1);
    assert_eq!(plan.steps[0].wait, 900);
}
