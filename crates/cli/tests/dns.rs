//! `keyway dns plan`, `apply`, `verify` and `wait` against real name servers.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod name_servers;
mod stage;

use name_servers::{NameServer, silent};
use serde_json::Value;
use stage::{Run, Stage};

const ZONE: &str = "$ORIGIN example.com.
$TTL 300
@ SOA ns1 admin 1 3600 600 86400 2
@ NS ns1
ns1 A 127.0.0.1
www 3 CNAME old
old A 192.0.2.9
wide TXT \"a\"
odd TYPE65280 \\# 1 00
";

const NEED: &str = "--host www.example.com --endpoint 192.0.2.1 --endpoint 2001:db8::1 --ttl 60";

fn plan(stage: &Stage, server: &NameServer) -> Run {
    stage.run(&format!(
        "dns plan {NEED} --server {} --out plan.json",
        server.address()
    ))
}

fn apply(stage: &Stage, server: &NameServer, key: &str, more: &str) -> Run {
    let key = server.path(&format!("{key}.key"));
    let key = key.display();
    stage.run(&format!(
        "dns apply --plan plan.json --server {} --tsig {key} --no-other-servers {more}",
        server.address()
    ))
}

fn json(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).unwrap()
}

fn codes(run: &Run) -> Vec<String> {
    let findings = json(run)["findings"].as_array().unwrap().clone();
    let codes = findings
        .iter()
        .map(|finding| finding["code"].as_str().unwrap().to_owned());
    codes.collect()
}

#[test]
fn a_plan_is_made_carried_out_and_found_at_every_algorithm() {
    for algorithm in [
        "hmac-sha256",
        "hmac-sha384",
        "hmac-sha512",
        "hmac-sha1",
        "hmac-md5",
    ] {
        let server = NameServer::bind(ZONE, &[algorithm]);
        let stage = Stage::new();
        assert_eq!(plan(&stage, &server).code, Some(0));
        let done = apply(&stage, &server, algorithm, "");
        assert_eq!(done.code, Some(0), "{algorithm}: {done:?}");
        assert!(done.stdout.starts_with("DONE"), "{}", done.stdout);
        assert_eq!(server.dig("www.example.com", "A"), "192.0.2.1");
        assert_eq!(server.dig("www.example.com", "AAAA"), "2001:db8::1");
        assert_eq!(server.dig("www.example.com", "CNAME"), "");
        assert_eq!(server.dig("old.example.com", "A"), "192.0.2.9");
        let again = apply(&stage, &server, algorithm, "");
        assert_eq!(
            (again.code, again.stdout.starts_with("STANDS")),
            (Some(0), true)
        );
        let line = format!("dns verify {NEED} --server {}", server.address());
        let seen = stage.run(&format!("{line} --no-other-servers"));
        assert_eq!(seen.code, Some(0), "{seen:?}");
        assert!(seen.stdout.starts_with("ALL AGREE"), "{}", seen.stdout);
        let next = plan(&stage, &server);
        assert!(next.stdout.starts_with("NOTHING TO DO"), "{}", next.stdout);
    }
}

#[test]
fn a_zone_that_changed_since_the_plan_is_left_alone() {
    let server = NameServer::bind(ZONE, &["hmac-sha256"]);
    let stage = Stage::new();
    plan(&stage, &server);
    std::fs::copy(
        stage.path().join("plan.json"),
        stage.path().join("mine.json"),
    )
    .unwrap();
    let other = format!(
        "dns plan --host www.example.com --endpoint 192.0.2.77 --server {} --out plan.json",
        server.address()
    );
    assert_eq!(stage.run(&other).code, Some(0));
    assert_eq!(apply(&stage, &server, "hmac-sha256", "").code, Some(0));
    std::fs::copy(
        stage.path().join("mine.json"),
        stage.path().join("plan.json"),
    )
    .unwrap();
    let refused = apply(&stage, &server, "hmac-sha256", "");
    assert_eq!(refused.code, Some(2));
    assert!(
        refused
            .stderr
            .contains("has changed since the plan was made"),
        "{}",
        refused.stderr
    );
    assert!(
        refused.stderr.contains("www.example.com. A"),
        "{}",
        refused.stderr
    );
    assert_eq!(server.dig("www.example.com", "A"), "192.0.2.77");
}

