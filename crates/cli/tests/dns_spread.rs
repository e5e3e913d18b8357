//! Plans are carried out and looked for where a server of the zone is behind: real name servers.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod name_servers;
mod stage;

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;

use name_servers::NameServer;
use serde_json::Value;
use stage::{Run, Stage};

const OLD: &str =
    "_443._tcp.www 2 TLSA 3 1 1 aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00\n";

const ZONE: &str = "$ORIGIN example.com.
$TTL 300
@ SOA ns1 admin 1 3600 600 86400 120
@ NS ns1
@ NS ns2
ns1 A 127.0.0.1
ns2 A 127.0.0.1
www 60 A 192.0.2.1
six 60 A 192.0.2.1
";

const PINNED: &str = "--host www.example.com --endpoint 192.0.2.1 --ttl 60 --tlsa fullchain.pem";

fn primary() -> NameServer {
    NameServer::bind(&format!("{ZONE}{OLD}"), &["hmac-sha256"])
}

/// A plan by the primary server alone: that is what is planned against.
fn plan(stage: &Stage, server: &NameServer, need: &str) {
    let made = stage.run(&format!(
        "dns plan {need} --server {} --out plan.json",
        server.address()
    ));
    assert_eq!(made.code, Some(0), "{made:?}");
}

/// Who asks the server as a resolver, too, is told what the zone above says.
fn asked(server: &NameServer) -> String {
    format!("--resolver {} --port {}", server.address(), server.port)
}

fn apply(stage: &Stage, server: &NameServer, other: Option<&NameServer>, more: &str) -> Run {
    let more = format!("{} {more}", asked(server));
    apply_alone(stage, server, other, &more)
}

fn apply_alone(stage: &Stage, server: &NameServer, other: Option<&NameServer>, more: &str) -> Run {
    let other = other.map(|other| format!("--server {}", other.address()));
    let key = server.path("hmac-sha256.key");
    stage.run(&format!(
        "dns apply --plan plan.json --server {} {} --tsig {} {more}",
        server.address(),
        other.unwrap_or_default(),
        key.display()
    ))
}

fn verify(stage: &Stage, server: &NameServer, other: &NameServer, more: &str) -> Run {
    stage.run(&format!(
        "dns verify --plan plan.json --server {} --server {} {} {more}",
        server.address(),
        other.address(),
        asked(server)
    ))
}

fn pins(server: &NameServer) -> usize {
    let pins = server.dig("_443._tcp.www.example.com", "TLSA");
    pins.matches("3 1 1").count()
}

/// Another server of the zone, that has by now what the primary one has.
fn caught_up(server: &NameServer) -> NameServer {
    let pins = server.dig("_443._tcp.www.example.com", "TLSA");
    let pins = pins.replace("3 1 1", "\n_443._tcp.www 60 TLSA 3 1 1");
    let six = server.dig("six.example.com", "AAAA");
    let six = if six.is_empty() {
        String::new()
    } else {
        format!("six 60 AAAA {six}\n")
    };
    NameServer::nsd(&format!("{ZONE}{six}{pins}\n"))
}

fn step(run: &Run, number: usize) -> Value {
    let answer: Value = serde_json::from_str(&run.stdout).unwrap();
    answer["steps"][number - 1].clone()
}

#[test]
fn pins_stay_while_a_server_of_the_zone_has_only_the_old_ones() {
    let server = primary();
    let behind = NameServer::nsd(&format!("{ZONE}{OLD}"));
    let stage = Stage::new();
    plan(&stage, &server, PINNED);
    let first = apply(
        &stage,
        &server,
        Some(&behind),
        "--key-switched --format json",
    );
    assert_eq!(first.code, Some(1), "{first:?}");
    let later = step(&first, 2);
    let names = later["behind"].as_array().unwrap();
    assert_eq!(names.len(), 1, "{later}");
    let text = names[0].as_str().unwrap();
    assert!(text.contains(&behind.port.to_string()), "{text}");
    assert!(later["not_before"].is_null(), "{later}");
    // The old TTL passes, and changes nothing.
    thread::sleep(std::time::Duration::from_secs(3));
    let again = apply(&stage, &server, Some(&behind), "--key-switched");
    assert_eq!((again.code, pins(&server)), (Some(1), 2), "{again:?}");
    assert!(again.stdout.contains("Not known to have it"), "{again:?}");
    // The time begins when the last of them has it.
    let newer = caught_up(&server);
    let seen = apply(
        &stage,
        &server,
        Some(&newer),
        "--key-switched --format json",
    );
    assert!(step(&seen, 2)["not_before"].is_string(), "{seen:?}");
    assert_eq!(pins(&server), 2);
    let whole = apply(&stage, &server, Some(&newer), "--key-switched --wait");
    assert_eq!((whole.code, pins(&server)), (Some(0), 1), "{whole:?}");
}

