//! Somebody else changes the zone between a plan and its steps.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod name_servers;
mod stage;

use std::thread;
use std::time::Duration;

use name_servers::NameServer;
use stage::{Run, Stage};

const ZONE: &str = "$ORIGIN example.com.
$TTL 300
@ SOA ns1 admin 1 3600 600 86400 2
@ NS ns1
ns1 A 127.0.0.1
www A 192.0.2.1
target A 192.0.2.2
*.wild A 192.0.2.3
six 2 A 192.0.2.1
away CNAME gone.example.net.
by CNAME on
on CNAME www
";

fn plan(stage: &Stage, server: &NameServer, host: &str, endpoint: &str, more: &str) -> Run {
    let made = stage.run(&format!(
        "dns plan --host {host} --endpoint {endpoint} --ttl 2 --server {} --settled --out plan.json {more}",
        server.address()
    ));
    assert_eq!(made.code, Some(0), "{made:?}");
    made
}

fn apply(stage: &Stage, server: &NameServer, more: &str) -> Run {
    stage.run(&format!(
        "dns apply --plan plan.json --server {} --tsig {} --no-other-servers {more}",
        server.address(),
        server.path("hmac-sha256.key").display()
    ))
}

#[test]
fn an_alias_is_not_made_whose_target_in_the_zone_is_gone_by_now() {
    for (host, target, change) in [
        ("www", "target", "update delete target.example.com A"),
        ("www", "a.wild", "update delete *.wild.example.com"),
        ("www", "a.wild", "update add a.wild.example.com 300 TXT x"),
        ("www", "a.b.wild", "update add b.wild.example.com 300 TXT x"),
    ] {
        let server = NameServer::bind(ZONE, &["hmac-sha256"]);
        let stage = Stage::new();
        let (host, target) = (
            format!("{host}.example.com"),
            format!("{target}.example.com"),
        );
        let form = plan(&stage, &server, &host, &target, "--render nsupdate");
        server.update("hmac-sha256", change);
        let refused = apply(&stage, &server, "");
        assert_eq!(refused.code, Some(2), "{change}: {refused:?}");
        let told = format!("has changed since the plan was made ({target}. A, which an alias");
        assert!(refused.stderr.contains(&told), "{}", refused.stderr);
        // Nor does the server make it where nobody has looked.
        let text = form.stdout.replacen("zone ", "\nzone ", 1);
        let said = server.try_update("hmac-sha256", &text);
        assert!(!said.is_empty(), "{change}: {text}");
        assert_eq!(server.dig(&host, "A"), "192.0.2.1", "{change}");
    }
}

#[test]
fn what_somebody_else_changed_is_named_with_what_was_expected_and_what_is_there() {
    for (change, told) in [
        (
            "update add www.example.com 300 A 192.0.2.9",
            "(www.example.com. A: expected 192.0.2.1 (TTL 300), seen 192.0.2.1 and 192.0.2.9 (TTL 300))",
        ),
        (
            "update add www.example.com 300 TXT x",
            "names in it had other records besides (there now: www.example.com. TXT)",
        ),
        (
            // What the plan keeps.
            "update delete target.example.com A",
            "(target.example.com. A: expected 192.0.2.2 (TTL 2), seen nothing)",
        ),
    ] {
        let zone = ZONE.replace("target A", "target 2 A");
        let server = NameServer::bind(&zone, &["hmac-sha256"]);
        let stage = Stage::new();
        let hosts = "www.example.com --host target.example.com";
        plan(&stage, &server, hosts, "192.0.2.2", "");
        server.update("hmac-sha256", change);
        let refused = apply(&stage, &server, "");
        assert_eq!(refused.code, Some(2), "{change}: {refused:?}");
        assert!(refused.stderr.contains(told), "{}", refused.stderr);
    }
}

#[test]
fn what_a_server_refuses_a_step_for_is_named() {
    let server = NameServer::bind(ZONE, &["hmac-sha256"]);
    let stage = Stage::new();
    plan(&stage, &server, "www.example.com", "target.example.com", "");
    // Nobody looks for such records but the server, before it makes an alias.
    let change = "update add www.example.com 300 AFSDB 1 target.example.com.";
    server.update("hmac-sha256", change);
    let refused = apply(&stage, &server, "");
    assert_eq!(refused.code, Some(2), "{refused:?}");
    let told = "the server says YXRRSET: what the step starts from has changed (www.example.com. AFSDB: expected nothing, \
                seen 1 target.example.com. (TTL 300)); it was not made";
    assert!(refused.stderr.contains(told), "{}", refused.stderr);
    assert_eq!(server.dig("www.example.com", "A"), "192.0.2.1");
}

