//! Somebody else changes the zone between the last look of `keyway dns apply` and its update, or just after that.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod name_servers;
mod stage;

use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use name_servers::NameServer;
use name_servers::between::{Between, between, handed_on};
use stage::{Run, Stage};

const ZONE: &str = "$ORIGIN example.com.
$TTL 300
@ SOA ns1 admin 1 3600 600 86400 2
@ NS ns1
ns1 A 127.0.0.1
www A 192.0.2.1
both A 192.0.2.1
both AAAA 2001:db8::7
stays A 192.0.2.7
*.wild A 192.0.2.3
";

/// A server in front of another one, at which an update stops until somebody lets it go on.
struct Stopping {
    front: Between,
    stopped: Receiver<()>,
    go_on: Sender<()>,
}

/// Stops at the update, before it is handed on or after.
fn stopping(server: &NameServer, is_done: bool) -> Stopping {
    let (stops, stopped) = channel();
    let (go_on, goes_on) = channel();
    let port = server.port;
    let front = between(port, move |message| {
        let answer = is_done.then(|| handed_on(port, message));
        stops.send(()).unwrap();
        goes_on.recv().unwrap();
        answer
    });
    Stopping {
        front,
        stopped,
        go_on,
    }
}

fn plan(stage: &Stage, server: &NameServer, need: &str) {
    let made = stage.run(&format!(
        "dns plan {need} --ttl 2 --server {} --settled --out plan.json",
        server.address()
    ));
    assert_eq!(made.code, Some(0), "{made:?}");
}

fn apply(stage: &Stage, server: &NameServer, at: &str) -> Run {
    stage.run(&format!(
        "dns apply --plan plan.json --server {at} --tsig {} --no-other-servers",
        server.path("hmac-sha256.key").display()
    ))
}

/// Carries out a plan, while somebody else makes a change at the last moment before its update, or the first one after it.
fn raced(stage: &Stage, server: &NameServer, change: &str, is_done: bool) -> Run {
    let Stopping {
        front,
        stopped,
        go_on,
    } = stopping(server, is_done);
    thread::scope(|scope| {
        let run = scope.spawn(|| apply(stage, server, &front.address));
        stopped.recv().unwrap();
        server.update("hmac-sha256", change);
        go_on.send(()).unwrap();
        run.join().unwrap()
    })
}

#[test]
fn a_host_is_not_moved_that_others_lead_elsewhere_or_take_out_of_the_zone_meanwhile() {
    for (host, change, told) in [
        (
            "www",
            "update add www.example.com 300 AAAA 2001:db8::66",
            "www.example.com. AAAA: expected nothing, seen 2001:db8::66",
        ),
        (
            "a.sub",
            "update add sub.example.com 300 NS ns1.example.com.",
            "YXRRSET",
        ),
        (
            "a.sub",
            "update add sub.example.com 300 DNAME other.example.net.",
            "sub.example.com. DNAME",
        ),
    ] {
        let server = NameServer::bind(ZONE, &["hmac-sha256"]);
        let stage = Stage::new();
        let before = server.dig(&format!("{host}.example.com"), "A");
        plan(
            &stage,
            &server,
            &format!("--host {host}.example.com --endpoint 192.0.2.7"),
        );
        let refused = raced(&stage, &server, change, false);
        assert_eq!(refused.code, Some(2), "{change}: {refused:?}");
        assert!(refused.stderr.contains(told), "{change}: {refused:?}");
        assert!(!refused.stdout.contains("DONE"), "{change}: {refused:?}");
        if host == "www" {
            assert_eq!(server.dig("www.example.com", "A"), before, "{change}");
        }
    }
}