#[test]
fn a_plan_made_anew_waits_for_what_the_one_before_would_have_waited_for() {
    let server = primary();
    let stage = Stage::new();
    let need = "--host six.example.com --endpoint 2001:db8::1 --ttl 60";
    plan(&stage, &server, need);
    assert_eq!(apply(&stage, &server, None, "").code, Some(1));
    plan(&stage, &server, need);
    let text = std::fs::read_to_string(stage.path().join("plan.json")).unwrap();
    let made: Value = serde_json::from_str(&text).unwrap();
    // Caches may know that there are no IPv6 addresses.
    assert_eq!(made["steps"][0]["wait"], 120, "{text}");
    let stopped = apply(&stage, &server, None, "--format json");
    assert_eq!(stopped.code, Some(1), "{stopped:?}");
    assert!(step(&stopped, 1)["not_before"].is_string(), "{stopped:?}");
    assert_eq!(server.dig("six.example.com", "A"), "192.0.2.1");
}

#[test]
fn no_end_is_told_while_a_server_still_gives_what_was_there_before() {
    let server = primary();
    let behind = NameServer::nsd(&format!("{ZONE}{OLD}"));
    let stage = Stage::new();
    plan(
        &stage,
        &server,
        "--host six.example.com --endpoint 192.0.2.1 --endpoint 2001:db8::1 --ttl 60",
    );
    assert_eq!(apply(&stage, &server, None, "").code, Some(0));
    let at = "--at 2026-11-23T12:00:00Z";
    let seen = verify(&stage, &server, &behind, &format!("{at} --format json"));
    let answer: Value = serde_json::from_str(&seen.stdout).unwrap();
    assert_eq!(answer["released"], Value::Null, "{answer}");
    assert_eq!(answer["release_open"], true, "{answer}");
    let text = verify(&stage, &server, &behind, at).stdout;
    assert!(text.contains("Nobody can say yet until when"), "{text}");
    assert!(!text.contains("and no longer"), "{text}");
    // From when the last of them has it: here nobody has an address of that kind, for as long as the zone says.
    let newer = caught_up(&server);
    let seen = verify(&stage, &server, &newer, at);
    assert_eq!(seen.code, Some(0), "{seen:?}");
    assert!(
        seen.stdout
            .contains("until 2026-11-23T12:02:00Z; longer only"),
        "{}",
        seen.stdout
    );
    // What was noted is taken back by a look that finds a server without it.
    let noted = |other: &NameServer| {
        verify(&stage, &server, other, "");
        let noted = std::fs::read_to_string(stage.path().join("plan.json.applied")).unwrap();
        let noted: Value = serde_json::from_str(&noted).unwrap();
        noted["everywhere"].is_array()
    };
    assert!(noted(&newer));
    assert!(!noted(&behind));
}

#[test]
fn the_ttl_of_what_is_older_than_the_plan_counts_from_when_all_have_gone_on() {
    let server = primary();
    let before = ZONE.replace("six 60 A 192.0.2.1", "six 86400 A 192.0.2.9");
    let behind = NameServer::nsd(&format!("{before}{OLD}"));
    let stage = Stage::new();
    let need = "--host six.example.com --endpoint 192.0.2.2 --ttl 60";
    plan(&stage, &server, need);
    assert_eq!(apply(&stage, &server, None, "").code, Some(0));
    // A look at another moment than now is not noted.
    assert_eq!(verify(&stage, &server, &behind, "").code, Some(1));
    let after = ZONE.replace("six 60 A 192.0.2.1", "six 60 A 192.0.2.2");
    let newer = NameServer::nsd(&format!("{after}{OLD}"));
    let at = "--at 2026-11-23T12:00:00Z";
    let seen = verify(&stage, &server, &newer, &format!("{at} --format json"));
    let answer: Value = serde_json::from_str(&seen.stdout).unwrap();
    assert_eq!(answer["released"], "2026-11-24T12:00:00Z", "{answer}");
}

