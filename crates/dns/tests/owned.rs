//! What stays of others in sets that several share, and what comes late as it does not hold at the old place.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

use keyway_dns::message::update;
use keyway_dns::name::Name;
use keyway_dns::plan::{Plan, State, foreseen, plan};
use keyway_dns::rdata::Type;
use keyway_dns::render::{Form, render};
use keyway_dns::wanted::{Endpoint, Issuer, Need, Pin, Standing, Wanted, wanted};
use keyway_dns::zone::{ReadOptions, read};
use keyway_report::Finding as Found;

const HOST: &str = "www.example.com";
const PIN: &str = "_443._tcp.www.example.com";

fn name(text: &str) -> Name {
    Name::read(text).unwrap()
}

fn state(lines: &str) -> State {
    let text = format!("@ 300 SOA ns a 1 2 3 4 5\n@ 300 NS ns\nns 300 A 192.0.2.5\n{lines}");
    let read = read(text.as_bytes(), "example.com", &ReadOptions::default()).unwrap();
    assert!(read.faults.is_empty(), "{:?}", read.faults);
    State::of_zone(&read.zone)
}

/// A host at this address, by Let's Encrypt for the account `a/1`.
fn need(address: &str) -> Need {
    let endpoint = Endpoint::Addresses(vec![address.parse().unwrap()]);
    Need {
        issuers: vec![Issuer {
            domain: "letsencrypt.org".to_owned(),
            account: Some("https://a/1".to_owned()),
            methods: Vec::new(),
        }],
        standing: Some(Standing { until: None }),
        ..Need::new(vec![name(HOST)], endpoint, 300)
    }
}

fn pinned(address: &str, key: u8) -> Need {
    let pin = Pin {
        port: 443,
        spki_sha256: [key; 32],
    };
    Need {
        pins: vec![pin],
        issuers: Vec::new(),
        standing: None,
        ..need(address)
    }
}

fn made(wanted: &[Wanted], state: &State) -> Plan {
    plan(&name("example.com"), state, wanted, 100).unwrap()
}

/// The records of a name when the plan is carried out.
fn left(plan: &Plan, state: &State, at: &str, kind: Type) -> Vec<String> {
    let mut state = state.clone();
    for step in &plan.steps {
        state.apply(step);
    }
    let set = state.set(&name(at), kind);
    set.map(|set| set.texts(kind)).unwrap_or_default()
}

fn codes(plan: &Plan, state: &State, wanted: &[Wanted]) -> Vec<&'static str> {
    let findings = foreseen(plan, state, wanted, "");
    findings.iter().map(Found::code).collect()
}

#[test]
fn what_another_account_may_do_at_the_same_ca_stays_and_is_told() {
    let state = state(
        "www 300 A 192.0.2.1\n\
         www 300 CAA 0 issue \"letsencrypt.org; accounturi=https://o/1\"\n\
         www 300 CAA 0 issue \"letsencrypt.org; accounturi=https://a/1; validationmethods=http-01\"\n\
         _validation-persist.www 300 TXT \"letsencrypt.org; accounturi=https://o/1; policy=wildcard\"\n\
         _validation-persist.www 300 TXT \"letsencrypt.org; accounturi=https://a/1; persistUntil=1\"\n\
         _validation-persist.www 300 TXT \"LetsEncrypt.org; accou\" \"nturi=https://p/1\"\n",
    );
    let mut want = wanted(&need("192.0.2.1")).unwrap();
    let plan = made(&want, &state);
    let caa = [
        "0 issue \"letsencrypt.org; accounturi=https://a/1\"",
        "0 issue \"letsencrypt.org; accounturi=https://o/1\"",
    ];
    assert_eq!(left(&plan, &state, HOST, Type::CAA), caa);
    let persist = "_validation-persist.www.example.com";
    let txt = left(&plan, &state, persist, Type::TXT);
    assert_eq!(txt.len(), 3, "{txt:?}");
    assert!(txt.contains(&"\"letsencrypt.org; accounturi=https://a/1\"".to_owned()));
    assert!(txt.contains(&"\"LetsEncrypt.org; accou\" \"nturi=https://p/1\"".to_owned()));
    assert_eq!(codes(&plan, &state, &want), ["dns.others-stay"; 2]);
    // Only who says so is rid of them.
    Wanted::replace_others(&mut want);
    let plan = made(&want, &state);
    assert_eq!(left(&plan, &state, HOST, Type::CAA), caa[..1]);
    assert_eq!(left(&plan, &state, persist, Type::TXT).len(), 1);
    assert!(codes(&plan, &state, &want).is_empty());
}

