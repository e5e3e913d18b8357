//! Where aliases come to lead: what a plan sees of that, and what carrying it out does, at real name servers.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod name_servers;
mod stage;

use name_servers::NameServer;
use stage::{Run, Stage};

/// The other zone of its endpoint has IPv6, too.
const BOTH: &str = "$TTL 300\n@ SOA ns a 1 3600 600 86400 2\n@ NS ns\nns A 127.0.0.1\nlb A 192.0.2.7\nlb AAAA 2001:db8::7\n";

const ZONE: &str = "$ORIGIN example.com.
$TTL 300
@ SOA ns1 admin 1 3600 600 86400 2
@ NS ns1
ns1 A 127.0.0.1
live A 192.0.2.9
*.w A 192.0.2.7
*.w TXT \"x\"
";

fn plan(stage: &Stage, server: &NameServer, need: &str) -> Run {
    stage.run(&format!(
        "dns plan {need} --server {} --out plan.json",
        server.address()
    ))
}

#[test]
fn what_stands_below_a_name_hides_the_wildcard_that_an_alias_would_lead_to() {
    for below in [
        "_acme-challenge.a.w TXT t",
        "*.a.w TXT t",
        "x.y.a.w A 192.0.2.1",
    ] {
        let zone = format!("{ZONE}{below}\nal.w CNAME a.w\n");
        let server = NameServer::bind(&zone, &[]);
        let stage = Stage::new();
        for (host, endpoint) in [
            ("b.w", "a.w"),
            ("live", "a.w"),
            ("b.w", "al.w"),
            ("al.w", "a.w"),
        ] {
            let need =
                format!("--host {host}.example.com --endpoint {endpoint}.example.com --settled");
            let refused = plan(&stage, &server, &need);
            assert_eq!(refused.code, Some(1), "{below} {need}: {refused:?}");
            assert!(
                refused.stdout.contains("alias-leads-nowhere"),
                "{refused:?}"
            );
        }
        // It may lead to what is not hidden.
        let need = "--host live.example.com --endpoint b.w.example.com --settled";
        let made = plan(&stage, &server, need);
        assert_eq!(made.code, Some(0), "{below}: {made:?}");
        // And have records of its own.
        let need = "--host a.w.example.com --endpoint 192.0.2.1 --settled";
        let made = plan(&stage, &server, need);
        assert_eq!(made.code, Some(0), "{below}: {made:?}");
        // It is given nothing that it could lose, nor what it never had.
        let need = "--host a.w.example.com --endpoint 2001:db8::1 --settled";
        let made = plan(&stage, &server, need);
        assert!(
            made.stdout.contains("1 change in 1 step"),
            "{below}: {made:?}"
        );
        assert!(
            !made.stdout.contains("wildcard-shadows"),
            "{below}: {made:?}"
        );
    }
}

