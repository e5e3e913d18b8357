//! What holds of every plan: it leads to what is wanted, through states that are no worse.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

use std::collections::BTreeSet;
use std::net::IpAddr;

use keyway_dns::message::update;
use keyway_dns::name::Name;
use keyway_dns::plan::file::{FileError, PlanFile};
use keyway_dns::plan::{MAX_SHARE, Plan, PlanError, State, advice, plan};
use keyway_dns::rdata::Type;
use keyway_dns::wanted::{Endpoint, Issuer, Need, Pin, Standing, Wanted, wanted};
use keyway_dns::zone::{ReadOptions, read};
use keyway_report::Kind as _;
use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use proptest::sample::{Index, select};

fn name(text: &str) -> Name {
    Name::read(text).unwrap()
}

fn zone() -> Name {
    name("example.com")
}

/// A zone with a few names that services have, and one that nobody may touch.
fn state() -> impl Strategy<Value = State> {
    const HOSTS: [&str; 3] = ["www", "api", "*"];
    const LINES: [&str; 8] = [
        "A 192.0.2.1",
        "A 192.0.2.2",
        "AAAA 2001:db8::1",
        "HTTPS 1 . alpn=h3",
        "CAA 0 issue \"other.example\"",
        "_443._tcp TLSA 3 1 1 aa",
        "_acme-challenge TXT old",
        "CNAME lb.example.net.",
    ];
    let records = vec(
        (
            select(&HOSTS[..]),
            select(&LINES[..]),
            select(&[60_u32, 300][..]),
        ),
        0..12,
    );
    records.prop_map(|records| {
        let mut text = "$ORIGIN example.com.\n@ 300 SOA ns.example.net. a.example.net. 1 2 3 4 5\n\
            @ 300 NS ns.example.net.\nmail 300 A 192.0.2.9\nmail 300 MX 0 mail\n"
            .to_owned();
        let mut kinds = BTreeSet::new();
        for (host, line, ttl) in records {
            let is_alias = line.starts_with("CNAME");
            let below = line.starts_with('_');
            // No name has a CNAME and others.
            if !below && kinds.contains(&(host, !is_alias)) {
                continue;
            }
            if !below {
                kinds.insert((host, is_alias));
            }
            let (owner, line) = match line.split_once(' ') {
                Some((label, rest)) if below => (format!("{label}.{host}"), rest),
                _ => (host.to_owned(), line),
            };
            text += &[owner.as_str(), &ttl.to_string(), line].join(" ");
            text.push('\n');
        }
        let read = read(text.as_bytes(), "example.com", &ReadOptions::default()).unwrap();
        assert!(read.faults.is_empty(), "{:?}", read.faults);
        State::of_zone(&read.zone)
    })
}

fn need() -> impl Strategy<Value = Need> {
    let hosts = btree_set(select(&["www", "api", "*"][..]), 1..3);
    let addresses = select(vec![
        vec!["192.0.2.1"],
        vec!["192.0.2.7", "2001:db8::7"],
        vec!["2001:db8::1", "2001:db8::2"],
    ]);
    let endpoint = prop_oneof![
        addresses.prop_map(|all| {
            Endpoint::Addresses(all.iter().map(|it| it.parse::<IpAddr>().unwrap()).collect())
        }),
        Just(Endpoint::Name(name("lb.example.net"))),
        Just(Endpoint::Name(name("other.example.net"))),
    ];
    let extras = (any::<bool>(), 0_u8..3, any::<bool>(), 0_u8..3);
    (hosts, endpoint, extras).prop_map(|(hosts, endpoint, (caa, pins, https, challenges))| Need {
        hosts: hosts
            .iter()
            .map(|host| name(&format!("{host}.example.com")))
            .collect(),
        endpoint,
        ttl: 300,
        issuers: caa
            .then(|| Issuer {
                domain: "ca.example".to_owned(),
                account: Some("https://ca.example/1".to_owned()),
                methods: Vec::new(),
            })
            .into_iter()
            .collect(),
        pins: (0..pins)
            .map(|pin| Pin {
                port: 443,
                spki_sha256: [pin; 32],
            })
            .collect(),
        hints: https,
        alpn: if https {
            vec!["h2".to_owned()]
        } else {
            Vec::new()
        },
        challenges: (0..challenges)
            .map(|number| format!("value{number}"))
            .collect(),
        standing: caa.then_some(Standing { until: None }),
    })
}

/// Whether a name leads anywhere.
fn leads(state: &State, name: &Name) -> bool {
    state
        .kinds(name)
        .any(|kind| matches!(kind, Type::A | Type::AAAA | Type::CNAME))
}

fn planned(state: &State, need: &Need) -> Option<(Vec<Wanted>, Plan)> {
    let wanted = wanted(need).unwrap();
    match plan(&zone(), state, &wanted, 100) {
        Ok(plan) => Some((wanted, plan)),
        Err(PlanError::Occupied { .. }) => None,
        Err(other) => panic!("{other}"),
    }
}