#[test]
fn a_record_of_a_ca_that_names_no_account_is_the_services_own() {
    let state = state("www 300 A 192.0.2.1\nwww 300 CAA 0 issue \"letsencrypt.org\"\n");
    let want = wanted(&need("192.0.2.1")).unwrap();
    let plan = made(&want, &state);
    let caa = ["0 issue \"letsencrypt.org; accounturi=https://a/1\""];
    assert_eq!(left(&plan, &state, HOST, Type::CAA), caa);
    assert!(codes(&plan, &state, &want).is_empty());
}

#[test]
fn pins_of_another_kind_stay_and_are_told_and_old_keys_go() {
    let pin = |data: &str| format!("_443._tcp.www 300 TLSA {data}\n");
    let (ca, old) = ("AA".repeat(32), "0B".repeat(32));
    let state = state(&format!(
        "www 300 A 192.0.2.1\n{}{}",
        pin(&format!("2 1 1 {ca}")),
        pin(&format!("3 1 1 {old}"))
    ));
    let mut want = wanted(&pinned("192.0.2.1", 1)).unwrap();
    let plan = made(&want, &state);
    let new = format!("3 1 1 {}", "01".repeat(32));
    let both = [format!("2 1 1 {ca}"), new.clone()];
    assert_eq!(left(&plan, &state, PIN, Type::TLSA), both);
    let told = ["dns.unknown-pin-goes", "dns.others-stay"];
    assert_eq!(codes(&plan, &state, &want), told);
    // Neither what was planned nor what stands is missed, nor is what has gone.
    let pins = |wanted: Vec<Wanted>| {
        let mut sets = wanted.into_iter();
        sets.find(|want| want.kind == Type::TLSA).unwrap()
    };
    let mut stands = state.clone();
    plan.steps.iter().for_each(|step| stands.apply(step));
    let stands = stands.set(&name(PIN), Type::TLSA).unwrap();
    assert!(pins(Wanted::of_plan(&plan)).is_met(stands));
    Wanted::replace_others(&mut want);
    let plan = made(&want, &state);
    assert_eq!(left(&plan, &state, PIN, Type::TLSA), [new]);
    let told = ["dns.foreign-pin-goes", "dns.unknown-pin-goes"];
    assert_eq!(codes(&plan, &state, &want), told);
    assert!(!pins(Wanted::of_plan(&plan)).is_met(stands));
}

/// The steps that a set is changed in, each with the wait before it.
fn steps_of(plan: &Plan, at: &str, kind: Type) -> Vec<(usize, u32)> {
    let steps = plan.steps.iter().enumerate();
    let own = steps.filter(|(_, step)| {
        let mut changes = step.changes.iter();
        changes.any(|change| (&change.name, change.kind) == (&name(at), kind))
    });
    own.map(|(number, step)| (number, step.wait)).collect()
}

