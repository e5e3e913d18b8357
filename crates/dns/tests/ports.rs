//! What stands at names for the port of a service, and what is led there.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod example;

use std::collections::{BTreeMap, BTreeSet};

use keyway_dns::plan::file::{FileError, PlanFile};
use keyway_dns::plan::{Plan, State, binding_of_port, foreseen, plan};
use keyway_dns::rdata::Type;
use keyway_dns::verify::verify;
use keyway_dns::view::{Role, Said, View};
use keyway_dns::wanted::{Need, Wanted, wanted};
use keyway_dns::zone::{ReadOptions, Zone, read};
use keyway_report::{Kind as _, Timestamp};

use example::{name, need};

const PIN: &str = "3 1 1 aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00";

fn zone(lines: &str) -> Zone {
    let text = format!("@ 300 SOA ns a 1 2 3 4 60\n@ 300 NS ns\nns 300 A 192.0.2.1\n{lines}");
    let read = read(text.as_bytes(), "example.com", &ReadOptions::default()).unwrap();
    assert!(read.faults.is_empty(), "{:?}", read.faults);
    read.zone
}

fn planned(state: &State, need: &Need) -> (Plan, Vec<(&'static str, String)>) {
    let sets = wanted(need).unwrap();
    let mut made = plan(&name("example.com"), state, &sets, 100).unwrap();
    made.port = need.port;
    let told = foreseen(&made, state, &sets, "");
    let told = told.iter().map(|it| (it.code(), it.kind.message()));
    (made, told.collect())
}

/// What is told, whether all of the zone is known or only what is near.
fn told(lines: &str, need: &Need, code: &str) -> Option<String> {
    let zone = zone(lines);
    let sets = wanted(need).unwrap();
    let near = State::of_zone_at(&zone, &Wanted::looked_at(&sets));
    let told = [State::of_zone(&zone), near].map(|state| {
        let (_, told) = planned(&state, need);
        let mut told = told.into_iter();
        told.find(|(it, _)| *it == code).map(|(_, message)| message)
    });
    let [whole, near] = told;
    assert_eq!(whole, near, "{lines}");
    whole
}

#[test]
fn pins_to_which_an_alias_leads_stay_too() {
    let need = need("192.0.2.8");
    let at = |lines: &str| {
        let lines = format!("www 300 A 192.0.2.9\n_443._tcp.www 300 CNAME pins\n{lines}");
        told(&lines, &need, "dns.pins-stay")
    };
    let message = at(&format!("pins 300 TLSA {PIN}\n")).expect("is told");
    assert!(
        message.contains("the pins at _443._tcp.www.example.com stay"),
        "{message}"
    );
    // Where it leads to none there is nothing to refuse.
    assert_eq!(at("pins 300 A 192.0.2.7\n"), None);
}

#[test]
fn the_pins_at_the_port_of_the_service_are_asked_for() {
    let mut need = need("192.0.2.8");
    let state = example::state("www 300 A 192.0.2.9\n");
    let asked = |need: &Need| -> BTreeSet<String> {
        let (made, _) = planned(&state, need);
        let asked = made.usual_pins().into_iter();
        asked.map(|question| question.name.to_string()).collect()
    };
    let eight = "_8443._tcp.www.example.com.";
    assert!(!asked(&need).contains(eight));
    need.port = 8443;
    assert!(asked(&need).contains(eight), "{:?}", asked(&need));
}

#[test]
fn an_https_record_for_a_port_that_leads_to_the_old_place_is_told_of() {
    let mut need = need("192.0.2.8");
    need.port = 8443;
    let at = |data: &str, code: &str| {
        let lines = format!("www 300 A 192.0.2.9\n_8443._https.www 300 HTTPS {data}\n");
        told(&lines, &need, code)
    };
    let (conflict, elsewhere) = ("dns.https-record-conflict", "dns.https-elsewhere");
    let old = "1 www.example.com. ipv4hint=192.0.2.9";
    let message = at(old, conflict).expect("is told");
    assert!(
        message.contains("_8443._https.www.example.com"),
        "{message}"
    );
    assert!(at("1 www.example.com. ipv4hint=192.0.2.8", conflict).is_none());
    // The host is where it has to lead, and its own name is none that has an address.
    assert!(at(old, elsewhere).is_none());
    assert!(at("1 other.example.com. alpn=h2", elsewhere).is_some());
    assert!(at("1 . alpn=h2", elsewhere).is_some());
    // What is planned for is right.
    need.alpn = vec!["h2".to_owned()];
    need.hints = true;
    let lines = format!("www 300 A 192.0.2.9\n_8443._https.www 300 HTTPS {old}\n");
    assert!(told(&lines, &need, conflict).is_none());
    assert!(told(&lines, &need, elsewhere).is_none());
}

#[test]
fn places_behind_the_host_itself_are_where_no_browser_comes_to() {
    let need = need("192.0.2.8");
    let at = |other: u8| {
        let lines = format!(
            "www 300 A 192.0.2.8\nwww 300 HTTPS 2 . alpn=h2\nwww 300 HTTPS {other} backup.example.net. alpn=h2\n"
        );
        told(&lines, &need, "dns.https-elsewhere")
    };
    assert_eq!(at(3), None);
    // Of two with the same priority either comes first.
    assert!(at(2).is_some() && at(1).is_some());
}

#[test]
fn an_https_record_for_a_port_below_a_name_that_becomes_an_alias_is_told_of() {
    let need = need("lb.example.com");
    let at = |hint: &str| {
        let lines = format!(
            "www 300 A 192.0.2.9\nlb 300 CNAME lc\nlc 300 A 192.0.2.8\n_8443._https.www 300 HTTPS 1 www \
             ipv4hint={hint}\n"
        );
        told(&lines, &need, "dns.https-record-conflict")
    };
    assert!(at("192.0.2.9").is_some());
    assert!(at("192.0.2.8").is_none());
}

#[test]
fn what_a_server_says_of_a_port_is_held_against_the_addresses_of_the_host() {
    let need = need("192.0.2.8");
    let sets = wanted(&need).unwrap();
    let question = binding_of_port(&name("www.example.com"), 8443).expect("is asked");
    let codes = |hint: &str| -> Vec<&'static str> {
        let line = format!("www 60 A 192.0.2.8\n_8443._https.www 60 HTTPS 1 www ipv4hint={hint}\n");
        let zone = zone(&line);
        let state = State::of_zone(&zone);
        let own = sets.iter().map(|want| (want.name.clone(), want.kind));
        let asked = own.chain([(question.name.clone(), question.kind)]);
        let said = asked.map(|key| {
            let said = match state.set(&key.0, key.1) {
                Some(set) => Said::Records {
                    set: set.clone(),
                    is_own: true,
                },
                None => Said::Nothing(None),
            };
            (key, said)
        });
        let view = View {
            server: "ns".to_owned(),
            role: Role::Authoritative,
            serial: None,
            said: said.collect(),
            aliases: [].into(),
            ways: [].into(),
            led: [].into(),
        };
        let now = Timestamp::from_seconds(1_795_000_000);
        let found = verify(&sets, &[view], &BTreeMap::new(), now).findings;
        found.iter().map(keyway_dns::zone::Finding::code).collect()
    };
    assert_eq!(codes("192.0.2.9"), ["dns.https-record-conflict"]);
    assert!(codes("192.0.2.8").is_empty());
}