#[test]
fn a_step_that_was_waited_for_is_not_made_where_what_it_leans_on_is_gone() {
    let server = NameServer::bind(ZONE, &["hmac-sha256"]);
    let stage = Stage::new();
    let made = plan(
        &stage,
        &server,
        "six.example.com",
        "2001:db8::1",
        "--render nsupdate",
    );
    let second = made.stdout.split("send\n").nth(1).unwrap();
    assert!(
        second.contains("prereq yxrrset six.example.com. IN AAAA 2001:db8::1\n"),
        "{second}"
    );
    let stopped = thread::scope(|scope| {
        let waits = scope.spawn(|| apply(&stage, &server, "--wait"));
        while server.dig("six.example.com", "AAAA").is_empty() {
            thread::sleep(Duration::from_millis(50));
        }
        thread::sleep(Duration::from_millis(500));
        server.update("hmac-sha256", "update delete six.example.com AAAA");
        waits.join().unwrap()
    });
    assert_eq!(stopped.code, Some(2), "{stopped:?}");
    assert!(
        stopped.stderr.contains("somebody else changed the zone")
            && stopped
                .stderr
                .contains("(six.example.com. AAAA: expected 2001:db8::1 (TTL 2), seen nothing)"),
        "{stopped:?}"
    );
    assert!(!stopped.stdout.contains("IGNORED"), "{stopped:?}");
    assert_eq!(server.dig("six.example.com", "A"), "192.0.2.1");
    // Nor does the server make the second step alone.
    let said = server.try_update("hmac-sha256", &format!("{second}send\n"));
    assert!(said.contains("NXRRSET"), "{said}");
    assert_eq!(server.dig("six.example.com", "A"), "192.0.2.1");
    let whole = apply(&stage, &server, "--wait");
    assert_eq!(whole.code, Some(0), "{whole:?}");
    assert_eq!(server.dig("six.example.com", "A"), "");
    assert_eq!(server.dig("six.example.com", "AAAA"), "2001:db8::1");
}

#[test]
fn a_plan_that_is_carried_out_is_carried_out_by_nobody_else_meanwhile() {
    let server = NameServer::bind(ZONE, &["hmac-sha256"]);
    let stage = Stage::new();
    plan(&stage, &server, "six.example.com", "2001:db8::1", "");
    let (first, second, planned) = thread::scope(|scope| {
        let first = scope.spawn(|| apply(&stage, &server, "--wait"));
        while server.dig("six.example.com", "AAAA").is_empty() {
            thread::sleep(Duration::from_millis(20));
        }
        let second = scope.spawn(|| apply(&stage, &server, ""));
        let planned = stage.run(&format!(
            "dns plan --host six.example.com --endpoint 2001:db8::2 --server {} --out plan.json",
            server.address()
        ));
        (first.join().unwrap(), second.join().unwrap(), planned)
    });
    for other in [&second, &planned] {
        assert_eq!(other.code, Some(2), "{other:?}");
        let told = "plan.json: another keyway command works with this plan (process ";
        assert!(other.stderr.contains(told), "{}", other.stderr);
    }
    assert_eq!(first.code, Some(0), "{first:?}");
    let journal = std::fs::read_to_string(stage.path().join("plan.json.applied")).unwrap();
    let journal: serde_json::Value = serde_json::from_str(&journal).unwrap();
    assert_eq!(journal["steps"].as_array().map(Vec::len), Some(2));
    assert!(!stage.path().join("plan.json.applying").exists());
}

#[test]
fn of_a_plan_that_is_half_made_no_end_is_told_while_the_rest_stands() {
    let server = NameServer::bind(ZONE, &["hmac-sha256"]);
    let stage = Stage::new();
    plan(&stage, &server, "six.example.com", "2001:db8::1", "");
    let first = apply(&stage, &server, "");
    assert_eq!(first.code, Some(1), "{first:?}");
    let seen = stage.run(&format!(
        "dns verify --plan plan.json --server {} --no-other-servers --format json",
        server.address()
    ));
    let answer: serde_json::Value = serde_json::from_str(&seen.stdout).unwrap();
    assert_eq!(answer["released"], serde_json::Value::Null, "{answer}");
    assert_eq!(answer["release_open"], true, "{answer}");
}

#[test]
fn a_target_in_another_zone_at_which_nobody_looked_is_told_of() {
    let server = NameServer::bind(ZONE, &[]);
    let stage = Stage::new();
    let seen = stage.run(&format!(
        "dns verify --host away.example.com --endpoint gone.example.net --server {} --no-other-servers",
        server.address()
    ));
    assert!(seen.stdout.contains("dns.target-unseen"), "{seen:?}");
    assert!(seen.stdout.contains("gone.example.net"), "{seen:?}");
}

