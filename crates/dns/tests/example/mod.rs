//! The zone `example.com` and its name `www`, which is led elsewhere.
#![allow(dead_code, reason = "every test file uses its own part")]

use keyway_dns::name::Name;
use keyway_dns::plan::{Plan, State, plan};
use keyway_dns::wanted::{Endpoint, Need, wanted};
use keyway_dns::zone::{ReadOptions, read};

pub(crate) fn name(text: &str) -> Name {
    Name::read(text).unwrap()
}

/// A zone with these records, of which caches know for 120 seconds that it has nothing.
pub(crate) fn state(text: &str) -> State {
    let text = format!("@ 900 SOA ns a 1 2 3 4 120\n{text}");
    let read = read(text.as_bytes(), "example.com", &ReadOptions::default()).unwrap();
    assert!(read.faults.is_empty(), "{:?}", read.faults);
    State::of_zone(&read.zone)
}

/// That it leads to an address, or to a name.
pub(crate) fn need(endpoint: &str) -> Need {
    let endpoint = match endpoint.parse() {
        Ok(address) => Endpoint::Addresses(vec![address]),
        Err(_) => Endpoint::Name(name(endpoint)),
    };
    Need::new(vec![name("www.example.com")], endpoint, 60)
}

pub(crate) fn made(state: &State, endpoint: &str) -> Plan {
    let wanted = wanted(&need(endpoint)).unwrap();
    plan(&name("example.com"), state, &wanted, 100).unwrap()
}

/// Of each step how long it waits, and what it does.
pub(crate) fn steps(plan: &Plan) -> Vec<(u32, String)> {
    let steps = plan.steps.iter().map(|step| {
        let words = step.changes.iter();
        let words = words.map(|change| format!("{} {}", change.action().name(), change.kind));
        (step.wait, words.collect::<Vec<_>>().join(", "))
    });
    steps.collect()
}
