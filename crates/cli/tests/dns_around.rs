//! Plans against a real name server: what is around the names is asked, too.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod name_servers;
mod stage;

use name_servers::NameServer;
use stage::{Run, Stage};

const ZONE: &str = "$ORIGIN example.com.
$TTL 300
@ SOA ns1 admin 1 3600 600 86400 2
@ NS ns1
@ MX 0 post
@ CAA 0 issue \"digicert.com\"
ns1 A 127.0.0.1
post A 192.0.2.25
live A 192.0.2.9
www A 192.0.2.9
ali CNAME www
_acme-challenge.live CNAME live.acme.example.net.
*.w A 192.0.2.7
*.w TXT \"x\"
moved DNAME elsewhere.example.net.
bad CNAME nope
one CNAME two
two CNAME one
sick CNAME host.broken.example.
kid NS ns.example.net.
";

fn plan(stage: &Stage, server: &NameServer, need: &str) -> Run {
    stage.run(&format!(
        "dns plan {need} --server {} --out plan.json",
        server.address()
    ))
}

#[test]
fn an_alias_is_not_planned_that_leads_nowhere_in_the_zone() {
    let server = NameServer::bind(ZONE, &[]);
    let stage = Stage::new();
    for (need, words) in [
        (
            "--host live.example.com --endpoint nope.example.com",
            "nope.example.com. has no address",
        ),
        (
            "--host www.example.com --endpoint ali.example.com",
            "comes back to www.example.com",
        ),
        (
            "--host www.example.com --endpoint one.example.com",
            "comes back to one.example.com",
        ),
    ] {
        let refused = plan(&stage, &server, need);
        assert_eq!(refused.code, Some(1), "{refused:?}");
        assert!(refused.stdout.starts_with("NO PLAN"), "{}", refused.stdout);
        let text = refused
            .stdout
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(!stage.path().join("plan.json").exists());
    // A server fails at an alias that comes back to itself. It can be mended all the same.
    let mended = "--host one.example.com --host www.example.com --endpoint 192.0.2.8";
    let made = plan(&stage, &server, mended);
    assert_eq!(made.code, Some(0), "{made:?}");
    let gone = "- one.example.com. 300 CNAME two.example.com.";
    assert!(made.stdout.contains(gone), "{}", made.stdout);
    // A wildcard answers for this one.
    let made = plan(
        &stage,
        &server,
        "--host live.example.com --endpoint a.w.example.com",
    );
    assert_eq!(made.code, Some(0), "{made:?}");
}

#[test]
fn a_target_in_another_zone_is_looked_up() {
    let server = NameServer::bind_zones(
        &[
            ("example.com", ZONE, ""),
            (
                "example.net",
                "@ 300 SOA ns a 1 2 3 4 5\n@ 300 NS ns\nns 300 A 127.0.0.1\nback 300 CNAME www.example.com.\n",
                "",
            ),
        ],
        &[],
    );
    let zones = ["example.com", "example.net", "broken.example"];
    let resolver = NameServer::unbound_of(&server, &zones);
    let stage = Stage::new();
    let asked = format!("--resolver {}", resolver.address());
    let made = plan(
        &stage,
        &server,
        &format!("--host not-yet.example.com --endpoint lb.example.net {asked}"),
    );
    assert_eq!(made.code, Some(0), "{made:?}");
    assert!(
        made.stdout.contains("dns.target-unknown"),
        "{}",
        made.stdout
    );
    // A name that has an address would lose it.
    let refused = plan(
        &stage,
        &server,
        &format!("--host live.example.com --endpoint lb.example.net {asked}"),
    );
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(
        refused.stdout.contains("dns.alias-leads-nowhere"),
        "{}",
        refused.stdout
    );
    let made = plan(
        &stage,
        &server,
        &format!("--host live.example.com --endpoint ns.example.net {asked}"),
    );
    assert!(!made.stdout.contains("dns.target-"), "{}", made.stdout);
    // What nobody could see is told.
    let unseen = [
        ("host.broken.example", asked.as_str()),
        ("ns.example.net", ""),
        ("lb.kid.example.com", ""),
    ];
    for (target, asked) in unseen {
        let need = format!("--host live.example.com --endpoint {target} {asked}");
        let made = plan(&stage, &server, &need);
        assert!(made.stdout.contains("dns.target-unseen"), "{made:?}");
    }
    let back = format!("--host www.example.com --endpoint back.example.net {asked}");
    let back = plan(&stage, &server, &back);
    assert_eq!(back.code, Some(1), "{back:?}");
    let text = back.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("comes back to www.example.com"), "{text}");
}

