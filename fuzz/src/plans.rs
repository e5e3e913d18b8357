//! Plans from any zone to any need, and files that may be plans.

use keyway_dns::message::{MessageError, update};
use keyway_dns::name::Name;
use keyway_dns::plan::file::PlanFile;
use keyway_dns::plan::{Plan, PlanError, State, advice, plan};
use keyway_dns::rdata::Type;
use keyway_dns::render::{Form, render};
use keyway_dns::wanted::{Endpoint, Issuer, Need, NeedError, Pin, Standing, Wanted, wanted};
use keyway_dns::zone::{ReadOptions, read};

#[path = "../../crates/dns/tests/resolution/mod.rs"]
mod resolution;

/// The zone that plans are for.
const ZONE: &str = "example.com";

/// Bytes in front of a zone file that say what is needed.
const WISHES: usize = 4;

/// A file that reads as a plan is written as that plan. Otherwise the first bytes say what is needed, and the rest
/// is the zone as it is: a plan leads to what is needed, again there is nothing to do, no name that leads somewhere
/// before and after it leads nowhere in between, whatever caches have (`resolution`), an alias has no company, and the plan
/// is the same after it was written down.
pub fn plans(data: &[u8]) {
    if let Ok(plan) = PlanFile::read(data) {
        reads_back(&plan);
    }
    let Some((wishes, zone)) = data.split_first_chunk::<WISHES>() else {
        return;
    };
    // What this makes records of is for the zone file's own target.
    let generates = zone
        .windows(9)
        .any(|window| window.eq_ignore_ascii_case(b"$generate"));
    if generates {
        return;
    }
    let before = read(zone, ZONE, &ReadOptions::default()).expect("a name, within limits");
    let need = need(*wishes);
    let wanted = match wanted(&need) {
        Err(NeedError::Itself(_)) => return,
        wanted => wanted.expect("fits"),
    };
    let mut near = State::of_zone_at(&before.zone, &Wanted::looked_at(&wanted));
    let mut before = State::of_zone(&before.zone);
    if need.ttl % 2 == 1 {
        near.has_stood();
        before.has_stood();
    }
    let zone = name(ZONE);
    let made = match plan(&zone, &before, &wanted, 100) {
        Ok(made) => made,
        Err(
            PlanError::Occupied { .. }
            | PlanError::AliasAtTop { .. }
            | PlanError::BelowDname { .. }
            | PlanError::BesideAlias { .. }
            | PlanError::Delegated { .. }
            | PlanError::LeadsNowhere { .. }
            | PlanError::LosesTarget { .. }
            | PlanError::ServerOfZone { .. },
        ) => return,
        Err(other) => panic!("{other}"),
    };
    assert_eq!(Ok(&made), plan(&zone, &before, &wanted, 100).as_ref());
    assert_eq!(Ok(&made), plan(&zone, &near, &wanted, 100).as_ref());
    // Of an alias with company servers say what they like.
    let mut names = before.sets().map(|(name, _, _)| name);
    let fault = || resolution::fault(&zone, &before, &made, &need.hosts);
    if names.all(|name| is_alone(&before, name))
        && let Some(fault) = fault()
    {
        let steps = render(&made, &before, Form::Zone).parts.into_iter();
        let steps: Vec<String> = steps
            .map(|it| format!("after {} s\n{}", it.wait, it.text))
            .collect();
        panic!("{fault}\n{}", steps.concat());
    }
    let after = carried_out(&made, &before, &need);
    reaches(&after, &wanted, &zone);
    reads_back(&made);
    let _ = advice(&made, &before);
    for form in Form::ALL {
        let rendered = render(&made, &before, *form);
        assert_eq!(rendered, render(&made, &near, *form));
    }
}

fn name(text: &str) -> Name {
    Name::read(text).expect("a name")
}