#[test]
fn a_name_that_becomes_an_alias_has_the_https_record_of_another_port() {
    let mut need = need("lb.example.com");
    need.alpn = vec!["h2".to_owned()];
    assert_eq!(need.idle().len(), 1);
    need.port = 8443;
    let sets = wanted(&need).unwrap();
    let https = sets.iter().find(|set| set.kind == Type::HTTPS).unwrap();
    assert_eq!(https.name, name("_8443._https.www.example.com"));
    assert_eq!(https.texts(), ["1 www.example.com. alpn=\"h2\""]);
    assert!(need.idle().is_empty(), "{:?}", need.idle());
    let state = example::state("www 300 A 192.0.2.9\nlb 300 A 192.0.2.8\n");
    let (made, told) = planned(&state, &need);
    assert!(
        told.iter().all(|(code, _)| !code.starts_with("dns.https")),
        "{told:?}"
    );
    let mut after = state.clone();
    made.steps.iter().for_each(|step| after.apply(step));
    let (again, _) = planned(&after, &need);
    assert!(again.is_empty(), "{again:?}");
}

#[test]
fn a_plan_keeps_the_port_of_the_service() {
    let mut need = need("192.0.2.8");
    let state = example::state("www 300 A 192.0.2.9\n");
    let (usual, _) = planned(&state, &need);
    let usual = serde_json::to_string(&PlanFile::of(&usual)).unwrap();
    assert!(!usual.contains("port"), "{usual}");
    need.port = 8443;
    let (made, _) = planned(&state, &need);
    let text = serde_json::to_string(&PlanFile::of(&made)).unwrap();
    assert_eq!(PlanFile::read(text.as_bytes()), Ok(made));
    let other = text.replace("8443", "9443");
    assert_eq!(PlanFile::read(other.as_bytes()), Err(FileError::Changed));
}

#[test]
fn the_https_record_of_a_port_comes_when_no_cache_leads_to_the_old_place_by_an_alias() {
    let mut need = need("192.0.2.8");
    need.alpn = vec!["h2".to_owned()];
    let waits = |need: &Need| -> Vec<(u32, bool)> {
        let state = example::state("www 300 CNAME lb\nlb 300 A 192.0.2.9\n");
        let (made, _) = planned(&state, need);
        let steps = made.steps.iter().map(|step| {
            let mut changes = step.changes.iter();
            let has_https = changes.any(|change| change.kind == Type::HTTPS);
            (step.wait, has_https)
        });
        steps.collect()
    };
    // What caches have of an alias hides what stands at the name itself.
    assert_eq!(waits(&need), [(0, true)]);
    need.port = 8443;
    assert_eq!(waits(&need), [(0, false), (300, true)]);
}