#[test]
fn names_that_come_to_be_below_a_wildcard_are_told_of_and_applied() {
    let server = NameServer::bind(ZONE, &["hmac-sha256"]);
    let stage = Stage::new();
    let made = plan(
        &stage,
        &server,
        "--host a.b.w.example.com --endpoint 192.0.2.1 --format json",
    );
    let findings = made.json()["findings"].as_array().unwrap().clone();
    let names: Vec<&str> = findings
        .iter()
        .filter_map(|finding| finding["evidence"]["name"].as_str())
        .collect();
    assert_eq!(
        names,
        ["a.b.w.example.com.", "b.w.example.com."],
        "{findings:?}"
    );
    for finding in &findings[..2] {
        assert_eq!(finding["evidence"]["wildcard"], "*.w.example.com.");
    }
    // A wildcard below another one is made, although the server seems to have it.
    let made = plan(
        &stage,
        &server,
        "--host *.x.w.example.com --endpoint 192.0.2.1",
    );
    assert_eq!(made.code, Some(0), "{made:?}");
    assert!(!made.stdout.contains("192.0.2.7"), "{}", made.stdout);
    let key = server.path("hmac-sha256.key");
    let done = stage.run(&format!(
        "dns apply --plan plan.json --server {} --tsig {}",
        server.address(),
        key.display()
    ));
    assert_eq!(done.code, Some(0), "{done:?}");
    assert_eq!(server.dig("a.x.w.example.com", "A"), "192.0.2.1");
    assert_eq!(server.dig("x.w.example.com", "A"), "");
}

#[test]
fn what_is_above_a_name_counts() {
    let server = NameServer::bind(ZONE, &[]);
    let stage = Stage::new();
    let cas = plan(
        &stage,
        &server,
        "--host www.example.com --endpoint 192.0.2.9 --ca letsencrypt.org",
    );
    assert!(
        cas.stdout
            .contains("+ www.example.com. 300 CAA 0 issue \"digicert.com\""),
        "{}",
        cas.stdout
    );
    assert!(!cas.stderr.contains("not found out"), "{}", cas.stderr);
    // What no server of the zone can say is not passed over.
    let bare = NameServer::nsd(&ZONE.replace("@ CAA", "other CAA"));
    let need = "--host www.example.com --endpoint 192.0.2.9 --ca letsencrypt.org";
    let open = plan(&stage, &bare, need);
    let told = "whether com has CAA records was not found out (no resolver is named";
    assert!(open.stderr.contains(told), "{}", open.stderr);
    let moved = plan(
        &stage,
        &server,
        "--host a.moved.example.com --endpoint 192.0.2.9",
    );
    assert_eq!(moved.code, Some(1), "{moved:?}");
    assert!(moved.stdout.contains("dns.below-dname"), "{}", moved.stdout);
    let beside = plan(
        &stage,
        &server,
        "--host live.example.com --endpoint 192.0.2.9 --challenge LHDhK3oGRvkiefQnx7OOczTY5Tic_xZ6HcMOc_gmtoM",
    );
    assert_eq!(beside.code, Some(2), "{beside:?}");
    assert!(
        beside.stderr.contains("live.acme.example.net"),
        "{}",
        beside.stderr
    );
    let post = plan(
        &stage,
        &server,
        "--host post.example.com --endpoint live.example.com",
    );
    assert!(
        post.stdout.contains("dns.target-is-alias"),
        "{}",
        post.stdout
    );
}

#[test]
fn an_alias_that_leads_nowhere_does_not_agree() {
    let server = NameServer::bind(ZONE, &[]);
    let stage = Stage::new();
    for (host, target) in [("bad", "nope"), ("one", "two")] {
        let seen = stage.run(&format!(
            "dns verify --host {host}.example.com --endpoint {target}.example.com --server {}",
            server.address()
        ));
        assert_eq!(seen.code, Some(1), "{seen:?}");
        assert!(seen.stdout.contains("dns.no-address"), "{}", seen.stdout);
    }
    let right = stage.run(&format!(
        "dns verify --host ali.example.com --endpoint www.example.com --no-other-servers --server {}",
        server.address()
    ));
    assert_eq!(right.code, Some(0), "{right:?}");
}

#[test]
fn a_host_with_a_broken_alias_does_not_stop_the_others() {
    let server = NameServer::bind(ZONE, &[]);
    let resolver = NameServer::unbound_of(&server, &["example.com", "broken.example"]);
    let stage = Stage::new();
    let asked = format!(
        "--host sick.example.com --host www.example.com --endpoint 192.0.2.9 --ttl 300 --resolver {} --port {}",
        resolver.address(),
        server.port
    );
    let seen = stage.run(&format!("dns verify {asked}"));
    assert_eq!(seen.code, Some(1), "{seen:?}");
    assert!(
        seen.stdout.contains("www.example.com. A: 192.0.2.9"),
        "{}",
        seen.stdout
    );
    // Why the resolver has no answer is told.
    assert!(
        seen.stdout.contains("dns.resolver-fails"),
        "{}",
        seen.stdout
    );
    assert!(seen.stdout.contains("SERVFAIL"), "{}", seen.stdout);
    let made = stage.run(&format!("dns plan {asked}"));
    assert_eq!(made.code, Some(0), "{made:?}");
    assert!(
        made.stdout.contains("- sick.example.com. 300 CNAME"),
        "{}",
        made.stdout
    );
}