#[test]
fn a_target_of_another_zone_that_lost_its_address_meanwhile_is_led_to_by_nobody() {
    let other = "@ 2 SOA ns a 1 3600 600 86400 2\n@ NS ns\nns 2 A 127.0.0.1\nlb 2 A 192.0.2.7\n";
    let zones = [
        ("example.com", ZONE, ""),
        ("example.net", &format!("$TTL 2\n{other}"), ""),
    ];
    let server = NameServer::bind_zones(&zones, &["hmac-sha256"]);
    let resolver = NameServer::unbound_of(&server, &["example.com", "example.net"]);
    let stage = Stage::new();
    let asked = format!("--resolver {} --port {}", resolver.address(), server.port);
    for host in ["live", "new"] {
        let need = format!("--host {host}.example.com --endpoint lb.example.net --settled {asked}");
        let made = plan(&stage, &server, &need);
        assert_eq!(made.code, Some(0), "{made:?}");
        let gone = "server 127.0.0.1\nzone example.net\nupdate delete lb.example.net A\nsend\n";
        let gone = gone.replace("server 127.0.0.1\n", "");
        assert_eq!(server.try_update("hmac-sha256", &gone), "");
        std::thread::sleep(std::time::Duration::from_secs(3));
        let line = format!(
            "dns apply --plan plan.json --server {} {asked} --no-other-servers --tsig {}",
            server.address(),
            server.path("hmac-sha256.key").display()
        );
        let run = stage.run(&line);
        let told = run.stderr.contains("an address of lb.example.net.");
        // A name that led nowhere has nothing to lose.
        let (code, is_told) = if host == "live" {
            (2, true)
        } else {
            (0, false)
        };
        assert_eq!((run.code, told), (Some(code), is_told), "{run:?}");
        let back = "zone example.net\nupdate add lb.example.net 2 A 192.0.2.7\nsend\n";
        assert_eq!(server.try_update("hmac-sha256", back), "");
        std::thread::sleep(std::time::Duration::from_secs(3));
    }
    assert_eq!(server.dig("live.example.com", "A"), "192.0.2.9");
    // Where it is lost afterwards, it is told.
    let need = format!("--host live.example.com --endpoint lb.example.net --settled {asked}");
    let made = plan(&stage, &server, &need);
    assert_eq!(made.code, Some(0), "{made:?}");
    let line = format!(
        "dns apply --plan plan.json --server {} {asked} --no-other-servers --tsig {}",
        server.address(),
        server.path("hmac-sha256.key").display()
    );
    let run = stage.run(&line);
    assert_eq!(run.code, Some(0), "{run:?}");
    let gone = "zone example.net\nupdate delete lb.example.net A\nsend\n";
    assert_eq!(server.try_update("hmac-sha256", gone), "");
    std::thread::sleep(std::time::Duration::from_secs(3));
    let again = stage.run(&line);
    assert_eq!(again.code, Some(1), "{again:?}");
    assert!(again.stdout.contains("LEADS NOWHERE"), "{again:?}");
}

#[test]
fn the_name_of_a_zone_is_held_against_where_its_endpoint_is() {
    let other = "$TTL 300\n@ SOA ns a 1 3600 600 86400 2\n@ NS ns\nns A 127.0.0.1\nlb A 192.0.2.7\nlb A 192.0.2.8\n";
    let need = "--host example.com --host www.example.com --endpoint lb.example.net";
    for (address, code, rule) in [
        ("A 192.0.2.7", 0, "ALL AGREE"),
        ("A 192.0.2.66", 1, "dns.points-elsewhere"),
        ("A 192.0.2.7\n@ A 192.0.2.66", 1, "dns.points-elsewhere"),
        ("TXT none", 1, "dns.missing"),
    ] {
        let zone = format!("{ZONE}@ {address}\nwww CNAME lb.example.net.\n");
        let zones = [
            ("example.com", zone.as_str(), ""),
            ("example.net", other, ""),
        ];
        let server = NameServer::bind_zones(&zones, &[]);
        let resolver = NameServer::unbound_of(&server, &["example.com", "example.net"]);
        let stage = Stage::new();
        let asked = format!(
            "--server {} --resolver {} --no-other-servers",
            server.address(),
            resolver.address()
        );
        let seen = stage.run(&format!("dns verify {need} {asked} --zone example.com"));
        assert_eq!(seen.code, Some(code), "{seen:?}");
        assert!(seen.stdout.contains(rule), "{seen:?}");
        assert!(!seen.stdout.contains("no CNAME record"), "{seen:?}");
        let seen = stage.run(&format!("dns verify {need} {asked} --ca ca.example"));
        let beside = "example.com. becomes an alias of";
        assert_eq!(seen.stderr.matches(beside).count(), 1, "{seen:?}");
        // What is beside it is planned all the same.
        let made = plan(
            &stage,
            &server,
            &format!("{need} --ca ca.example --settled"),
        );
        assert_eq!(made.code, Some(1), "{made:?}");
        // Where resolvers say that it leads there, the advice was followed.
        let made = plan(
            &stage,
            &server,
            &format!("{need} --resolver {} --settled", resolver.address()),
        );
        assert_eq!(made.code, Some(code), "{made:?}");
        // How the service is spoken to is for who comes to it: nobody knows that the name of the zone leads there.
        let made = plan(&stage, &server, &format!("{need} --https --settled"));
        assert!(!made.stdout.contains("HTTPS 1"), "{made:?}");
        let known = format!("{need} --https --resolver {} --settled", resolver.address());
        let made = plan(&stage, &server, &known);
        assert_eq!(
            made.stdout.contains("+ example.com. 300 HTTPS 1"),
            code == 0,
            "{made:?}"
        );
    }
}