#[test]
fn a_name_that_leads_to_the_service_by_an_alias_does_not_lead_elsewhere() {
    let server = NameServer::bind(ZONE, &[]);
    let stage = Stage::new();
    let seen = |endpoint: &str| {
        let seen = stage.run(&format!(
            "dns verify --host by.example.com --endpoint {endpoint} --server {} --no-other-servers",
            server.address()
        ));
        assert_eq!(seen.code, Some(1), "{seen:?}");
        seen.stdout
    };
    let right = seen("192.0.2.1");
    assert!(right.contains("dns.other-records"), "{right}");
    assert!(!right.contains("dns.points-elsewhere"), "{right}");
    assert!(seen("192.0.2.9").contains("dns.points-elsewhere"));
}

#[test]
fn a_host_that_comes_to_have_what_its_wildcard_has_is_there_though_there_is_a_wildcard_below_it() {
    let zone = format!("{ZONE}* A 192.0.2.9\n*.www A 192.0.2.8\n");
    let server = NameServer::bind(&zone, &["hmac-sha256"]);
    let stage = Stage::new();
    let host = "www.example.com --host *.example.com";
    plan(&stage, &server, host, "192.0.2.7", "");
    let applied = apply(&stage, &server, "");
    assert_eq!(applied.code, Some(0), "{applied:?}");
    let again = apply(&stage, &server, "");
    assert_eq!(again.code, Some(0), "{again:?}");
    assert!(again.stdout.contains("STANDS"), "{}", again.stdout);
}

#[test]
fn a_host_with_the_records_of_wildcards_above_and_below_it_is_there() {
    let zone = format!("{ZONE}* A 192.0.2.9\n");
    let server = NameServer::bind(&zone, &["hmac-sha256"]);
    let stage = Stage::new();
    let hosts = "*.example.com --host *.www.example.com --host www.example.com";
    plan(&stage, &server, hosts, "192.0.2.7", "");
    let applied = apply(&stage, &server, "--wait");
    assert_eq!(applied.code, Some(0), "{applied:?}");
    assert!(!applied.stdout.contains("cannot be seen"), "{applied:?}");
    let again = plan(&stage, &server, hosts, "192.0.2.7", "");
    assert!(again.stdout.contains("NOTHING TO DO"), "{again:?}");
}

#[test]
fn of_a_host_that_nobody_can_tell_from_its_wildcard_nobody_is_said_to_have_changed_it() {
    let zone = format!("{ZONE}* A 192.0.2.9\n*.www 2 A 192.0.2.7\n*.*.www 2 A 192.0.2.7\n");
    let zones = [("example.com", &*zone, "check-names ignore;")];
    let server = NameServer::bind_zones(&zones, &["hmac-sha256"]);
    let stage = Stage::new();
    let hosts = "www.example.com --host *.example.com";
    plan(&stage, &server, hosts, "192.0.2.7", "");
    for word in ["DONE", "STANDS"] {
        let applied = apply(&stage, &server, "");
        assert_eq!(applied.code, Some(0), "{applied:?}");
        assert!(applied.stdout.contains(word), "{applied:?}");
        let told = "Whether www.example.com. has these records, or a wildcard gives the same";
        assert!(applied.stdout.contains(told), "{applied:?}");
    }
}

#[test]
fn a_name_that_is_there_while_nobody_sees_it_is_named_where_the_server_says_so() {
    let zone = format!(
        "{ZONE}* 2 A 192.0.2.9\n*.www 2 A 192.0.2.9\n*.*.www 2 A 192.0.2.9\n*.*.www 2 AAAA 2001:db8::1\n"
    )
    .replace("www A 192.0.2.1\n", "www 2 A 192.0.2.9\n");
    let zones = [("example.com", &*zone, "check-names ignore;")];
    let server = NameServer::bind_zones(&zones, &["hmac-sha256"]);
    let stage = Stage::new();
    let hosts = "www.example.com --host *.example.com";
    plan(&stage, &server, hosts, "2001:db8::1", "");
    let stopped = apply(&stage, &server, "--wait");
    assert_eq!(stopped.code, Some(2), "{stopped:?}");
    let told = "the server says YXRRSET: www.example.com. has records itself, which cannot be seen from outside";
    assert!(stopped.stderr.contains(told), "{}", stopped.stderr);
    // Who is handed all of the zone sees it.
    let key = server.path("hmac-sha256.key").display().to_string();
    let whole = format!("--transfer --tsig {key}");
    let seen = plan(&stage, &server, hosts, "2001:db8::1", &whole);
    assert!(seen.stdout.contains("- www.example.com. 2 A"), "{seen:?}");
}

#[test]
fn a_wildcard_that_is_an_alias_of_nothing_does_not_agree() {
    let server = NameServer::bind(&format!("{ZONE}*.none CNAME nowhere\n"), &[]);
    let stage = Stage::new();
    let verified = stage.run(&format!(
        "dns verify --host *.none.example.com --endpoint nowhere.example.com --server {} --no-other-servers",
        server.address()
    ));
    assert_eq!(verified.code, Some(1), "{verified:?}");
    assert!(
        verified.stdout.contains("dns.no-address"),
        "{}",
        verified.stdout
    );
}