fn need([hosts, endpoint, extras, ttl]: [u8; WISHES]) -> Need {
    let bit = |byte: u8, at: u8| byte >> at & 1 != 0;
    let known = ["www", "api", "*", "a.www", "*.www", "k", "in.k", "*.k"];
    let named = (0..).zip(known).filter(|(at, _)| bit(hosts, *at));
    let mut hosts: Vec<Name> = named
        .map(|(_, label)| name(&format!("{label}.{ZONE}")))
        .collect();
    if hosts.is_empty() {
        hosts.push(name(ZONE));
    }
    let addresses = ["192.0.2.1", "192.0.2.7", "2001:db8::1", "2001:db8::7"];
    let addresses = (0..).zip(addresses).filter(|(at, _)| bit(endpoint, *at));
    let addresses: Vec<_> = addresses
        .map(|(_, text)| text.parse().expect("an address"))
        .collect();
    // Where no address is said, a name: of another zone, or of this one.
    let targets = ["lb.example.net.", "t", "www", "gw.in.k", "n.api"];
    let target = targets.get(usize::from(endpoint >> 4)).copied();
    let target = target.unwrap_or(targets[0]);
    let issuer = Issuer {
        domain: "ca.example".to_owned(),
        account: Some("https://ca.example/1".to_owned()),
        methods: Vec::new(),
    };
    let pin = |spki| Pin {
        port: 443,
        spki_sha256: [spki; 32],
    };
    Need {
        hosts,
        endpoint: if addresses.is_empty() {
            Endpoint::Name(match target.strip_suffix('.') {
                Some(whole) => name(whole),
                None => name(&format!("{target}.{ZONE}")),
            })
        } else {
            Endpoint::Addresses(addresses)
        },
        ttl: u32::from(ttl),
        issuers: bit(extras, 0).then_some(issuer).into_iter().collect(),
        pins: (1..3).filter(|spki| bit(extras, *spki)).map(pin).collect(),
        port: if bit(extras, 7) { 8_443 } else { 443 },
        alpn: bit(extras, 3)
            .then(|| "h2".to_owned())
            .into_iter()
            .collect(),
        hints: bit(extras, 4),
        challenges: bit(extras, 5)
            .then(|| "LHDhK3oGRvkiefQnx7OOczTY5Tic_xZ6HcMOc_gmtoM".to_owned())
            .into_iter()
            .collect(),
        standing: (bit(extras, 0) && bit(extras, 6)).then_some(Standing { until: None }),
    }
}

/// The zone after every step, which is looked at.
fn carried_out(made: &Plan, before: &State, need: &Need) -> State {
    let mut state = before.clone();
    for (number, step) in made.steps.iter().enumerate() {
        assert_eq!(state.of_names(made.names()).checksum(), step.state);
        match update(1, made, number) {
            Ok(_) | Err(MessageError::TooLong) => {}
            Err(other) => panic!("{other}"),
        }
        state.apply(step);
        for host in &need.hosts {
            assert!(is_alone(&state, host) || !is_alone(before, host), "{host}");
        }
    }
    state
}

/// Whether a name is no alias, or has no other records than an alias may have (RFC 4034, section 2.5).
fn is_alone(state: &State, host: &Name) -> bool {
    let beside = [Type::CNAME, Type::RRSIG, Type::NSEC, Type::KEY, Type::SIG];
    state.set(host, Type::CNAME).is_none() || state.kinds(host).all(|kind| beside.contains(&kind))
}

fn reaches(state: &State, wanted: &[Wanted], zone: &Name) {
    for want in wanted {
        let found = state.set(&want.name, want.kind);
        let is_met = found.map_or(want.data.is_empty(), |set| want.is_met(set));
        assert!(is_met, "{} {}: {found:?}", want.name, want.kind);
    }
    let again = plan(zone, state, wanted, 100).expect("a plan");
    assert!(again.is_empty(), "{again:?}");
}

fn reads_back(plan: &Plan) {
    let json = serde_json::to_vec(&PlanFile::of(plan)).expect("plain values");
    assert_eq!(PlanFile::read(&json).as_ref(), Ok(plan));
}