#[test]
fn an_alias_whose_target_has_addresses_of_its_own_loses_none_to_what_comes_below_that() {
    let zone = format!("{ZONE}*.al CNAME lb\nlb A 192.0.2.1\n");
    let server = NameServer::bind(&zone, &[]);
    let stage = Stage::new();
    let need = "--host q.lb.example.com --host x.al.example.com --endpoint 192.0.2.9 --settled";
    let made = plan(&stage, &server, need);
    assert_eq!(made.code, Some(0), "{made:?}");
    // One that a wildcard gives its addresses loses them.
    let zone = format!("{ZONE}*.al CNAME lb.w\n");
    let server = NameServer::bind(&zone, &[]);
    let need = "--host q.lb.w.example.com --host x.al.example.com --endpoint 192.0.2.9 --settled";
    let refused = plan(&stage, &server, need);
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(
        refused.stdout.contains("alias-leads-nowhere"),
        "{refused:?}"
    );
}

#[test]
fn a_name_that_comes_to_its_target_by_another_alias_does_not_point_elsewhere() {
    let other =
        "$TTL 300\n@ SOA ns a 1 3600 600 86400 2\n@ NS ns\nns A 127.0.0.1\nlb A 192.0.2.7\n";
    let zone = format!("{ZONE}www CNAME app\napp CNAME lb.example.net.\nold CNAME live\n");
    let zones = [
        ("example.com", zone.as_str(), ""),
        ("example.net", other, ""),
    ];
    let server = NameServer::bind_zones(&zones, &[]);
    let stage = Stage::new();
    for (host, rule) in [
        ("www", "dns.other-records"),
        ("old", "dns.points-elsewhere"),
    ] {
        let seen = stage.run(&format!(
            "dns verify --host {host}.example.com --endpoint lb.example.net --server {} --no-other-servers",
            server.address()
        ));
        assert_eq!(seen.code, Some(1), "{seen:?}");
        let errors = seen.stdout.matches("error  dns.").count();
        assert_eq!((seen.stdout.contains(rule), errors), (true, 1), "{seen:?}");
    }
}

#[test]
fn an_alias_of_another_host_of_the_service_leads_where_that_one_does() {
    let zone = format!("{ZONE}@ A 192.0.2.7\nwww CNAME @\nold CNAME live\n*.all CNAME www\n");
    let server = NameServer::bind(&zone, &[]);
    let stage = Stage::new();
    let verify = |hosts: &[&str], endpoint: &str| {
        let hosts = hosts
            .iter()
            .map(|host| format!("--host {host}.example.com "));
        let hosts: String = hosts.collect();
        stage.run(&format!(
            "dns verify --host example.com {hosts} --endpoint {endpoint} --ca ca.example --https --server {} \
             --no-other-servers --zone example.com",
            server.address()
        ))
    };
    let seen = verify(&["www", "*.all"], "192.0.2.7");
    // What the host itself lacks is told of it alone.
    let told = |run: &Run, text: &str| run.stdout.contains(text);
    assert!(
        told(&seen, "www.example.com. CNAME: example.com."),
        "{seen:?}"
    );
    assert!(told(&seen, "*.all.example.com. CNAME: www"), "{seen:?}");
    assert!(!told(&seen, "dns.other-records"), "{seen:?}");
    assert!(!told(&seen, "www.example.com has no"), "{seen:?}");
    let hosts = "--host example.com --host www.example.com --endpoint 192.0.2.7";
    let at = server.address();
    let all = stage.run(&format!(
        "dns verify {hosts} --server {at} --no-other-servers"
    ));
    assert_eq!(all.code, Some(0), "{all:?}");
    let seen = verify(&["old"], "192.0.2.7");
    assert!(!told(&seen, "old.example.com. CNAME: live"), "{seen:?}");
    assert_eq!(seen.code, Some(1), "{seen:?}");
}