#[test]
fn the_time_of_a_later_step_does_not_move_with_every_look() {
    let server = primary();
    let stage = Stage::new();
    plan(&stage, &server, PINNED);
    assert_eq!(apply(&stage, &server, None, "").code, Some(1));
    // Nobody knows any more when the first step was made.
    std::fs::remove_file(stage.path().join("plan.json.applied")).unwrap();
    let due = |run: &Run| step(run, 2)["not_before"].as_str().map(str::to_owned);
    let first = due(&apply(&stage, &server, None, "--format json")).unwrap();
    thread::sleep(std::time::Duration::from_secs(1));
    let second = due(&apply(&stage, &server, None, "--format json"));
    assert!(second.is_none_or(|second| second == first));
    thread::sleep(std::time::Duration::from_secs(2));
    let whole = apply(&stage, &server, None, "--key-switched");
    assert_eq!((whole.code, pins(&server)), (Some(0), 1), "{whole:?}");
}

/// A zone with a server that nobody named, and that is behind.
fn primary_of_two() -> (NameServer, NameServer) {
    let zone = ZONE.replace("ns2 A 127.0.0.1", "ns2 A 127.0.0.2");
    let server = NameServer::bind(&format!("{zone}{OLD}"), &["hmac-sha256"]);
    let behind = NameServer::nsd_at(&format!("{zone}{OLD}"), "127.0.0.2", server.port);
    (server, behind)
}

#[test]
fn what_one_server_has_is_not_noted_for_all_of_the_zone() {
    let (server, _behind) = primary_of_two();
    let stage = Stage::new();
    plan(&stage, &server, PINNED);
    assert_eq!(apply(&stage, &server, None, "").code, Some(1));
    let seen = stage.run(&format!(
        "dns verify --plan plan.json --server {} --format json",
        server.address()
    ));
    let answer: Value = serde_json::from_str(&seen.stdout).unwrap();
    assert_eq!(answer["released"], Value::Null, "{answer}");
    assert_eq!(answer["release_open"], true, "{answer}");
    let noted = std::fs::read_to_string(stage.path().join("plan.json.applied")).unwrap();
    let noted: Value = serde_json::from_str(&noted).unwrap();
    assert!(noted["everywhere"].is_null(), "{noted}");
}

#[test]
fn pins_stay_while_a_server_that_nobody_named_has_only_the_old_ones() {
    let (server, _behind) = primary_of_two();
    let stage = Stage::new();
    plan(&stage, &server, PINNED);
    let more = "--no-other-servers --key-switched --format json";
    let more = format!("--port {} {more}", server.port);
    for _ in 0..2 {
        let run = apply_alone(&stage, &server, None, &more);
        assert_eq!((run.code, pins(&server)), (Some(1), 2), "{run:?}");
        let names = step(&run, 2)["behind"].to_string();
        assert!(names.contains("127.0.0.2"), "{names}");
        thread::sleep(std::time::Duration::from_secs(3));
    }
}

#[test]
fn pins_stay_where_nobody_says_which_servers_the_zone_has() {
    let zone = ZONE.replace("@ NS ns2", "@ NS ns2.elsewhere.invalid.");
    let server = NameServer::bind(&format!("{zone}{OLD}"), &["hmac-sha256"]);
    let stage = Stage::new();
    plan(&stage, &server, PINNED);
    assert_eq!(apply(&stage, &server, None, "").code, Some(1));
    thread::sleep(std::time::Duration::from_secs(3));
    let run = apply(&stage, &server, None, "--key-switched");
    assert_eq!((run.code, pins(&server)), (Some(1), 2), "{run:?}");
    assert!(run.stdout.contains("ns2.elsewhere.invalid."), "{run:?}");
}

#[test]
fn pins_stay_where_nobody_asked_the_zone_above_unless_somebody_says_that_it_names_no_others() {
    let server = primary();
    let stage = Stage::new();
    plan(&stage, &server, PINNED);
    let more = "--wait --key-switched";
    let open = apply_alone(&stage, &server, None, more);
    assert_eq!((open.code, pins(&server)), (Some(1), 2), "{open:?}");
    for words in ["zone above", "--resolver", "--no-other-servers"] {
        assert!(open.stdout.contains(words), "{words}: {}", open.stdout);
    }
    let told = apply_alone(&stage, &server, None, &format!("{more} --no-other-servers"));
    assert_eq!((told.code, pins(&server)), (Some(0), 1), "{told:?}");
}