#[test]
fn no_address_goes_when_the_one_that_is_kept_has_gone_meanwhile() {
    let server = NameServer::bind(ZONE, &["hmac-sha256"]);
    let stage = Stage::new();
    // What is there has to stay as it is.
    let need = "--host both.example.com --endpoint 2001:db8::7";
    let made = stage.run(&format!(
        "dns plan {need} --server {} --settled --out plan.json",
        server.address()
    ));
    assert!(
        made.stdout
            .contains("Kept as it is: both.example.com. AAAA"),
        "{made:?}"
    );
    let change = "update delete both.example.com AAAA";
    let refused = raced(&stage, &server, change, false);
    assert_eq!(refused.code, Some(2), "{refused:?}");
    let told = "both.example.com. AAAA: expected 2001:db8::7";
    assert!(refused.stderr.contains(told), "{refused:?}");
    assert!(server.dig("both.example.com", "A").contains("192.0.2.1"));
}

#[test]
fn a_host_that_is_kept_and_goes_meanwhile_is_no_success() {
    let server = NameServer::bind(ZONE, &["hmac-sha256"]);
    let stage = Stage::new();
    let need = "--host www.example.com --host stays.example.com --endpoint 192.0.2.7";
    let made = stage.run(&format!(
        "dns plan {need} --server {} --settled --out plan.json",
        server.address()
    ));
    assert!(
        made.stdout.contains("Kept as it is: stays.example.com. A"),
        "{made:?}"
    );
    let change = "update delete stays.example.com A";
    let applied = raced(&stage, &server, change, false);
    let again = apply(&stage, &server, &server.address());
    for run in [applied, again] {
        assert_eq!(run.code, Some(2), "{run:?}");
        let told = "stays.example.com. A: expected 192.0.2.7";
        assert!(run.stderr.contains(told), "{run:?}");
    }
}

#[test]
fn what_others_add_just_after_an_update_is_seen_by_the_look_after_it() {
    let server = NameServer::bind(ZONE, &["hmac-sha256"]);
    let stage = Stage::new();
    plan(
        &stage,
        &server,
        "--host www.example.com --endpoint 192.0.2.7",
    );
    let change = "update add www.example.com 300 AAAA 2001:db8::66";
    let stopped = raced(&stage, &server, change, true);
    assert_eq!(stopped.code, Some(2), "{stopped:?}");
    assert!(stopped.stdout.contains("STOPPED"), "{stopped:?}");
    let told = "www.example.com. AAAA: expected nothing, seen 2001:db8::66";
    assert!(stopped.stderr.contains(told), "{stopped:?}");
    // Nor does it stand when somebody looks again.
    let again = apply(&stage, &server, &server.address());
    assert_eq!(again.code, Some(2), "{again:?}");
    assert!(again.stderr.contains(told), "{again:?}");
}

#[test]
fn an_alias_whose_wildcard_is_hidden_by_another_one_is_not_made() {
    for name in ["*.q.r", "*.r"] {
        let server = NameServer::bind(ZONE, &["hmac-sha256"]);
        let stage = Stage::new();
        let before = server.dig("www.example.com", "A");
        plan(
            &stage,
            &server,
            "--host www.example.com --endpoint q.r.wild.example.com",
        );
        let change = format!("update add {name}.wild.example.com 300 TXT x");
        let refused = raced(&stage, &server, &change, false);
        assert_eq!(refused.code, Some(2), "{name}: {refused:?}");
        assert!(refused.stderr.contains("YXDOMAIN"), "{name}: {refused:?}");
        assert_eq!(server.dig("www.example.com", "A"), before, "{name}");
    }
}

#[test]
fn an_alias_whose_wildcard_is_hidden_by_a_record_below_is_said_to_lead_nowhere() {
    let server = NameServer::bind(ZONE, &["hmac-sha256"]);
    let stage = Stage::new();
    plan(
        &stage,
        &server,
        "--host www.example.com --endpoint q.wild.example.com",
    );
    // No server can be told to look for that.
    let change = "update add a.q.wild.example.com 300 TXT x";
    let applied = raced(&stage, &server, change, false);
    let again = apply(&stage, &server, &server.address());
    for run in [applied, again] {
        assert_eq!(run.code, Some(1), "{run:?}");
        let told = run.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(told.contains("LEADS NOWHERE"), "{told}");
        assert!(
            told.contains("q.wild.example.com. A, which an alias leads to"),
            "{told}"
        );
        assert!(!told.contains("DONE") && !told.contains("STANDS"), "{told}");
    }
}