#[test]
fn the_first_pins_of_a_name_that_moves_come_when_no_cache_leads_to_the_old_place() {
    let mut old = state("www 900 A 192.0.2.1\n");
    let new = wanted(&pinned("192.0.2.2", 1)).unwrap();
    for _ in 0..2 {
        let plan = made(&new, &old);
        assert_eq!(steps_of(&plan, HOST, Type::A), [(0, 0)]);
        assert_eq!(steps_of(&plan, PIN, Type::TLSA), [(1, 900)]);
        // Who knows that all has stood for long waits for what the move leaves in caches all the same.
        old.has_stood();
    }
    // What a wildcard gave counts as what the name had.
    let given = state("* 900 A 192.0.2.1\n");
    let plan = made(&new, &given);
    assert_eq!(steps_of(&plan, PIN, Type::TLSA), [(1, 900)]);
    // A name of two kinds of addresses keeps the old one for a while, which counts, too.
    let six = wanted(&pinned("2001:db8::2", 1)).unwrap();
    let plan = made(&six, &old);
    let last = steps_of(&plan, HOST, Type::A).pop().unwrap().0;
    assert_eq!(steps_of(&plan, PIN, Type::TLSA), [(last + 1, 900)]);
    // Where it is already, or leads nowhere, or has pins, there is nothing to wait for.
    let plan = made(&wanted(&pinned("192.0.2.1", 1)).unwrap(), &old);
    assert_eq!(steps_of(&plan, PIN, Type::TLSA), [(0, 0)]);
    let plan = made(&new, &state(""));
    assert_eq!(steps_of(&plan, PIN, Type::TLSA), [(0, 0)]);
    let pin = format!("_443._tcp.www 300 TLSA 3 1 1 {}\n", "0B".repeat(32));
    let plan = made(&new, &state(&format!("www 900 A 192.0.2.1\n{pin}")));
    assert_eq!(steps_of(&plan, PIN, Type::TLSA)[0], (0, 0));
}

#[test]
fn the_first_https_record_of_a_name_that_moves_comes_when_no_cache_leads_to_the_old_place() {
    let mut need = pinned("192.0.2.2", 1);
    need.pins.clear();
    need.alpn = vec!["h2".to_owned()];
    let want = wanted(&need).unwrap();
    let plan = made(&want, &state("www 900 A 192.0.2.1\n"));
    assert_eq!(steps_of(&plan, HOST, Type::HTTPS), [(1, 900)]);
    let plan = made(
        &want,
        &state("www 900 A 192.0.2.1\nwww 60 HTTPS 1 . alpn=h3\n"),
    );
    assert_eq!(steps_of(&plan, HOST, Type::HTTPS), [(0, 0)]);
    // What an alias led to may have said so before.
    let plan = made(&want, &state("www 900 CNAME lb.example.net.\n"));
    assert_eq!(steps_of(&plan, HOST, Type::HTTPS), [(0, 0)]);
}

#[test]
fn a_set_that_gets_another_ttl_is_written_anew_as_servers_may_leave_a_record_that_is_there() {
    let state = state("www 900 A 192.0.2.1\n");
    let mut need = pinned("192.0.2.1", 1);
    need.pins.clear();
    let plan = made(&wanted(&need).unwrap(), &state);
    let text = render(&plan, &state, Form::Nsupdate);
    let text: String = text.parts.iter().map(|part| part.text.as_str()).collect();
    let lines: Vec<&str> = text.lines().filter(|it| it.starts_with("update")).collect();
    let anew = [
        "update delete www.example.com. IN A",
        "update add www.example.com. 300 IN A 192.0.2.1",
    ];
    assert_eq!(lines, anew);
    // The same in a message: a record of the class ANY without data (RFC 2136, section 2.5.2).
    let message = update(1, &plan, 0).unwrap();
    let whole = [&b"\x00\x01\x00\xff"[..], &[0; 6]].concat();
    let has = |part: &[u8]| message.windows(part.len()).any(|bytes| bytes == part);
    assert!(has(&whole), "{message:?}");
}

#[test]
fn a_signed_zone_is_remembered_to_have_nothing_for_as_long_as_its_soa_record_says_whatever_its_ttl()
{
    let zone = |more: &str| {
        let text = format!(
            "@ 5 SOA ns a 1 2 3 4 900\n@ 300 NS ns\nns 300 A 192.0.2.5\nwww 5 A 192.0.2.1\n{more}"
        );
        let read = read(text.as_bytes(), "example.com", &ReadOptions::default()).unwrap();
        State::of_zone(&read.zone)
    };
    let mut need = pinned("2001:db8::1", 1);
    need.pins.clear();
    let want = wanted(&need).unwrap();
    let last = |state: &State| made(&want, state).steps.last().unwrap().wait;
    assert_eq!(last(&zone("")), 5);
    assert_eq!(last(&zone("@ 300 DNSKEY 257 3 13 AAAA\n")), 900);
}
