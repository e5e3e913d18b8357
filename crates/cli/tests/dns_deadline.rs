//! Waiting ends at its deadline, whoever is silent.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod name_servers;
mod stage;

use std::time::{Duration, Instant};

use name_servers::{NameServer, silent};
use stage::Stage;

const ZONE: &str = "$ORIGIN example.com.
$TTL 300
@ SOA ns1 admin 1 3600 600 86400 2
@ NS ns1
ns1 A 127.0.0.1
www 2 A 192.0.2.1
";

/// Shorter than one server that is silent is waited for where nobody says how long, and longer than what is said here.
const SHORT: Duration = Duration::from_secs(20);

/// How long servers are waited for here, each and in all, seconds.
const PATIENCE: &str = "--timeout 20 --deadline 2";

#[test]
fn a_plan_is_carried_out_no_longer_than_somebody_waits() {
    let server = NameServer::bind(ZONE, &["hmac-sha256"]);
    let (_held, nobody) = silent();
    let stage = Stage::new();
    let at = server.address();
    // The first step waits for nobody, and the second for every server.
    let need = "--host www.example.com --endpoint 2001:db8::1 --ttl 2";
    let made = stage.run(&format!("dns plan {need} --server {at} --out plan.json"));
    assert_eq!(made.code, Some(0), "{made:?}");
    let key = server.path("hmac-sha256.key");
    let key = key.display();
    let servers = format!("--server {at} --server {nobody} --tsig {key} --wait {PATIENCE}");
    let began = Instant::now();
    let ended = stage.run(&format!(
        "dns apply --plan plan.json {servers} --no-other-servers"
    ));
    assert!(began.elapsed() < SHORT, "{ended:?}");
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.stdout.contains("Step 1 made"), "{ended:?}");
    assert!(ended.stdout.contains("Step 2 later"), "{ended:?}");
    // Where the server that is told is silent itself, nothing was done.
    let began = Instant::now();
    let alone = format!("--server {nobody} --tsig {key} --wait {PATIENCE}");
    let ended = stage.run(&format!("dns apply --plan plan.json {alone}"));
    assert!(began.elapsed() < SHORT, "{ended:?}");
    assert_eq!(ended.code, Some(2), "{ended:?}");
}

#[test]
fn servers_are_asked_again_no_longer_than_somebody_waits() {
    let server = NameServer::bind(ZONE, &[]);
    let (_held, nobody) = silent();
    let stage = Stage::new();
    let need = "--host www.example.com --endpoint 192.0.2.1 --ttl 2";
    let servers = format!("--server {} --server {nobody}", server.address());
    let began = Instant::now();
    let ended = stage.run(&format!("dns wait {need} {servers} {PATIENCE}"));
    assert!(began.elapsed() < SHORT, "{ended:?}");
    // What the others say is told.
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.stdout.contains("right    127.0.0.1"), "{ended:?}");
}