#[test]
fn what_a_server_refuses_is_said_in_its_own_words() {
    let server = NameServer::bind(ZONE, &["hmac-sha256"]);
    let stranger = NameServer::bind(ZONE, &["hmac-sha256", "hmac-sha512"]);
    let stage = Stage::new();
    plan(&stage, &server);
    let says = |run: &Run, words: &str| {
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(run.stderr.contains(words), "{words}: {}", run.stderr);
    };
    let address = server.address();
    says(
        &stage.run(&format!("dns apply --plan plan.json --server {address}")),
        "REFUSED",
    );
    let theirs = |name: &str| stranger.path(&format!("{name}.key")).display().to_string();
    let with = |key: &str, more: &str| {
        stage.run(&format!(
            "dns apply --plan plan.json --server {address} --tsig {key} {more}"
        ))
    };
    says(&with(&theirs("hmac-sha256"), ""), "BADSIG");
    says(&with(&theirs("hmac-sha512"), ""), "BADKEY");
    let ours = server.path("hmac-sha256.key").display().to_string();
    says(&with(&ours, "--at 2001-01-01"), "BADTIME");
    assert_eq!(server.dig("www.example.com", "CNAME"), "old.example.com.");
    let broken = "dns plan --host www.broken.example --endpoint 192.0.2.1 --zone broken.example";
    says(
        &stage.run(&format!("{broken} --server {address}")),
        "SERVFAIL",
    );
    let elsewhere = "dns plan --host www.example.net --endpoint 192.0.2.1 --zone example.net";
    says(
        &stage.run(&format!("{elsewhere} --server {address}")),
        "REFUSED",
    );
    // A zone of that name is not there, though its records are.
    let line = format!("dns plan {NEED} --zone www.example.com --server {address} --out plan.json");
    says(
        &stage.run(&line),
        "has no zone www.example.com: no SOA record",
    );
    let (_socket, nobody) = silent();
    let asked = stage.run(&format!(
        "dns plan {NEED} --zone example.com --server {nobody} --timeout 1"
    ));
    says(&asked, "did not answer within 1 s");
}

#[test]
fn an_update_that_the_server_only_says_it_made_is_seen() {
    let server = NameServer::bind(ZONE, &["hmac-sha256"]);
    let stage = Stage::new();
    // BIND ignores a CNAME beside other records; this type is none that is looked for.
    let line = "dns plan --host odd.example.com --endpoint old.example.com --out plan.json";
    let made = stage.run(&format!("{line} --server {}", server.address()));
    assert_eq!(made.code, Some(0), "{made:?}");
    let lost = apply(&stage, &server, "hmac-sha256", "");
    assert_eq!(lost.code, Some(1), "{lost:?}");
    assert!(lost.stdout.starts_with("IGNORED"), "{}", lost.stdout);
    assert!(
        lost.stdout.contains("odd.example.com. CNAME"),
        "{}",
        lost.stdout
    );
    // With the whole zone in view it is not even planned.
    let key = server.path("hmac-sha256.key");
    let whole = format!(
        "{line} --server {} --transfer --tsig {}",
        server.address(),
        key.display()
    );
    let refused = stage.run(&whole);
    assert_eq!(refused.code, Some(2));
    assert!(refused.stderr.contains("TYPE65280"), "{}", refused.stderr);
    let nobody = stage.run(&format!("{line} --server {} --transfer", server.address()));
    assert!(nobody.stderr.contains("REFUSED"), "{}", nobody.stderr);
}

#[test]
fn an_answer_that_does_not_fit_is_fetched_over_tcp() {
    let line = |number: u32| format!("wide TXT \"{number}{}\"", "x".repeat(200));
    let strings = (0..40).map(line).collect::<Vec<_>>().join(
        "
",
    ) + "
";
    let server = NameServer::bind(&format!("{ZONE}{strings}"), &["hmac-sha256"]);
    let stage = Stage::new();
    let line = "dns plan --host wide.example.com --endpoint 192.0.2.1 --out plan.json";
    let made = stage.run(&format!("{line} --server {}", server.address()));
    assert_eq!(made.code, Some(0), "{made:?}");
    assert_eq!(apply(&stage, &server, "hmac-sha256", "").code, Some(0));
    assert_eq!(server.dig("wide.example.com", "A"), "192.0.2.1");
}