/// Hands questions over TCP on to a server, and keeps the answer to every update for itself.
fn keeps_answers(server: &NameServer) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let port = server.port;
    let datagrams = std::net::UdpSocket::bind(address).unwrap();
    thread::spawn(move || {
        let onward = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
        let mut bytes = [0; 4096];
        while let Ok((length, from)) = datagrams.recv_from(&mut bytes) {
            onward
                .send_to(&bytes[..length], ("127.0.0.1", port))
                .unwrap();
            let length = onward.recv(&mut bytes).unwrap();
            datagrams.send_to(&bytes[..length], from).unwrap();
        }
    });
    thread::spawn(move || {
        for client in listener.incoming() {
            let mut client = client.unwrap();
            let mut onward = TcpStream::connect(("127.0.0.1", port)).unwrap();
            let mut length = [0; 2];
            client.read_exact(&mut length).unwrap();
            let mut message = vec![0; usize::from(u16::from_be_bytes(length))];
            client.read_exact(&mut message).unwrap();
            onward.write_all(&[&length[..], &message].concat()).unwrap();
            // The server has made it when it answers.
            onward.read_exact(&mut length).unwrap();
        }
    });
    address.to_string()
}

#[test]
fn an_answer_that_is_lost_is_said_to_leave_open_what_was_done() {
    let server = primary();
    let stage = Stage::new();
    plan(&stage, &server, PINNED);
    let key = server.path("hmac-sha256.key");
    let lost = stage.run(&format!(
        "dns apply --plan plan.json --server {} --tsig {}",
        keeps_answers(&server),
        key.display()
    ));
    assert_eq!(lost.code, Some(2), "{lost:?}");
    assert!(
        lost.stderr
            .contains("the change may have been made all the same"),
        "{}",
        lost.stderr
    );
    assert_eq!(pins(&server), 2);
    let found = apply(&stage, &server, None, "--format json");
    assert_eq!(step(&found, 1)["outcome"], "stood", "{found:?}");
    assert!(step(&found, 2)["not_before"].is_string(), "{found:?}");
}

#[test]
fn servers_that_a_resolver_finds_are_asked_beside_the_one_that_takes_updates() {
    let (server, _behind) = primary_of_two();
    let resolver = NameServer::unbound(&server);
    let stage = Stage::new();
    plan(&stage, &server, PINNED);
    let more = format!(
        "--resolver {} --port {} --key-switched --format json",
        resolver.address(),
        server.port
    );
    let first = apply_alone(&stage, &server, None, &more);
    assert_eq!((first.code, pins(&server)), (Some(1), 2), "{first:?}");
    let names = step(&first, 2)["behind"].to_string();
    assert!(names.contains("127.0.0.2"), "{names}");
}

#[test]
fn what_is_waited_for_ends_at_a_deadline_and_the_way_out_is_told() {
    let server = primary();
    let behind = NameServer::nsd(&format!("{ZONE}{OLD}"));
    let stage = Stage::new();
    plan(&stage, &server, PINNED);
    let began = std::time::Instant::now();
    let wait = "--key-switched --wait --deadline 3";
    let ended = apply(&stage, &server, Some(&behind), wait);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(began.elapsed().as_secs() < 30, "{ended:?}");
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let told = words(&ended.stdout);
    assert!(
        told.contains(
            "out of service for good is waited for as long as an NS record names it: take it out"
        ),
        "{told}"
    );
    assert_eq!(
        ended.stderr.matches("waiting until").count(),
        1,
        "{ended:?}"
    );
    // Nor is a time waited for that is later.
    let long = "--host six.example.com --endpoint 2001:db8::1 --ttl 60";
    plan(&stage, &server, long);
    assert_eq!(apply(&stage, &server, None, "").code, Some(1));
    let newer = caught_up(&server);
    let ended = apply(&stage, &server, Some(&newer), "--wait --deadline 1");
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.stdout.contains("not before"), "{ended:?}");
}
