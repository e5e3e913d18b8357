//! What holds of every plan: it leads to what is wanted, through states that are no worse.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a panic is the failure of the test"
)]

mod resolution;

use std::collections::BTreeSet;
use std::net::IpAddr;

use keyway_dns::name::Name;
use keyway_dns::plan::file::{FileError, Kept, PlanFile};
use keyway_dns::plan::{Change, Plan, PlanError, State, plan};
use keyway_dns::rdata::Type;
use keyway_dns::wanted::{Endpoint, Issuer, Need, Pin, Standing, Wanted, wanted};
use keyway_dns::zone::{ReadOptions, read};
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
        port: if caa { 443 } else { 8_443 },
        hints: https,
        alpn: if https {
            vec!["h2".to_owned()]
        } else {
            Vec::new()
        },
        challenges: (0..challenges)
            .map(|number| format!("{number:A>43}"))
            .collect(),
        standing: caa.then_some(Standing { until: None }),
    })
}

/// The name, or the wildcard that answers for it.
fn owner(state: &State, host: &Name) -> Name {
    let mut owners = state.sets().map(|(owner, _, _)| owner);
    if owners.any(|owner| owner.is_within(host)) {
        host.clone()
    } else {
        name("*.example.com")
    }
}

/// Whether whoever asks for a kind of addresses gets one; of a target elsewhere only one kind is there.
fn tells(state: &State, host: &Name, kind: Type, target: &str) -> bool {
    let owner = owner(state, host);
    let lb = name("lb.example.net");
    let leads = |alias: &keyway_dns::plan::Set| {
        // Of the other target nobody knows anything.
        alias.targets().any(|target| target != lb) || target.contains(':') == (kind == Type::AAAA)
    };
    let alias = state.set(&owner, Type::CNAME);
    state.set(&owner, kind).is_some() || alias.is_some_and(leads)
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
            prop_assert_eq!(found.is_none(), want.data.is_empty());
            prop_assert!(found.is_none_or(|set| want.is_met(set) && set.data.is_superset(&want.data)));
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
        prop_assert_eq!(resolution::fault(&zone(), &before, &plan, &need.hosts), None);
        let mut state = before.clone();
        for step in &plan.steps {
            state.apply(step);
            for host in &need.hosts {
                let kinds: Vec<Type> = state.kinds(host).collect();
                prop_assert!(!kinds.contains(&Type::CNAME) || kinds.len() == 1, "{kinds:?}");
            }
        }
        let caches = resolution::Caches::of(&zone(), &state);
        prop_assert!(need.hosts.iter().all(|host| caches.leads(host)));
    }

    #[test]
    fn what_is_not_wanted_is_not_touched(before in state(), need in need()) {
        let Some((wanted, plan)) = planned(&before, &need) else { return Ok(()) };
        let own: BTreeSet<(&Name, Type)> =
            wanted.iter().map(|want| (&want.name, want.kind)).collect();
        for change in plan.changes() {
            prop_assert!(own.contains(&(&change.name, change.kind)));
            prop_assert_ne!(&change.before, &change.after);
            // Other CAs, and where they report to, are somebody else's.
            let is_elses = |data: &&[u8]| !data.windows(10).any(|part| part == b"ca.example");
            let mut removed = change.removed().into_iter().filter(is_elses);
            prop_assert!(change.kind != Type::CAA || removed.next().is_none(), "{change:?}");
        }
    }

    #[test]
    fn nobody_is_sent_to_a_new_address_with_the_old_pins_in_a_cache(before in state(), need in need()) {
        let Some((_, plan)) = planned(&before, &need) else { return Ok(()) };
        let (mut since_pins, mut pins_ttl) = (0, 0);
        for step in &plan.steps {
            since_pins += step.wait;
            let moves = |change: &&Change| change.kind.code() == Type::A.code() && change.before.is_some();
            let is_move = step.changes.iter().filter(moves).any(|change| !change.added().is_empty());
            prop_assert!(!is_move || since_pins >= pins_ttl, "{plan:?}");
            let pins = step.changes.iter().filter(|change| change.kind == Type::TLSA);
            let old = pins.filter(|change| !change.added().is_empty());
            if let Some(ttl) = old.filter_map(|change| change.before.as_ref()).map(|set| set.ttl).max() {
                (since_pins, pins_ttl) = (0, ttl);
            }
        }
    }

    #[test]
    fn nobody_who_knows_that_there_is_nothing_of_one_kind_is_left_without_the_other(
        before in state(),
        need in need(),
        target in select(&["192.0.2.9", "2001:db8::9"][..]),
    ) {
        let mut before = before;
        before.leads_to(name("lb.example.net"), &[target.parse().unwrap()]);
        let kinds = [Type::A, Type::AAAA];
        let Some((_, plan)) = planned(&before, &need) else { return Ok(()) };
        for host in &need.hosts {
            // For each kind, how much longer caches may know that there is none.
            let told = |state: &State| kinds.map(|kind| tells(state, host, kind, target));
            let (mut state, mut none) = (before.clone(), [0_u32; 2]);
            let mut leads = told(&state);
            // Of an alias caches know that it is one.
            if leads == [false; 2] || before.set(&owner(&before, host), Type::CNAME).is_some() {
                continue;
            }
            for step in &plan.steps {
                for (none, leads) in none.iter_mut().zip(leads) {
                    *none = if leads { none.saturating_sub(step.wait) } else { 5 };
                }
                // Nobody knows since when what is there is there.
                if step == &plan.steps[0] && step.wait == 0 {
                    none = leads.map(|leads| if leads { 0 } else { 5 });
                }
                state.apply(step);
                leads = told(&state);
                let finds = none.iter().zip(leads).any(|(none, leads)| *none == 0 && leads);
                prop_assert!(finds, "{host} {none:?} {plan:#?}");
            }
        }
    }

    #[test]
    fn pins_and_challenges_of_old_go_only_after_their_ttl(before in state(), need in need()) {
        let Some((_, plan)) = planned(&before, &need) else { return Ok(()) };
        // What a cache may have had before this moment, and for how long: the longest of what any step replaced.
        let (mut waited, mut replaced) = (0, 0);
        for step in &plan.steps {
            waited += step.wait;
            for change in &step.changes {
                let is_beside = matches!(change.kind, Type::TLSA | Type::TXT | Type::CAA);
                let shrinks = is_beside && !change.removed().is_empty();
                let grew = plan.changes().any(|other| {
                    (&other.name, other.kind) == (&change.name, change.kind) && !other.added().is_empty()
                });
                prop_assert!(!shrinks || !grew || waited >= replaced, "{change:?}");
            }
            let before = step.changes.iter().filter_map(|change| change.before.as_ref());
            replaced = before.map(|set| set.ttl).max().unwrap_or(0).max(replaced);
        }
    }

    #[test]
    fn another_state_is_another_checksum(before in state(), need in need(), which in any::<Index>()) {
        let Some((wanted, plan)) = planned(&before, &need) else { return Ok(()) };
        let want = which.get(&wanted);
        let mut other = before.clone();
        other.add(want.name.clone(), Type::LOC, 1, &[1, 2, 3]);
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

    #[test]
    fn what_a_plan_says_of_itself_cannot_be_changed_either(before in state(), need in need(), which in 0..4_u8) {
        let Some((_, plan)) = planned(&before, &need) else { return Ok(()) };
        let mut file = PlanFile::of(&plan);
        let Some(step) = file.steps.first_mut() else { return Ok(()) };
        match which {
            0 => step.changes[0].reason += ", and that is all",
            1 => step.changes[0].action = "stay".into(),
            2 => step.takes_pins = !step.takes_pins,
            _ => file.kept.push(Kept { name: "other.example.com.".to_owned(), kind: "A".to_owned(), set: None }),
        }
        prop_assert_eq!(file.plan(), Err(FileError::Changed));
    }
}