#[test]
fn a_server_that_is_behind_is_named_with_its_version() {
    let server = NameServer::bind(ZONE, &["hmac-sha256"]);
    let behind = NameServer::nsd(ZONE);
    let stage = Stage::new();
    plan(&stage, &server);
    assert_eq!(apply(&stage, &server, "hmac-sha256", "").code, Some(0));
    let both = format!(
        "dns verify {NEED} --server {} --server {} --format json",
        server.address(),
        behind.address()
    );
    let seen = stage.run(&both);
    assert_eq!(seen.code, Some(1), "{seen:?}");
    let codes = codes(&seen);
    assert!(
        !codes.is_empty() && codes.iter().all(|code| code == "dns.stale-server"),
        "{codes:?}"
    );
    let text = stage.run(&both.replace(" --format json", ""));
    let port = behind.port;
    assert!(
        text.stdout.contains(&format!("127.0.0.1:{port} still has")),
        "{}",
        text.stdout
    );
    assert!(text.stdout.contains("version 1"), "{}", text.stdout);
}

#[test]
fn caches_are_waited_for_until_they_let_go() {
    let server = NameServer::bind(ZONE, &["hmac-sha256"]);
    let resolver = NameServer::unbound_of(&server, &["example.com", "com"]);
    let stage = Stage::new();
    // Somebody asks before the change: for the alias, and for what is not there yet.
    assert_eq!(resolver.dig("www.example.com", "CNAME"), "old.example.com.");
    assert_eq!(resolver.dig("new.example.com", "A"), "");
    let need = "--host www.example.com --host new.example.com --endpoint 192.0.2.1 --ttl 60";
    let address = server.address();
    let made = stage.run(&format!(
        "dns plan {need} --server {address} --out plan.json"
    ));
    assert_eq!(made.code, Some(0), "{made:?}");
    assert_eq!(apply(&stage, &server, "hmac-sha256", "").code, Some(0));
    let asked = format!(
        "{need} --server {address} --resolver {} --port {}",
        resolver.address(),
        server.port
    );
    let seen = stage.run(&format!(
        "dns verify {asked} --format json --at 2026-11-23T12:00:00Z"
    ));
    assert_eq!(seen.code, Some(1), "{seen:?}");
    let codes = codes(&seen);
    for code in ["dns.old-in-cache", "dns.negative-cache"] {
        assert!(codes.iter().any(|found| found == code), "{code}: {codes:?}");
    }
    let until = json(&seen)["until"].as_str().unwrap().to_owned();
    assert!(until.starts_with("2026-11-23T12:00:0"), "{until}");
    let waited = stage.run(&format!("dns wait {asked} --deadline 30"));
    assert_eq!(waited.code, Some(0), "{waited:?}");
    assert!(waited.stdout.starts_with("ALL AGREE"), "{}", waited.stdout);
    assert_eq!(resolver.dig("www.example.com", "A"), "192.0.2.1");
}

#[test]
fn a_later_step_is_not_made_before_its_time() {
    let pins = "_443._tcp.www 2 TLSA 3 1 1 aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00\n";
    let server = NameServer::bind(&format!("{ZONE}{pins}"), &["hmac-sha256"]);
    let stage = Stage::new();
    let made = stage.run(&format!(
        "dns plan {NEED} --tlsa fullchain.pem --server {} --out plan.json",
        server.address()
    ));
    assert_eq!(made.code, Some(0), "{made:?}");
    let first = apply(&stage, &server, "hmac-sha256", "");
    assert_eq!(first.code, Some(1), "{first:?}");
    assert!(first.stdout.contains("not before"), "{}", first.stdout);
    assert_eq!(
        server
            .dig("_443._tcp.www.example.com", "TLSA")
            .matches("3 1 1")
            .count(),
        2
    );
    let pinned = || {
        server
            .dig("_443._tcp.www.example.com", "TLSA")
            .matches("3 1 1")
            .count()
    };
    // Waiting is not enough: nobody sees in the zone which key is served.
    let waited = apply(&stage, &server, "hmac-sha256", "--wait");
    assert_eq!((waited.code, pinned()), (Some(1), 2), "{waited:?}");
    assert!(
        waited.stdout.contains("--key-switched"),
        "{}",
        waited.stdout
    );
    let whole = apply(&stage, &server, "hmac-sha256", "--wait --key-switched");
    assert_eq!(whole.code, Some(0), "{whole:?}");
    assert_eq!(pinned(), 1);
}