#[test]
fn a_plan_in_several_documents_has_nothing_between_them() {
    let server = NameServer::bind(
        &format!("{ZONE}_443._tcp.www TLSA 3 1 1 {}\n", "aa".repeat(32)),
        &[],
    );
    let stage = Stage::new();
    let made = plan(
        &stage,
        &server,
        "--host www.example.com --endpoint 192.0.2.9 --tlsa fullchain.pem --render route53",
    );
    let mut documents =
        serde_json::Deserializer::from_str(&made.stdout).into_iter::<serde_json::Value>();
    assert!(
        documents.by_ref().all(|document| document.is_ok()),
        "{}",
        made.stdout
    );
    assert!(made.stderr.contains("300 seconds after"), "{}", made.stderr);
}

#[test]
fn a_record_that_is_over_before_it_is_made_is_refused() {
    let stage = Stage::new();
    let made = stage.run(
        "dns plan --host www.example.com --endpoint 192.0.2.80 --zone-file plain.db --ca ca.example \
         --account https://ca.example/1 --persist --persist-until 2001-01-01",
    );
    assert_eq!((made.code, made.stdout.as_str()), (Some(2), ""), "{made:?}");
    assert!(made.stderr.contains("is past: no CA takes"), "{made:?}");
}

#[test]
fn what_should_be_known_of_a_plan_is_told_beside_every_form_of_it() {
    let stage = Stage::new();
    let zone = "$ORIGIN example.com.\n@ 300 SOA ns1 a 1 2 3 4 5\n@ 300 NS ns1\nns1 300 A 192.0.2.53\n\
                @ 300 MX 0 www\nwww 90000 A 192.0.2.1\n";
    std::fs::write(stage.path().join("zone.db"), zone).unwrap();
    let need = "dns plan --host www.example.com --endpoint lb.example.net --zone-file zone.db";
    let plain = stage.run(need);
    assert!(plain.stdout.contains("dns.target-is-alias"), "{plain:?}");
    for form in ["zone", "nsupdate", "card"] {
        let run = stage.run(&format!("{need} --render {form}"));
        for code in ["dns.target-is-alias", "dns.ttl-too-long-for-change"] {
            assert!(run.stderr.contains(code), "{form}: {run:?}");
            assert!(!run.stdout.contains(code), "{form}: {run:?}");
        }
    }
}

#[test]
fn a_server_of_the_zone_is_not_planned_to_be_an_alias() {
    let server = NameServer::bind(ZONE, &[]);
    let stage = Stage::new();
    let refused = plan(
        &stage,
        &server,
        "--host ns1.example.com --endpoint www.example.com",
    );
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.stdout.starts_with("NO PLAN"), "{}", refused.stdout);
    assert!(!stage.path().join("plan.json").exists());
}

#[test]
fn servers_that_only_the_zone_above_names_are_asked_too() {
    const CHILD: &str = "$TTL 300\n@ SOA ns1 a 1 2 3 4 5\n@ NS ns1\n@ NS ns.broken.example.\n\
        ns1 A 127.0.0.1\nwww A 192.0.2.9\n";
    const ABOVE: &str = "$TTL 300\n@ SOA ns a 1 2 3 4 5\n@ NS ns\nns A 127.0.0.2\n";
    let zones = [("sub.example.com", CHILD, ""), ("example.com", ABOVE, "")];
    let server = NameServer::bind_zones(&zones, &[]);
    // The zone above still names a server that has nothing of the zone.
    let above = format!(
        "$ORIGIN example.com.\n{ABOVE}sub NS ns1.sub\nsub NS old.sub\nns1.sub A 127.0.0.1\n\
         ns1.sub A 127.0.0.2\nold.sub A 127.0.0.2\n"
    );
    let _above = NameServer::nsd_at(&above, "127.0.0.2", server.port);
    let stage = Stage::new();
    let line = format!(
        "dns verify --host www.sub.example.com --endpoint 192.0.2.9 --ttl 300 --resolver {} --port {}",
        server.address(),
        server.port
    );
    let seen = stage.run(&line);
    assert_eq!(seen.code, Some(1), "{seen:?}");
    let text = seen.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    let lame = format!(
        "old.sub.example.com. (127.0.0.2:{}) does not answer for the zone",
        server.port
    );
    assert!(text.contains(&lame), "{text}");
    // Nor is one passed over of which nobody says where it is.
    assert!(
        text.contains(
            "ns.broken.example. does not answer for the zone: nobody can say which address"
        ),
        "{text}"
    );
    assert!(text.contains("SERVFAIL"), "{text}");
    // Nor an address that only the zone above gives.
    let glue = format!("ns1.sub.example.com. (127.0.0.2:{}) does not", server.port);
    assert!(text.contains(&glue), "{text}");
    // Who names one server asks no other, and nobody promises for those.
    let named = stage.run(&format!("{line} --server {}", server.address()));
    assert_eq!(named.code, Some(2), "{named:?}");
    assert!(named.stdout.starts_with("NOT KNOWN"), "{}", named.stdout);
    assert!(
        named.stdout.contains("Name them with --server"),
        "{}",
        named.stdout
    );
    for server in ["old.sub.example.com.", "ns.broken.example."] {
        assert!(named.stdout.contains(server), "{server}: {}", named.stdout);
    }
}
