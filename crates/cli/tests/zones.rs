//! `keyway dns` where there is more than one zone, more than a few names, or a zone that is not all its own.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod name_servers;
mod stage;

use std::fs;
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use name_servers::{NameServer, silent};
use serde_json::{Value, json};
use stage::{Run, Stage};

const START: &str = "$TTL 60\n@ SOA ns1.example.com. admin.example.com. 1 3600 600 86400 2\n@ NS ns1.example.com.\n";

fn zone(records: &str) -> String {
    format!("{START}{records}")
}

fn bind(records: &str) -> NameServer {
    NameServer::bind(
        &zone(&format!("ns1 A 127.0.0.1\n{records}")),
        &["hmac-sha256"],
    )
}

fn told(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{run:?}"))
}

/// Who is asked, and with which key.
fn signed(server: &NameServer) -> String {
    let key = server.path("hmac-sha256.key");
    format!("--server {} --tsig {}", server.address(), key.display())
}

fn planned(stage: &Stage, server: &NameServer, arguments: &str) {
    let server = signed(server);
    let made = stage.run(&format!("dns plan {arguments} {server} --out plan.json"));
    assert_eq!(made.code, Some(0), "{made:?}");
}

fn applied(stage: &Stage, server: &NameServer) -> Run {
    stage.run(&format!("dns apply --plan plan.json {}", signed(server)))
}

/// Plans with these arguments, and carries it out.
fn carried_out(stage: &Stage, server: &NameServer, arguments: &str) -> Run {
    planned(stage, server, arguments);
    applied(stage, server)
}

#[test]
fn names_of_two_zones_are_each_looked_for_at_the_servers_of_their_own() {
    let (com, net) = (
        zone("ns1 A 127.0.0.1\nwww A 192.0.2.1\n"),
        zone("www A 192.0.2.1\n"),
    );
    let zones = [
        ("example.com", com.as_str(), ""),
        ("example.net", net.as_str(), ""),
    ];
    let server = NameServer::bind_zones(&zones, &[]);
    let resolver = NameServer::unbound_of(&server, &["example.com", "example.net"]);
    let stage = Stage::new();
    let hosts = "--host www.example.com --host www.example.net --endpoint 192.0.2.1";
    for asked in [
        format!("--resolver {} --port {}", resolver.address(), server.port),
        format!("--server {}", server.address()),
    ] {
        let line = format!("dns verify {hosts} {asked} --no-other-servers");
        let seen = stage.run(&format!("{line} --format json"));
        assert_eq!(seen.code, Some(0), "{seen:?}");
        let zones = told(&seen)["zones"].clone();
        let names: Vec<&str> = zones
            .as_array()
            .unwrap()
            .iter()
            .map(|zone| zone["zone"].as_str().unwrap())
            .collect();
        assert_eq!(names, ["example.com.", "example.net."]);
    }
    // A plan is for one of them: that of a file which is in the zone that somebody says.
    stage.write(
        "keyway.toml",
        "host = [\"www.example.com\", \"www.example.net\"]\nendpoint = \"192.0.2.7\"\n",
    );
    let both = stage.run(&format!(
        "dns plan keyway.toml --server {}",
        server.address()
    ));
    assert_eq!(both.code, Some(1), "{both:?}");
    let one = stage.run(&format!(
        "dns plan keyway.toml --zone example.net --server {}",
        server.address()
    ));
    assert_eq!(one.code, Some(0), "{one:?}");
    assert!(one.stderr.contains("www.example.com"), "{}", one.stderr);
    assert!(!one.stdout.contains("www.example.com"), "{}", one.stdout);
}

/// Sockets that a process has open.
fn sockets(process: u32) -> usize {
    let Ok(open) = fs::read_dir(format!("/proc/{process}/fd")) else {
        return 0;
    };
    let links = open
        .flatten()
        .filter_map(|entry| fs::read_link(entry.path()).ok());
    links
        .filter(|link| link.to_string_lossy().starts_with("socket:"))
        .count()
}

