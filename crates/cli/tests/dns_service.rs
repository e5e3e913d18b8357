//! What a service file says of its certificate and its issuer, held against the DNS: real name servers.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod name_servers;
mod stage;

use name_servers::NameServer;
use stage::{Run, Stage};

const ZONE: &str = "$ORIGIN example.com.\n$TTL 300\n@ SOA ns1 admin 1 3600 600 86400 2\n@ NS ns1\nns1 A 127.0.0.1\n\
                    www A 192.0.2.1\nother A 192.0.2.1\n";

const PIN: &str = "TLSA 3 1 1 aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00\n";

fn service(stage: &Stage, tls: &str) {
    stage.write(
        "keyway.toml",
        &format!(
            "host = [\"www.example.com\", \"other.example.com\"]\nendpoint = \"192.0.2.1\"\nupstream = \
             \"http://127.0.0.1:5001\"\n[tls]\n{tls}"
        ),
    );
}

/// What a command printed, whatever its lines are broken at.
fn text(run: &Run) -> String {
    let all = format!("{} {}", run.stdout, run.stderr);
    all.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn pins_of_other_keys_than_that_of_the_service_file_are_wrong_where_it_is_served() {
    let stage = Stage::new();
    service(
        &stage,
        "certificate = \"fullchain.pem\"\nkey = \"key.pem\"\n",
    );
    // Of a host that the certificate is not for it says nothing.
    for (host, code) in [("www", 1), ("other", 0)] {
        let zone = format!("{ZONE}_443._tcp.{host} {PIN}");
        let server = NameServer::bind(&zone, &[]);
        let at = format!("--server {}", server.address());
        stage.write("zone", &zone);
        for line in [
            format!("dns plan keyway.toml {at}"),
            "dns plan keyway.toml --zone-file zone".to_owned(),
            format!("dns verify keyway.toml {at} --no-other-servers"),
        ] {
            let run = stage.run(&line);
            let told = text(&run);
            assert_eq!(run.code, Some(code), "{line} {host}: {told}");
            let is_told = told.contains("dns.tlsa-mismatch");
            assert_eq!(is_told, code == 1, "{line} {host}: {told}");
        }
    }
    // Where TLS is disabled, nobody serves with it.
    let zone = format!("{ZONE}_443._tcp.www {PIN}");
    stage.write("zone", &zone);
    service(&stage, "status = \"disabled\"\n");
    let run = stage.run("dns plan keyway.toml --zone-file zone");
    assert_eq!(run.code, Some(0), "{run:?}");
}

#[test]
fn an_issuer_of_which_no_caa_record_is_planned_is_told() {
    let stage = Stage::new();
    stage.write("zone", ZONE);
    for (tls, told) in [
        ("issuer = \"letsencrypt\"\n", Some("as tls.status is not")),
        (
            "status = \"auto\"\nissuer = \"https://ca.example/directory\"\n",
            Some("--ca says it"),
        ),
        ("status = \"auto\"\nissuer = \"letsencrypt\"\n", None),
        ("status = \"auto\"\nissuer = \"local\"\n", None),
    ] {
        service(&stage, tls);
        let run = stage.run("dns plan keyway.toml --zone-file zone");
        assert_eq!(run.code, Some(0), "{run:?}");
        let words = text(&run);
        let is_told = words.contains("no CAA record is looked at");
        assert_eq!(is_told, told.is_some(), "{tls}: {words}");
        assert!(told.is_none_or(|told| words.contains(told)), "{words}");
        let named = stage.run("dns plan keyway.toml --zone-file zone --ca ca.example");
        assert!(!text(&named).contains("no CAA record"), "{named:?}");
    }
}

#[test]
fn what_keeps_a_name_from_becoming_an_alias_is_told_with_the_options_that_take_it_away() {
    let stage = Stage::new();
    let zone = format!("{ZONE}www HTTPS 1 . alpn=h2\nwww CAA 0 issue \"ca.example\"\n");
    stage.write("zone", &zone);
    let need =
        "dns plan --zone-file zone --host www.example.com --endpoint lb.example.net --settled";
    let refused = stage.run(need);
    assert_eq!(refused.code, Some(2), "{refused:?}");
    assert!(text(&refused).contains("--https takes HTTPS away"));
    let made = stage.run(&format!("{need} --https --ca ca.example"));
    assert_eq!(made.code, Some(0), "{made:?}");
    let told = text(&made);
    assert!(told.contains("PLAN 4 changes in 1 step"), "{told}");
}

#[test]
fn a_zone_file_of_another_zone_is_not_planned_against() {
    let stage = Stage::new();
    stage.write("zone", ZONE);
    let need = "dns plan --zone-file zone --endpoint 192.0.2.1 --settled";
    let other = stage.run(&format!("{need} --zone example.net --host www.example.net"));
    assert_eq!(other.code, Some(2), "{other:?}");
    let told = text(&other);
    assert!(
        told.contains("zone is the zone example.com, and not example.net"),
        "{told}"
    );
    // A part of one says nothing of that.
    stage.write("zone", "www.example.net. 300 A 192.0.2.1\n");
    let part = stage.run(&format!("{need} --zone example.net --host www.example.net"));
    assert_eq!(part.code, Some(0), "{part:?}");
}

#[test]
fn a_field_that_nobody_reads_is_told_before_anything_is_made_of_the_others() {
    let stage = Stage::new();
    stage.write("zone", ZONE);
    service(&stage, "status = \"auto\"\n[dns]\ntlt = 60\n");
    let told = text(&stage.run("dns plan keyway.toml --zone-file zone"));
    assert!(
        told.contains("`dns.tlt` is no field. Did you mean `ttl`?"),
        "{told}"
    );
    service(&stage, "status = \"auto\"\n[dns]\nttl = 60\n");
    let told = text(&stage.run("dns plan keyway.toml --zone-file zone"));
    assert!(!told.contains("is no field"), "{told}");
    let value = "LHDhK3oGRvkiefQnx7OOczTY5Tic_xZ6HcMOc_gmtoM";
    let both = format!("--challenge {value} --challenge-done {value}");
    let refused = stage.run(&format!("dns plan keyway.toml --zone-file zone {both}"));
    assert_eq!(refused.code, Some(2), "{refused:?}");
    assert!(
        text(&refused).contains("cannot both be made"),
        "{refused:?}"
    );
}

#[test]
fn a_ca_that_is_shut_out_where_an_alias_comes_to_lead_is_told_by_a_zone_file_too() {
    let stage = Stage::new();
    let zone = format!("{ZONE}lb A 192.0.2.7\nlb CAA 0 issue \"other.example\"\n");
    stage.write("zone", &zone);
    for (ca, code) in [("ca.example", 1), ("other.example", 0)] {
        let made = stage.run(&format!(
            "dns plan --zone-file zone --host www.example.com --endpoint lb.example.com --settled --ca {ca}"
        ));
        assert_eq!(made.code, Some(code), "{made:?}");
        assert_eq!(
            text(&made).contains("dns.caa-denies"),
            code == 1,
            "{made:?}"
        );
    }
    // Of what is not in it a file says nothing.
    let made = stage.run(
        "dns plan --zone-file zone --host www.example.com --endpoint lb.example.net --settled --ca ca.example",
    );
    assert_eq!(made.code, Some(0), "{made:?}");
}

#[test]
fn pins_by_an_alias_are_the_pins_of_the_name() {
    let stage = Stage::new();
    service(
        &stage,
        "certificate = \"fullchain.pem\"\nkey = \"key.pem\"\n",
    );
    stage.write("zone", ZONE);
    let lines = "dns plan --zone-file zone --host www.example.com --endpoint 192.0.2.1 --tlsa fullchain.pem --render zone";
    let made = stage.run(lines).stdout;
    let pin = made.split("TLSA").nth(1).unwrap().lines().next().unwrap();
    for (pin, code) in [(format!("TLSA {pin}\n"), 0), (PIN.to_owned(), 1)] {
        let zone = format!("{ZONE}_443._tcp.www CNAME pins\npins {pin}");
        stage.write("zone", &zone);
        let server = NameServer::bind(&zone, &[]);
        let at = format!("--server {} --no-other-servers", server.address());
        let need = "--host www.example.com --endpoint 192.0.2.1 --tlsa fullchain.pem";
        for line in [
            format!("dns verify {need} {at}"),
            format!("dns verify keyway.toml {at}"),
            format!("dns plan keyway.toml --server {}", server.address()),
            "dns plan keyway.toml --zone-file zone".to_owned(),
        ] {
            let run = stage.run(&line);
            let told = text(&run);
            assert_eq!(run.code, Some(code), "{line}: {told}");
            assert_eq!(
                told.contains("dns.tlsa-mismatch"),
                code == 1,
                "{line}: {told}"
            );
        }
    }
}

#[test]
fn pins_by_an_alias_into_another_zone_are_the_pins_of_the_name() {
    let stage = Stage::new();
    service(
        &stage,
        "certificate = \"fullchain.pem\"\nkey = \"key.pem\"\n",
    );
    stage.write("zone", ZONE);
    let lines = "dns plan --zone-file zone --host www.example.com --endpoint 192.0.2.1 --tlsa fullchain.pem --render zone";
    let made = stage.run(lines).stdout;
    let pin = made.split("TLSA").nth(1).unwrap().lines().next().unwrap();
    for (pin, code) in [(format!("TLSA {pin}\n"), 0), (PIN.to_owned(), 1)] {
        let zone = format!("{ZONE}_443._tcp.www CNAME pins.example.net.\n");
        let beyond =
            format!("@ 60 SOA ns a 1 2 3 4 5\n@ 60 NS ns\nns 60 A 127.0.0.1\npins 60 {pin}");
        let both = [
            ("example.com", zone.as_str(), ""),
            ("example.net", &beyond, ""),
        ];
        // Which follows an alias to no other zone.
        let server = NameServer::bind_zones(&both, &[]);
        let resolver = NameServer::unbound_of(&server, &["example.com", "example.net"]);
        let (at, resolver) = (server.address(), resolver.address());
        let run = stage.run(&format!(
            "dns plan keyway.toml --server {at} --resolver {resolver}"
        ));
        let told = text(&run);
        assert_eq!(run.code, Some(code), "{told}");
        assert_eq!(told.contains("dns.tlsa-mismatch"), code == 1, "{told}");
    }
}