#[test]
fn a_plan_that_somebody_edited_is_refused() {
    let server = NameServer::bind(ZONE, &["hmac-sha256"]);
    let stage = Stage::new();
    plan(&stage, &server);
    let path = stage.path().join("plan.json");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("192.0.2.1", "192.0.2.66")).unwrap();
    let refused = apply(&stage, &server, "hmac-sha256", "");
    assert_eq!(refused.code, Some(2));
    assert!(
        refused.stderr.contains("somebody changed it"),
        "{}",
        refused.stderr
    );
    assert_eq!(server.dig("www.example.com", "CNAME"), "old.example.com.");
}

#[test]
fn a_name_with_a_record_of_a_rare_type_keeps_its_address() {
    let need = "dns plan --host dh.example.com --endpoint to.example.net --ttl 60 --settled";
    let zone = format!("{ZONE}dh 5 A 192.0.2.120\n");
    let before = NameServer::bind(&zone, &[]);
    let stage = Stage::new();
    let made = stage.run(&format!(
        "{need} --server {} --out plan.json",
        before.address()
    ));
    assert_eq!(made.code, Some(0), "{made:?}");
    // DHCID comes after the plan was made (RFC 4701).
    let server = NameServer::bind(
        &format!("{zone}dh TYPE49 \\# 4 00020100\n"),
        &["hmac-sha256"],
    );
    let refused = apply(&stage, &server, "hmac-sha256", "");
    assert_eq!(refused.code, Some(2), "{refused:?}");
    assert_eq!(server.dig("dh.example.com", "A"), "192.0.2.120");
    let none = stage.run(&format!("{need} --server {}", server.address()));
    assert_eq!(none.code, Some(2), "{none:?}");
    assert!(none.stderr.contains("would become an alias"), "{none:?}");
}

#[test]
fn a_file_that_is_no_plan_is_left_as_it_is() {
    let stage = Stage::new();
    let zone = "$ORIGIN example.com.\n@ 300 SOA ns1 a 1 2 3 4 5\n@ 300 NS ns1\nns1 300 A 192.0.2.53\n\
                www 300 A 192.0.2.1\n_443._tcp.www 300 TLSA 3 1 1 aa\n";
    std::fs::write(stage.path().join("zone.db"), zone).unwrap();
    std::fs::write(stage.path().join("note.txt"), "mine").unwrap();
    let line = |need: &str, out: &str| {
        stage.run(&format!("dns plan {need} --zone-file zone.db --out {out}"))
    };
    let need = "--host www.example.com --endpoint 192.0.2.1 --tlsa fullchain.pem";
    let refused = line(need, "note.txt");
    assert_eq!(refused.code, Some(2), "{refused:?}");
    assert!(refused.stderr.contains("left as it is"), "{refused:?}");
    let left = std::fs::read_to_string(stage.path().join("note.txt")).unwrap();
    assert_eq!(left, "mine");
    // A wait that nobody takes over is told.
    assert_eq!(line(need, "a.plan").code, Some(0));
    std::fs::write(stage.path().join("a.plan.applied"), "{}").unwrap();
    let other = line("--host api.example.com --endpoint 192.0.2.1", "a.plan");
    assert_eq!(other.code, Some(0), "{other:?}");
    assert!(other.stderr.contains("300 seconds"), "{other:?}");
    assert!(!stage.path().join("a.plan.applied").exists());
}

#[test]
fn a_plan_of_a_service_file_says_how_it_is_carried_out_and_what_the_service_speaks() {
    let stage = Stage::new();
    stage.write("zone.db", ZONE);
    let service = "host = \"www.example.com\"\nmode = \"tcp\"\nupstream = \"127.0.0.1:1\"\nendpoint = \"192.0.2.1\"\n";
    stage.write("keyway.toml", service);
    let made = stage.run("dns plan --https --zone-file zone.db --out plan.json");
    let words: Vec<&str> = made.stdout.split_whitespace().collect();
    let text = words.join(" ");
    assert!(
        text.contains("`keyway dns apply keyway.toml --plan plan.json` carries it out"),
        "{made:?}"
    );
    assert!(
        text.contains("alpn=http/1.1 ") || text.contains("alpn=\"http/1.1\""),
        "{made:?}"
    );
}