#[test]
fn a_ca_that_is_shut_out_above_an_alias_is_seen_where_servers_are_held_against_that_too() {
    let other =
        "$TTL 300\n@ SOA ns a 1 3600 600 86400 2\n@ NS ns\nns A 127.0.0.1\nlb A 192.0.2.7\n";
    let zone = format!("{ZONE}@ CAA 0 issue \"other.example\"\nwww CNAME lb.example.net.\n");
    let zones = [
        ("example.com", zone.as_str(), ""),
        ("example.net", other, ""),
    ];
    let server = NameServer::bind_zones(&zones, &[]);
    let stage = Stage::new();
    for (ca, code) in [("ca.example", 1), ("other.example", 0)] {
        let seen = stage.run(&format!(
            "dns verify --host www.example.com --endpoint lb.example.net --ca {ca} --server {} --no-other-servers",
            server.address()
        ));
        assert_eq!(seen.code, Some(code), "{seen:?}");
        assert_eq!(
            seen.stdout.contains("dns.caa-denies"),
            code == 1,
            "{seen:?}"
        );
    }
}

#[test]
fn the_name_of_a_zone_leads_as_its_endpoint_does_where_it_has_addresses_of_each_family() {
    let need = "--host example.com --endpoint lb.example.net";
    for (addresses, code) in [
        ("@ A 192.0.2.7\n@ AAAA 2001:db8::7\n", 0),
        ("@ A 192.0.2.7\n", 1),
        ("@ AAAA 2001:db8::7\n", 1),
    ] {
        let zone = format!("{ZONE}{addresses}");
        let zones = [
            ("example.com", zone.as_str(), ""),
            ("example.net", BOTH, ""),
        ];
        let server = NameServer::bind_zones(&zones, &[]);
        let resolver = NameServer::unbound_of(&server, &["example.com", "example.net"]);
        let stage = Stage::new();
        let need = format!("{need} --resolver {}", resolver.address());
        let made = plan(&stage, &server, &need);
        assert_eq!(made.code, Some(code), "{made:?}");
        let seen = stage.run(&format!(
            "dns verify {need} --server {} --no-other-servers",
            server.address()
        ));
        assert_eq!(seen.code, Some(code), "{seen:?}");
    }
}

#[test]
fn cas_are_let_in_above_a_wildcard_that_becomes_an_alias_save_where_that_is_one() {
    let other =
        "$TTL 300\n@ SOA ns a 1 3600 600 86400 2\n@ NS ns\nns A 127.0.0.1\nlb A 192.0.2.7\n";
    let zone = format!("{ZONE}led CNAME lb.example.net.\n@ CAA 0 issue \"other.example\"\n");
    let zones = [
        ("example.com", zone.as_str(), ""),
        ("example.net", other, ""),
    ];
    let server = NameServer::bind_zones(&zones, &[]);
    let stage = Stage::new();
    let need = "--endpoint lb.example.net --ca ca.example";
    let made = plan(&stage, &server, &format!("--host *.example.com {need}"));
    assert_eq!(made.code, Some(0), "{made:?}");
    for ca in ["ca.example", "other.example"] {
        let record = format!("+ example.com. 300 CAA 0 issuewild \"{ca}\"");
        assert!(made.stdout.contains(&record), "{made:?}");
    }
    assert!(!made.stderr.contains("becomes an alias"), "{made:?}");
    let made = plan(&stage, &server, &format!("--host *.led.example.com {need}"));
    assert_eq!(made.code, Some(0), "{made:?}");
    assert!(!made.stdout.contains("CAA"), "{made:?}");
    assert!(
        made.stderr.contains("led.example.com. is an alias"),
        "{made:?}"
    );
    let seen = stage.run(&format!(
        "dns verify --host *.led.example.com {need} --server {} --no-other-servers",
        server.address()
    ));
    assert!(!seen.stdout.contains("CAA"), "{seen:?}");
}