#[test]
#[cfg(target_os = "linux")]
fn a_thousand_names_at_many_servers_take_few_sockets_and_a_server_that_is_down_is_waited_for_once()
{
    let names: Vec<String> = (0..1_000).map(|number| format!("host-{number}")).collect();
    let records: Vec<String> = names
        .iter()
        .map(|name| format!("{name} A 127.0.0.1"))
        .collect();
    let server = bind(&(records.join("\n") + "\n"));
    let (_held, nobody) = silent();
    let stage = Stage::new();
    let hosts: Vec<String> = names
        .iter()
        .map(|name| format!("\"{name}.example.com\""))
        .collect();
    stage.write(
        "keyway.toml",
        &format!("host = [{}]\nendpoint = \"127.0.0.1\"\n", hosts.join(", ")),
    );
    let address = server.address();
    let line = format!(
        "dns verify keyway.toml --server {address} --server {nobody} --timeout 2 --format json"
    );
    let kept = fs::File::create(stage.path().join("seen.json")).unwrap();
    let mut command = stage.command();
    let mut child = command.args(line.split(' ')).stdout(kept).spawn().unwrap();
    let mut most = 0;
    let mut looks = 0;
    while child.try_wait().unwrap().is_none() {
        most = most.max(sockets(child.id()));
        looks += 1;
        assert!(looks < 60_000, "it does not end");
        sleep(Duration::from_millis(2));
    }
    let text = fs::read_to_string(stage.path().join("seen.json")).unwrap();
    let seen: Value = serde_json::from_str(&text).unwrap();
    assert!((2..=130).contains(&most), "{most} sockets");
    let zone = &seen["zones"][0];
    let records = zone["records"].as_array().unwrap();
    assert_eq!(records.len(), 3_000);
    let right = |at: usize| {
        records
            .iter()
            .filter(|set| set["standings"][at]["standing"] == "right")
            .count()
    };
    assert_eq!((right(0), right(1)), (3_000, 0));
    let findings = seen["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(findings[0]["code"], "dns.lame-server");
    let line = format!("dns verify keyway.toml --server {address} --no-other-servers");
    let text = stage.run(&line);
    assert_eq!(text.code, Some(0), "{text:?}");
    assert!(text.stdout.lines().count() < 20, "{}", text.stdout);
}

#[test]
fn a_plan_made_from_all_of_a_signed_zone_is_carried_out() {
    let text = zone(
        "ns1 A 127.0.0.1\nwww A 192.0.2.9\nwww SSHFP 1 1 aabbccddeeff00112233445566778899aabbccdd\n",
    );
    let signed = [(
        "example.com",
        text.as_str(),
        "dnssec-policy default; inline-signing yes;",
    )];
    let server = NameServer::bind_zones(&signed, &["hmac-sha256"]);
    let stage = Stage::new();
    for looks in 0.. {
        if !server.dig("example.com", "DNSKEY").is_empty() {
            break;
        }
        assert!(looks < 200, "it is not signed");
        sleep(Duration::from_millis(50));
    }
    let need = "--host www.example.com --endpoint 192.0.2.1 --transfer";
    let done = carried_out(&stage, &server, need);
    assert_eq!(done.code, Some(0), "{done:?}");
    assert_eq!(server.dig("www.example.com", "A"), "192.0.2.1");
}

#[test]
fn a_name_with_the_records_of_its_wildcard_is_seen_when_it_exists() {
    let server = bind("*.w A 192.0.2.50\n");
    let stage = Stage::new();
    let need = "--host foo.w.example.com --endpoint 192.0.2.50 --ttl 60";
    let done = carried_out(&stage, &server, need);
    assert_eq!(done.code, Some(0), "{done:?}");
    let again = stage.run(&format!("dns plan {need} --server {}", server.address()));
    assert!(
        again.stdout.starts_with("NOTHING TO DO"),
        "{}",
        again.stdout
    );
    let moved = carried_out(
        &stage,
        &server,
        "--host foo.w.example.com --endpoint 192.0.2.51 --ttl 60",
    );
    assert_eq!(moved.code, Some(0), "{moved:?}");
    assert_eq!(server.dig("bar.w.example.com", "A"), "192.0.2.50");
}

#[test]
fn names_that_other_servers_answer_for_are_not_planned() {
    let server = bind("child NS ns.child\nns.child A 192.0.2.54\n");
    let stage = Stage::new();
    let (address, key) = (server.address(), server.path("hmac-sha256.key"));
    let need = format!(
        "dns plan --host www.child.example.com --endpoint 192.0.2.1 --zone example.com --server {address}"
    );
    let live = stage.run(&need);
    assert_eq!(live.code, Some(2), "{live:?}");
    assert!(
        live.stderr
            .contains("www.child.example.com to other servers"),
        "{}",
        live.stderr
    );
    let whole = stage.run(&format!("{need} --transfer --tsig {}", key.display()));
    assert_eq!(whole.code, Some(1), "{whole:?}");
    assert!(
        whole.stdout.contains("dns.name-not-yours"),
        "{}",
        whole.stdout
    );
}

#[test]
fn an_alias_of_what_may_be_new_waits_unless_somebody_says_that_it_is_not() {
    let stage = Stage::new();
    let records = zone("ns1 A 127.0.0.1\nwww A 192.0.2.1\nlb A 192.0.2.7\n");
    stage.write("old.zone", &format!("$ORIGIN example.com.\n{records}"));
    let need = "dns plan --host www.example.com --endpoint lb.example.com --zone-file old.zone";
    let first = |more: &str| {
        let made = stage.run(&format!("{need} {more} --format json"));
        assert_eq!(made.code, Some(0), "{made:?}");
        told(&made)["steps"][0]["wait"].as_u64().unwrap_or(0)
    };
    assert!(first("") > 0);
    assert_eq!(first("--settled"), 0);
}

#[test]
fn nothing_is_changed_where_it_could_not_be_noted() {
    let server = bind("");
    let stage = Stage::new();
    planned(
        &stage,
        &server,
        "--host www.example.com --endpoint 192.0.2.1",
    );
    fs::create_dir(stage.path().join("plan.json.applied")).unwrap();
    let refused = applied(&stage, &server);
    assert_eq!(refused.code, Some(2), "{refused:?}");
    assert_eq!(server.dig("www.example.com", "A"), "");
}

#[test]
fn the_name_of_the_zone_is_left_out_of_a_plan_for_an_alias_and_said() {
    let server = bind("");
    let stage = Stage::new();
    let need = "dns plan --host example.com --host www.example.com --endpoint lb.example.net";
    let made = stage.run(&format!("{need} --server {}", server.address()));
    assert_eq!(made.code, Some(1), "{made:?}");
    assert!(
        made.stdout
            .contains("www.example.com. 300 CNAME lb.example.net."),
        "{}",
        made.stdout
    );
    assert!(made.stdout.contains("dns.cname-at-apex"), "{}", made.stdout);
}

#[test]
fn a_certificate_at_the_end_of_an_alias_is_not_called_missing_where_nobody_could_look() {
    let server = bind("www CNAME lb.example.net.\n");
    let (_held, nobody) = silent();
    let stage = Stage::new();
    let line = "dns verify --host www.example.com --endpoint lb.example.net --cert fullchain.pem";
    let asked = format!("{line} --server {} --timeout 1", server.address());
    let seen = stage.run(&format!("{asked} --resolver {nobody} --zone example.com"));
    assert_eq!(seen.code, Some(2), "{seen:?}");
    assert!(seen.stderr.contains("did not answer"), "{}", seen.stderr);
}

#[test]
fn servers_may_be_waited_for_longer_than_a_look_takes() {
    let server = bind("www A 192.0.2.1\n");
    let stage = Stage::new();
    let need = "dns wait --host www.example.com --endpoint 192.0.2.1 --deadline 5 --timeout 300";
    let line = format!("{need} --server {} --no-other-servers", server.address());
    let seen = stage.run(&line);
    assert_eq!(seen.code, Some(0), "{seen:?}");
}

#[test]
fn wishes_that_come_to_nothing_are_said() {
    let server = bind("");
    let stage = Stage::new();
    let need = "dns plan --host www.example.com --endpoint lb.example.net --ca ca.example --https";
    let made = stage.run(&format!("{need} --server {}", server.address()));
    for kind in ["CAA", "HTTPS"] {
        assert!(
            made.stderr
                .contains(&format!("its {kind} records have to stand there")),
            "{}",
            made.stderr
        );
    }
    for (more, words) in [
        ("--endpoint www.example.com", "is the host itself"),
        (
            "--endpoint 192.0.2.1 --ca ca_example",
            "named by the domain",
        ),
        ("--endpoint 192.0.2.1 --ttl 4294967295", "2147483647"),
    ] {
        let line = format!(
            "dns plan --host www.example.com {more} --server {}",
            server.address()
        );
        let refused = stage.run(&line);
        assert_eq!(refused.code, Some(2), "{refused:?}");
        assert!(
            refused.stderr.contains(words),
            "{words}: {}",
            refused.stderr
        );
    }
}

#[test]
fn what_was_replaced_is_known_to_be_in_caches_that_nobody_asked() {
    let server = bind("www 86400 A 192.0.2.9\n");
    let stage = Stage::new();
    let need = "--host www.example.com --endpoint 192.0.2.1 --ttl 60";
    assert_eq!(carried_out(&stage, &server, need).code, Some(0));
    let line = format!("dns verify --plan plan.json --server {}", server.address());
    let seen = stage.run(&format!("{line} --format json"));
    assert_eq!(
        told(&seen)["released"],
        Value::Null,
        "nobody knows: {seen:?}"
    );
    let sure = stage.run(&format!("{line} --no-other-servers --format json"));
    assert!(told(&sure)["released"].is_string(), "{sure:?}");
    // A resolver says whom else the zone above names: nobody.
    let resolver = NameServer::unbound_of(&server, &["example.com", "com"]);
    let line = format!(
        "{line} --resolver {} --port {}",
        resolver.address(),
        server.port
    );
    let seen = stage.run(&format!("{line} --format json"));
    assert_eq!(seen.code, Some(0), "{seen:?}");
    assert!(told(&seen)["released"].is_string(), "{seen:?}");
    let text = stage.run(&line);
    assert!(
        text.stdout.contains("Caches that were not asked"),
        "{}",
        text.stdout
    );
    let later = stage.run(&format!("{line} --format json --at 2099-01-01"));
    assert_eq!(told(&later)["released"], Value::Null);
}

fn schema(stage: &Stage, name: &str) -> jsonschema::Validator {
    let path = stage.path().join("schema").join(name);
    let text = fs::read_to_string(Path::new(&path)).unwrap();
    jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap()
}

#[test]
fn what_is_written_for_programs_keeps_the_published_schemas() {
    let server = bind("www A 192.0.2.9\n");
    let stage = Stage::new();
    assert_eq!(stage.run("generate schema --out schema").code, Some(0));
    let need = "--host www.example.com --endpoint 192.0.2.1";
    let (address, key) = (server.address(), server.path("hmac-sha256.key"));
    let apply = format!(
        "dns apply --plan plan.json --server {address} --tsig {}",
        key.display()
    );
    for (line, name) in [
        (
            format!("dns verify {need} --server {address}"),
            "keyway.dns-verification-1.json",
        ),
        (
            format!("dns plan {need} --server {address} --out plan.json"),
            "keyway.dns-plan-1.json",
        ),
        (apply.clone(), "keyway.dns-application-1.json"),
        (apply, "keyway.dns-application-1.json"),
        (
            format!("dns verify --plan plan.json --server {address}"),
            "keyway.dns-verification-1.json",
        ),
        (
            format!("dns plan --host example.com --endpoint lb.example.net --server {address}"),
            "keyway.dns-refusal-1.json",
        ),
    ] {
        let run = stage.run(&format!("{line} --format json"));
        let validator = schema(&stage, name);
        let answer = told(&run);
        let faults: Vec<String> = validator
            .iter_errors(&answer)
            .map(|fault| fault.to_string())
            .collect();
        assert!(faults.is_empty(), "{line}: {faults:?}");
        assert!(!validator.is_valid(&json!({ "schema": "keyway.other/1" })));
    }
}
