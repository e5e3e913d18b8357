//! Pins that go, those that stay where a name moves, and the ports that records are for.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod example;

use keyway_dns::name::Name;
use keyway_dns::plan::{Older, Plan, State, advice, foreseen, plan};
use keyway_dns::rdata::Type;
use keyway_dns::wanted::{Endpoint, Need, Pin, Wanted, wanted};
use keyway_dns::zone::{ReadOptions, read};
use keyway_report::Kind as _;

use example::{name, need, state};

const OLD: &str = "3 1 1 aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00";

/// The codes and messages of what is told of a plan for a zone with these lines.
fn told(lines: &str, need: &Need) -> Vec<(&'static str, String)> {
    let text = format!("@ 300 SOA ns a 1 2 3 4 60\n@ 300 NS ns\nns 300 A 192.0.2.1\n{lines}");
    let read = read(text.as_bytes(), "example.com", &ReadOptions::default()).expect("reads");
    let sets = wanted(need).expect("fits");
    let state = State::of_zone_at(&read.zone, &Wanted::looked_at(&sets));
    let zone = Name::read("example.com").expect("a name");
    let made: Plan = plan(&zone, &state, &sets, 100).expect("leads there");
    let findings = foreseen(&made, &state, &sets, "");
    findings
        .iter()
        .map(|it| (it.code(), it.kind.message()))
        .collect()
}

fn is_told<'t>(told: &'t [(&'static str, String)], code: &str) -> Option<&'t str> {
    let mut told = told.iter();
    told.find(|(it, _)| *it == code)
        .map(|(_, message)| &**message)
}

#[test]
fn a_name_that_moves_without_its_pins_is_told_of() {
    let lines = format!(
        "www 300 A 192.0.2.9\n_443._tcp.www 300 TLSA {OLD}\n_25._tcp.www 300 TLSA {OLD}\n_25._tcp.other 300 TLSA {OLD}\n"
    );
    let mut need = need("192.0.2.8");
    let all = told(&lines, &need);
    let message = is_told(&all, "dns.pins-stay").expect("is told");
    assert!(
        message.contains("_25._tcp.www.example.com, _443._tcp.www.example.com stay"),
        "{message}"
    );
    assert!(!message.contains("other"), "{message}");
    // Of what somebody pins, no more is to be told.
    need.pins = vec![Pin {
        port: 443,
        spki_sha256: [7; 32],
    }];
    let all = told(&lines, &need);
    let message = is_told(&all, "dns.pins-stay").expect("is told");
    assert!(!message.contains("_443"), "{message}");
    let gone = is_told(&all, "dns.unknown-pin-goes").expect("is told");
    assert!(gone.contains("AA00AA00"), "{gone}");
    // Nor of a name that stays where it is.
    let stays = lines.replace("192.0.2.9", "192.0.2.8");
    need.pins.clear();
    assert_eq!(is_told(&told(&stays, &need), "dns.pins-stay"), None);
}

#[test]
fn the_records_of_a_service_at_another_port_are_at_the_names_for_that_port() {
    let mut need = need("192.0.2.8");
    need.port = 8443;
    need.alpn = vec!["h2".to_owned()];
    let sets = wanted(&need).expect("fits");
    let lines: Vec<String> = sets
        .iter()
        .flat_map(|set| {
            let texts = set.texts().into_iter();
            texts.map(move |text| format!("{} {} {text}", set.name, set.kind))
        })
        .collect();
    let https = "_8443._https.www.example.com. HTTPS 1 www.example.com. alpn=\"h2\"".to_owned();
    assert!(lines.contains(&https), "{lines:#?}");
    assert!(
        !lines
            .iter()
            .any(|line| line.starts_with("www.example.com. HTTPS"))
    );
    need.hosts = vec![Name::read("*.example.com").expect("a name")];
    assert!(need.idle()[0].to_string().contains("port 8443"));
    let sets = wanted(&need).expect("fits");
    assert!(
        sets.iter()
            .all(|set| !set.name.to_string().contains("_https"))
    );
}

#[test]
fn another_ttl_of_the_same_pins_waits_for_nothing_and_the_move_after_that_is_told_of_the_old_one() {
    let key = "07".repeat(32);
    let lines = format!("www 86400 A 192.0.2.8\n_443._tcp.www 86400 TLSA 3 1 1 {key}\n");
    let mut need = need("192.0.2.8");
    need.ttl = 5;
    need.pins = vec![Pin {
        port: 443,
        spki_sha256: [7; 32],
    }];
    let wanted_now = wanted(&need).expect("fits");
    let lowered = plan(&name("example.com"), &state(&lines), &wanted_now, 100).expect("a plan");
    assert!(
        lowered
            .steps
            .iter()
            .all(|step| step.wait == 0 && !step.takes_pins())
    );
    // Caches keep what it was, and nobody sees that in the zone any more.
    let mut later = state(&lines.replace("86400", "5"));
    let older = Older {
        seconds: 80_000,
        elsewhere: 0,
    };
    let host = name("www.example.com");
    later.remembered([((host, Type::A), older)].into());
    need.endpoint = Endpoint::Addresses(vec!["192.0.2.9".parse().expect("an address")]);
    let sets = wanted(&need).expect("fits");
    let moved = plan(&name("example.com"), &later, &sets, 100).expect("a plan");
    let told = advice(&moved, &later);
    let told = told
        .iter()
        .find(|it| it.code() == "dns.ttl-too-long-for-change");
    let message = told.expect("is told").kind.message();
    assert!(message.contains("80000 seconds"), "{message}");
}