proptest! {
    #[test]
    fn a_plan_that_is_applied_gives_what_is_wanted_and_nothing_is_left_to_do(
        before in state(),
        need in need(),
    ) {
        let Some((wanted, plan)) = planned(&before, &need) else { return Ok(()) };
        let mut state = before.clone();
        for step in &plan.steps {
            state.apply(step);
        }
        for want in &wanted {
            let found = state.set(&want.name, want.kind);
            let data = found.map(|set| set.data.clone()).unwrap_or_default();
            prop_assert_eq!(&data, &want.data);
            prop_assert!(found.is_none_or(|set| set.ttl == want.ttl));
        }
        let again = keyway_dns::plan::plan(&zone(), &state, &wanted, 100).unwrap();
        prop_assert!(again.is_empty(), "{again:?}");
    }

    #[test]
    fn no_step_leaves_a_name_that_leads_nowhere_or_an_alias_with_company(
        before in state(),
        need in need(),
    ) {
        let Some((_, plan)) = planned(&before, &need) else { return Ok(()) };
        let mut state = before.clone();
        for step in &plan.steps {
            state.apply(step);
            for host in &need.hosts {
                prop_assert!(leads(&state, host) || !leads(&before, host));
                let kinds: Vec<Type> = state.kinds(host).collect();
                prop_assert!(!kinds.contains(&Type::CNAME) || kinds.len() == 1, "{kinds:?}");
            }
        }
        prop_assert!(need.hosts.iter().all(|host| leads(&state, host)));
    }

    #[test]
    fn what_is_not_wanted_is_not_touched(before in state(), need in need()) {
        let Some((wanted, plan)) = planned(&before, &need) else { return Ok(()) };
        let own: BTreeSet<(&Name, Type)> =
            wanted.iter().map(|want| (&want.name, want.kind)).collect();
        for change in plan.changes() {
            prop_assert!(own.contains(&(&change.name, change.kind)));
            prop_assert_ne!(&change.before, &change.after);
        }
    }

    #[test]
    fn pins_and_challenges_of_old_go_only_after_their_ttl(before in state(), need in need()) {
        let Some((_, plan)) = planned(&before, &need) else { return Ok(()) };
        let mut waited = false;
        for step in &plan.steps {
            waited |= step.wait > 0;
            for change in &step.changes {
                let is_beside = matches!(change.kind, Type::TLSA | Type::TXT | Type::CAA);
                let shrinks = is_beside && !change.removed().is_empty();
                prop_assert!(!shrinks || waited, "{change:?}");
            }
        }
    }

    #[test]
    fn another_state_is_another_checksum(before in state(), need in need(), which in any::<Index>()) {
        let Some((wanted, plan)) = planned(&before, &need) else { return Ok(()) };
        let want = which.get(&wanted);
        let mut other = before.clone();
        other.add(want.name.clone(), Type::of(65_280), 1, &[1, 2, 3]);
        prop_assert_eq!(before.of_names(plan.names()).checksum(), plan.state);
        prop_assert_ne!(other.of_names(plan.names()).checksum(), plan.state);
    }

    #[test]
    fn a_plan_that_was_written_down_is_read_back(before in state(), need in need()) {
        let Some((_, plan)) = planned(&before, &need) else { return Ok(()) };
        let json = serde_json::to_vec(&PlanFile::of(&plan)).unwrap();
        prop_assert_eq!(PlanFile::read(&json), Ok(plan));
    }

    #[test]
    fn a_plan_that_somebody_changed_is_refused(before in state(), need in need(), which in any::<Index>()) {
        let Some((_, plan)) = planned(&before, &need) else { return Ok(()) };
        let mut file = PlanFile::of(&plan);
        let changes = file.steps.iter_mut().flat_map(|step| &mut step.changes);
        let mut sets: Vec<_> = changes.filter_map(|change| change.after.as_mut()).collect();
        if sets.is_empty() { return Ok(()) }
        let last = sets.len();
        sets[which.index(last)].ttl += 1;
        prop_assert_eq!(file.plan(), Err(FileError::Changed));
    }
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
        matches!(refused, Err(PlanError::TooMuch { removed: 10, .. })),
        "{refused:?}"
    );
    assert!(plan(&zone(), &state, &wanted, 100).is_ok());
}

#[test]
fn a_new_name_takes_nothing_from_the_wildcard_before_it_has_its_own() {
    let text = b"* 300 A 192.0.2.7\n* 300 MX 0 mail\nmail 300 A 192.0.2.9\n";
    let read = read(text, "example.com", &ReadOptions::default()).unwrap();
    let state = State::of_zone(&read.zone);
    let mut need = simple(&["www.example.com"]);
    need.challenges = vec!["one".to_owned()];
    need.issuers = vec![Issuer {
        domain: "ca.example".to_owned(),
        account: None,
        methods: Vec::new(),
    }];
    let made = plan(&zone(), &state, &wanted(&need).unwrap(), MAX_SHARE).unwrap();
    assert_eq!(made.steps.len(), 1, "{made:#?}");
    let findings = advice(&made, &state);
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].code(), "dns.wildcard-shadows");
    assert!(
        findings[0].kind.message().contains("MX"),
        "{}",
        findings[0].kind.message()
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
    let own = state.without_synthesis(&zone());
    assert!(own.set(&name("new.example.com"), Type::MX).is_none());
    assert!(own.set(&name("own.example.com"), Type::MX).is_some());
    assert!(own.set(&name("*.example.com"), Type::MX).is_some());
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
    for step in &made.steps {
        let message = update(1, &made.zone, step).expect("fits, with room for a signature");
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
