//! What is somebody else's, or is served elsewhere, is told of and left alone: real name servers.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod name_servers;
mod stage;

use name_servers::NameServer;
use stage::{Run, Stage};

const PIN: &str = "2 1 1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

fn zone(lines: &str) -> String {
    format!(
        "$ORIGIN example.com.\n$TTL 300\n@ SOA ns1 admin 1 3600 600 86400 2\n@ NS ns1\nns1 A 127.0.0.1\n\
         www A 192.0.2.9\n{lines}"
    )
}

fn plan(stage: &Stage, server: &NameServer, more: &str) -> Run {
    stage.run(&format!(
        "dns plan --server {} --settled --out plan.json {more}",
        server.address()
    ))
}

fn apply(stage: &Stage, server: &NameServer, more: &str) -> Run {
    let key = server.path("hmac-sha256.key");
    stage.run(&format!(
        "dns apply --plan plan.json --server {} --no-other-servers --tsig {} {more}",
        server.address(),
        key.display()
    ))
}

/// What a command printed, whatever its lines are broken at.
fn text(run: &Run) -> String {
    let all = format!("{} {}", run.stdout, run.stderr);
    all.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_pin_of_another_kind_goes_only_where_somebody_says_so() {
    let server = NameServer::bind(
        &zone(&format!("_443._tcp.www TLSA {PIN}\n")),
        &["hmac-sha256"],
    );
    let stage = Stage::new();
    let need = "--host www.example.com --endpoint 192.0.2.9 --tlsa fullchain.pem";
    let made = plan(&stage, &server, need);
    assert_eq!(made.code, Some(0), "{made:?}");
    assert!(text(&made).contains("dns.others-stay"), "{made:?}");
    assert_eq!(apply(&stage, &server, "").code, Some(0));
    let pins = server.dig("_443._tcp.www.example.com", "TLSA");
    assert!(
        pins.contains("2 1 1 AAAA") && pins.contains("3 1 1 "),
        "{pins}"
    );
    let seen = stage.run(&format!(
        "dns verify {need} --server {} --no-other-servers",
        server.address()
    ));
    assert_eq!(seen.code, Some(0), "{seen:?}");
    let made = plan(&stage, &server, &format!("{need} --replace-others"));
    assert!(text(&made).contains("dns.foreign-pin-goes"), "{made:?}");
    assert_eq!(apply(&stage, &server, "--key-switched").code, Some(0));
    let pins = server.dig("_443._tcp.www.example.com", "TLSA");
    assert!(!pins.contains("2 1 1"), "{pins}");
}

#[test]
fn a_name_in_another_zone_of_the_same_server_is_not_planned_for_in_the_zone_above() {
    let child = "$TTL 300\n@ SOA ns1.example.com. admin 1 2 3 4 5\n@ NS ns1.example.com.\nold A 192.0.2.1\n";
    let above = zone("sub NS ns1\n");
    let zones = [
        ("example.com", above.as_str(), ""),
        ("sub.example.com", child, ""),
    ];
    let server = NameServer::bind_zones(&zones, &["hmac-sha256"]);
    let stage = Stage::new();
    for host in [
        "new.sub.example.com",
        "old.sub.example.com",
        "sub.example.com",
    ] {
        let need = format!("--host {host} --endpoint 192.0.2.8 --zone example.com");
        let refused = plan(&stage, &server, &need);
        assert_eq!(refused.code, Some(2), "{refused:?}");
        let seen = stage.run(&format!(
            "dns verify {need} --server {} --no-other-servers",
            server.address()
        ));
        assert_eq!(seen.code, Some(2), "{seen:?}");
        for run in [refused, seen] {
            let told = text(&run);
            assert!(
                told.contains("has a zone sub.example.com. of its own"),
                "{told}"
            );
            assert!(told.contains("--zone sub.example.com,"), "{told}");
        }
    }
    let need = "--host new.sub.example.com --endpoint 192.0.2.8 --zone sub.example.com";
    let made = plan(&stage, &server, need);
    assert_eq!(made.code, Some(0), "{made:?}");
}

#[test]
fn a_ca_that_may_not_issue_where_an_alias_leads_is_a_finding() {
    let server = NameServer::bind(
        &zone(
            "@ CAA 0 issue \"letsencrypt.org\"\nlb A 192.0.2.7\nlb CAA 0 issue \"digicert.com\"\n",
        ),
        &[],
    );
    let stage = Stage::new();
    let of = |endpoint: &str, ca: &str| {
        let need = format!("--host new.example.com --endpoint {endpoint} --ca {ca}");
        let made = plan(&stage, &server, &need);
        (made.code, text(&made).contains("dns.caa-denies"))
    };
    // The target says it, or else what is above the host.
    assert_eq!(of("lb.example.com", "letsencrypt.org"), (Some(1), true));
    assert_eq!(of("lb.example.com", "digicert.com"), (Some(0), false));
    assert_eq!(of("www.example.com", "digicert.com"), (Some(1), true));
    assert_eq!(of("www.example.com", "letsencrypt.org"), (Some(0), false));
}

#[test]
fn a_certificate_that_is_not_for_the_host_does_not_agree() {
    let server = NameServer::bind(&zone("stranger A 127.0.0.1\n"), &[]);
    let stage = Stage::new();
    let told = |host: &str| {
        let seen = stage.run(&format!(
            "dns verify --host {host} --endpoint 127.0.0.1 --server {} --no-other-servers --cert fullchain.pem \
             --connect-port 1 --timeout 1",
            server.address()
        ));
        assert_eq!(seen.code, Some(1), "{seen:?}");
        text(&seen).contains("dns.certificate-not-for-host")
    };
    assert!(told("stranger.example.com"));
    assert!(!told("www.example.com"));
    // Clients come to the port of the endpoint.
    let seen = stage.run(&format!(
        "dns verify --host www.example.com --endpoint https://127.0.0.1:1/ --server {} --no-other-servers --cert \
         fullchain.pem --timeout 1",
        server.address()
    ));
    assert!(text(&seen).contains("192.0.2.9:1"), "{seen:?}");
}

#[test]
fn a_plan_that_is_done_says_which_servers_are_behind() {
    let server = NameServer::bind(&zone(""), &["hmac-sha256"]);
    let behind = NameServer::nsd(&zone(""));
    let stage = Stage::new();
    let made = plan(
        &stage,
        &server,
        "--host www.example.com --endpoint 192.0.2.8",
    );
    assert_eq!(made.code, Some(0), "{made:?}");
    let other = format!("--server {}", behind.address());
    for word in ["DONE", "STANDS"] {
        let done = apply(&stage, &server, &other);
        assert_eq!(done.code, Some(0), "{done:?}");
        assert!(done.stdout.starts_with(word), "{done:?}");
        let words = format!("Not known to have all of it yet: {}", behind.address());
        assert!(text(&done).contains(&words), "{done:?}");
    }
    let alone = apply(&stage, &server, "");
    assert!(!text(&alone).contains("Not known to have"), "{alone:?}");
}

#[test]
fn a_resolver_that_keeps_an_alias_of_a_wildcard_is_told_with_its_time() {
    let server = NameServer::bind(&zone("*.w 7200 CNAME www\n"), &["hmac-sha256"]);
    let resolver = NameServer::unbound(&server);
    let stage = Stage::new();
    resolver.dig("h.w.example.com", "A");
    let made = plan(
        &stage,
        &server,
        "--host h.w.example.com --endpoint 192.0.2.8",
    );
    assert_eq!(made.code, Some(0), "{made:?}");
    assert_eq!(apply(&stage, &server, "").code, Some(0));
    let seen = stage.run(&format!(
        "dns verify --plan plan.json --server {} --no-other-servers --resolver {}",
        server.address(),
        resolver.address()
    ));
    let told = text(&seen);
    assert!(told.contains("dns.old-in-cache"), "{told}");
    assert!(
        told.contains("keeps the CNAME records of before for h.w.example.com."),
        "{told}"
    );
    assert!(!told.contains("dns.negative-cache"), "{told}");
}

#[test]
fn a_zone_that_a_resolver_makes_up_itself_is_said_to_be_one() {
    let server = NameServer::bind(&zone(""), &[]);
    let resolver = NameServer::unbound(&server);
    let stage = Stage::new();
    let refused = stage.run(&format!(
        "dns plan --host www.nowhere.invalid --endpoint 192.0.2.8 --resolver {} --out plan.json",
        resolver.address()
    ));
    assert_eq!(refused.code, Some(2), "{refused:?}");
    assert!(text(&refused).contains("makes up itself"), "{refused:?}");
}

#[test]
fn a_name_with_pins_that_moves_without_them_is_told_of() {
    let pin = "3 1 1 AA00AA00AA00AA00AA00AA00AA00AA00AA00AA00AA00AA00AA00AA00AA00AA00";
    let server = NameServer::bind(&zone(&format!("_25._tcp.www TLSA {pin}\n")), &[]);
    let stage = Stage::new();
    let made = plan(
        &stage,
        &server,
        "--host www.example.com --endpoint 192.0.2.8",
    );
    assert_eq!(made.code, Some(0), "{made:?}");
    let told = text(&made);
    assert!(told.contains("dns.pins-stay"), "{told}");
    assert!(told.contains("_25._tcp.www.example.com stay"), "{told}");
    let stays = plan(
        &stage,
        &server,
        "--host www.example.com --endpoint 192.0.2.9",
    );
    assert!(!text(&stays).contains("dns.pins-stay"), "{stays:?}");
    // Pins of other keys alone are what DANE clients refuse.
    let seen = stage.run(&format!(
        "dns verify --host www.example.com --endpoint 192.0.2.9 --tlsa fullchain.pem --tlsa-port 25 --server {} \
         --no-other-servers",
        server.address()
    ));
    assert_eq!(seen.code, Some(1), "{seen:?}");
    assert!(text(&seen).contains("dns.tlsa-mismatch"), "{seen:?}");
    // Which key is served nobody has looked at.
    let told = "and not the key of the certificate that was named";
    assert!(text(&seen).contains(told), "{seen:?}");
    assert!(!text(&seen).contains("dns.other-records"), "{seen:?}");
}

#[test]
fn a_server_that_gives_other_records_than_the_plan_was_made_from_is_told_of() {
    let server = NameServer::bind(&zone(""), &[]);
    let older = zone("").replace("192.0.2.9", "192.0.2.7");
    let stage = Stage::new();
    for (other, told) in [
        (
            older.clone(),
            "for www.example.com. A in the same version of the zone, 1: it will not fetch any",
        ),
        (
            older.replace("admin 1", "admin 7"),
            "(its zone is version 7, the plan was made from 1)",
        ),
    ] {
        let other = NameServer::nsd(&other);
        let made = plan(
            &stage,
            &server,
            &format!(
                "--host www.example.com --endpoint 192.0.2.9 --ttl 300 --server {}",
                other.address()
            ),
        );
        assert_eq!(made.code, Some(0), "{made:?}");
        let text = text(&made);
        assert!(text.contains("NOTHING TO DO"), "{text}");
        assert!(text.contains("dns.servers-differ"), "{text}");
        assert!(text.contains(told), "{text}");
    }
    let same = NameServer::nsd(&zone(""));
    let need = format!(
        "--host www.example.com --endpoint 192.0.2.8 --server {}",
        same.address()
    );
    let made = text(&plan(&stage, &server, &need));
    assert!(!made.contains("dns.servers-differ"), "{made}");
}

#[test]
fn the_port_of_an_endpoint_is_that_of_its_records_and_another_one_is_told_of() {
    let stage = Stage::new();
    std::fs::write(stage.path().join("zone"), zone("")).unwrap();
    let need = "dns plan --zone-file zone --host www.example.com --tlsa fullchain.pem --https";
    let made = stage.run(&format!("{need} --endpoint https://192.0.2.9:8443/score"));
    assert_eq!(made.code, Some(0), "{made:?}");
    let told = text(&made);
    assert!(
        told.contains("_8443._tcp.www.example.com. 300 TLSA 3 1 1"),
        "{told}"
    );
    assert!(
        told.contains("_8443._https.www.example.com. 300 HTTPS 1 www.example.com. alpn"),
        "{told}"
    );
    assert!(!told.contains("dns.other-port"), "{told}");
    std::fs::write(
        stage.path().join("keyway.toml"),
        "host = \"www.example.com\"\nendpoint = \"192.0.2.9\"\nupstream = \"http://127.0.0.1:5001\"\n\
         listen = \"[::]:8443\"\n[tls]\ncertificate = \"fullchain.pem\"\nkey = \"key.pem\"\n",
    )
    .unwrap();
    let made = stage.run("dns plan keyway.toml --zone-file zone --tlsa fullchain.pem --https");
    let told = text(&made);
    assert!(
        told.contains(
            "TLSA, HTTPS records are made for port 443, and the service is said to be at [::]:8443"
        ),
        "{told}"
    );
    let made = stage.run(&format!("{need} --endpoint http://192.0.2.9:8080/score"));
    assert!(
        text(&made).contains("is said to be at http://192.0.2.9:8080/score"),
        "{made:?}"
    );
    let made = stage.run("dns plan keyway.toml --zone-file zone");
    assert!(!text(&made).contains("dns.other-port"), "{made:?}");
}
