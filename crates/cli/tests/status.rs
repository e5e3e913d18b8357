//! `keyway status` against real name servers and servers of TLS on loopback.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod name_servers;
mod outside;
mod stage;
mod tls_server;

use std::time::{Duration, Instant};

use keyway_testkit::{Chain, NOW, own_port};
use name_servers::{NameServer, silent};
use outside::{ZONE, codes, screen, seen, service, status};
use serde_json::{Value, json};
use stage::Stage;
use tls_server::TlsServer;

#[test]
fn the_certificate_of_the_file_is_seen_where_dns_leads() {
    let (stage, dns) = (Stage::new(), NameServer::bind(ZONE, &[]));
    let chain = Chain::good();
    let server = TlsServer::start(&chain);
    service(&stage, "www.example.com", server.port, "");
    let resolver = format!("--resolver {}", dns.address());
    let (run, told) = seen(&stage, &resolver);
    assert_eq!(run.code, Some(0), "{}", run.said());
    assert_eq!(told["asked"], dns.address());
    assert_eq!(told["dns"][0]["standing"], "right");
    assert_eq!(told["served"][0]["standing"], "same");
    assert_eq!(
        told["served"][0]["address"],
        format!("127.0.0.1:{}", server.port)
    );
    assert_eq!(told["not_checked"], json!([]));
    let text = screen(&stage, &resolver);
    assert!(
        text.contains("dns www.example.com points to 127.0.0.1, as it has to"),
        "{text}"
    );
    assert!(text.contains(": the certificate of the file"), "{text}");
    assert!(!text.contains("not seen"), "{text}");
    // The zone's own server says the same.
    let (run, told) = seen(&stage, &format!("--server {}", dns.address()));
    assert_eq!(run.code, Some(0), "{}", run.said());
    assert_eq!(told["served"][0]["standing"], "same");
}

#[test]
fn where_nobody_says_where_to_look_it_is_said_that_nothing_was_seen_and_what_to_type() {
    let (stage, dns) = (Stage::new(), NameServer::bind(ZONE, &[]));
    let resolver = format!("--resolver {}", dns.address());
    stage.write("keyway.toml", &outside::text("*.gone.example.com", "", ""));
    let text = screen(&stage, &resolver);
    assert!(text.contains("--sni any.gone.example.com`"), "{text}");
    for (listen, at) in [
        ("", "127.0.0.1:443"),
        ("listen = \"[::]:8443\"\n", "127.0.0.1:8443"),
        (
            "listen = [\"[::]:80\", \"192.0.2.1:8443\"]\n",
            "192.0.2.1:8443",
        ),
    ] {
        stage.write(
            "keyway.toml",
            &outside::text("gone.example.com", "", listen),
        );
        let (run, told) = seen(&stage, &resolver);
        assert_eq!(told["served"][0]["standing"], "unknown", "{}", run.said());
        assert_eq!(told["not_checked"], json!(["what the endpoint serves"]));
        let why = told["served"][0]["why"].as_str().unwrap();
        let typed = format!("`keyway check --connect {at} --sni gone.example.com`");
        assert!(why.contains(&typed) && why.contains("`endpoint`"), "{why}");
        let text = screen(&stage, &resolver);
        assert!(
            text.contains("served gone.example.com: unknown: DNS has no address"),
            "{text}"
        );
    }
}

#[test]
fn another_certificate_is_named_with_its_end_and_its_rule() {
    let (stage, dns) = (Stage::new(), NameServer::bind(ZONE, &[]));
    let old = Chain::with_leaf(|leaf| leaf.not_after(NOW + 86_400));
    let server = TlsServer::start(&old);
    service(&stage, "www.example.com", server.port, "");
    let resolver = format!("--resolver {}", dns.address());
    let (run, told) = seen(&stage, &resolver);
    assert_eq!(run.code, Some(1), "{}", run.said());
    assert_eq!(codes(&told), ["dns.other-certificate"]);
    let served = &told["served"][0];
    assert_eq!(served["standing"], "other");
    assert_eq!(served["certificate"]["subject"], "CN=www.example.com");
    assert_ne!(
        served["certificate"]["not_after"],
        told["certificates"][0]["not_after"]
    );
    let text = screen(&stage, &resolver);
    assert!(text.contains("another certificate:"), "{text}");
    assert!(
        text.contains("`keyway explain dns.other-certificate`"),
        "{text}"
    );
}

#[test]
fn a_host_that_is_an_alias_is_followed_to_where_it_is_served() {
    let (stage, dns) = (Stage::new(), NameServer::bind(ZONE, &[]));
    let server = TlsServer::start(&Chain::good());
    service(&stage, "alias.example.com", server.port, "");
    let resolver = format!("--resolver {}", dns.address());
    let (_, told) = seen(&stage, &resolver);
    assert_eq!(told["dns"][0]["found"], json!(["www.example.com."]));
    assert_eq!(told["dns"][0]["addresses"], json!(["127.0.0.1"]));
    assert_eq!(told["dns"][0]["standing"], "right");
    assert_eq!(codes(&told), Vec::<&str>::new());
    assert_eq!(told["served"][0]["standing"], "same", "{told}");
    let text = screen(&stage, &resolver);
    let right = "points to www.example.com, which is at 127.0.0.1, as it has to";
    assert!(text.contains(right), "{text}");
}

#[test]
fn nothing_that_listens_is_told_apart_from_what_speaks_no_tls() {
    let (stage, dns) = (Stage::new(), NameServer::bind(ZONE, &[]));
    let resolver = format!("--resolver {}", dns.address());
    service(&stage, "www.example.com", own_port(), "");
    let (run, told) = seen(&stage, &resolver);
    assert_eq!(run.code, Some(1), "{}", run.said());
    assert_eq!(told["served"][0]["standing"], "nothing");
    assert_eq!(codes(&told), ["dns.address-without-service"]);
    let plain = tls_server::plain();
    service(&stage, "www.example.com", plain, "");
    let (run, told) = seen(&stage, &resolver);
    assert_eq!(run.code, Some(1), "{}", run.said());
    assert_eq!(told["served"][0]["standing"], "no-tls");
    let text = screen(&stage, &resolver);
    assert!(text.contains("does not speak TLS"), "{text}");
}

#[test]
fn a_server_that_says_a_byte_now_and_then_is_left_in_time() {
    let (stage, dns) = (Stage::new(), NameServer::bind(ZONE, &[]));
    service(&stage, "www.example.com", tls_server::dripping(), "");
    let start = Instant::now();
    let (run, told) = seen(&stage, &format!("--resolver {} --timeout 1", dns.address()));
    assert!(start.elapsed() < Duration::from_secs(20), "{start:?}");
    assert_eq!(run.code, Some(1), "{}", run.said());
    assert_eq!(told["served"][0]["standing"], "no-tls");
    assert!(
        told["served"][0]["why"].as_str().unwrap().contains("1 s"),
        "{told}"
    );
}

#[test]
fn dns_that_leads_elsewhere_or_nowhere_is_told_with_its_rule() {
    let (stage, dns) = (Stage::new(), NameServer::bind(ZONE, &[]));
    let resolver = format!("--resolver {} --timeout 1", dns.address());
    for (host, standing, code, found) in [
        (
            "far.example.com",
            "elsewhere",
            "dns.points-elsewhere",
            json!(["192.0.2.9"]),
        ),
        ("gone.example.com", "missing", "dns.missing", json!([])),
    ] {
        let text = format!(
            "host = \"{host}\"\nendpoint = \"127.0.0.1:{}\"\ntls.status = \"disabled\"\n",
            own_port()
        );
        stage.write("keyway.toml", &text);
        let (run, told) = seen(&stage, &resolver);
        assert_eq!(run.code, Some(1), "{}", run.said());
        assert_eq!(told["dns"][0]["standing"], standing);
        assert_eq!(told["dns"][0]["found"], found);
        assert_eq!(told["dns"][0]["codes"], json!([code]));
        assert_eq!(codes(&told), [code]);
        let text = screen(&stage, &resolver);
        assert!(text.contains(&format!("`keyway explain {code}`")), "{text}");
        assert!(text.contains("`keyway dns verify keyway.toml`"), "{text}");
    }
}

#[test]
fn without_an_answer_from_dns_it_is_unknown_soon_and_no_error() {
    let stage = Stage::new();
    let (_first, one) = silent();
    let (_second, two) = silent();
    stage.write("keyway.toml", &outside::text("www.example.com", "", ""));
    for more in [
        format!("--resolver {one} --resolver {two} --timeout 1"),
        format!("--server {one} --server {two} --timeout 1"),
    ] {
        let start = Instant::now();
        let (run, told) = seen(&stage, &more);
        assert!(start.elapsed() < Duration::from_secs(20), "{start:?}");
        assert_eq!(run.code, Some(0), "{}", run.said());
        assert_eq!(told["dns"][0]["standing"], "unknown");
        assert_eq!(told["served"][0]["standing"], "unknown");
        assert_eq!(
            told["not_checked"],
            json!(["what the endpoint serves", "what DNS says"])
        );
        let why = told["dns"][0]["why"].as_str().unwrap();
        assert!(why.contains("did not answer"), "{why}");
    }
}

#[test]
fn a_server_of_another_zone_is_no_answer_and_the_next_one_is_asked() {
    let (stage, dns) = (Stage::new(), NameServer::bind(ZONE, &[]));
    let server = TlsServer::start(&Chain::good());
    service(&stage, "www.example.net", server.port, "");
    let (run, told) = seen(&stage, &format!("--server {}", dns.address()));
    assert_eq!(
        run.code,
        Some(1),
        "the certificate is for another name: {}",
        run.said()
    );
    assert_eq!(told["served"][0]["codes"], json!(["name.mismatch"]));
    assert_eq!(told["dns"][0]["standing"], "unknown");
    assert!(
        told["dns"][0]["why"].as_str().unwrap().contains("REFUSED"),
        "{told}"
    );
    let (_held, nobody) = silent();
    service(&stage, "www.example.com", server.port, "");
    let both = format!(
        "--resolver {nobody} --resolver {} --timeout 1",
        dns.address()
    );
    let (run, told) = seen(&stage, &both);
    assert_eq!(run.code, Some(0), "{}", run.said());
    assert_eq!(told["asked"], dns.address());
}

#[test]
fn a_managed_service_says_what_is_served_though_there_is_no_file_to_compare() {
    let (stage, dns) = (Stage::new(), NameServer::bind(ZONE, &[]));
    let server = TlsServer::start(&Chain::good());
    let text = format!(
        "host = \"www.example.com\"\nlisten = \"127.0.0.1:{}\"\n[tls]\nleaf_domain_label = \"www\"\n\
         zone = \"example.com\"\n",
        server.port
    );
    stage.write("keyway.toml", &text);
    let resolver = format!("--resolver {}", dns.address());
    let (_, told) = seen(&stage, &resolver);
    assert_eq!(told["served"][0]["standing"], "seen", "{told}");
    assert_eq!(told["dns"][0]["standing"], "seen");
    assert_eq!(codes(&told), Vec::<&str>::new());
    let text = screen(&stage, &resolver);
    assert!(text.contains("the file names none to compare"), "{text}");
    assert!(text.contains("the file says no endpoint"), "{text}");
}

#[test]
fn each_host_is_held_against_the_certificate_that_is_for_it() {
    let (stage, dns) = (Stage::new(), NameServer::bind(ZONE, &[]));
    let server = TlsServer::start(&Chain::good());
    let text = "host = \"www.example.com\"\n[tls]\ncertificate = \"expired.pem\"\nkey = \"key.pem\"\n\
         [[tls.certificates]]\nhost = [\"*.example.com\", \"127.0.0.1\"]\ncertificate = \"fullchain.pem\"\n\
         key = \"key.pem\"\n";
    stage.write("keyway.toml", text);
    let more = format!(
        "--resolver {} --connect-port {}",
        dns.address(),
        server.port
    );
    let (_, told) = seen(&stage, &more);
    let standings: Vec<_> = told["served"].as_array().unwrap().iter().collect();
    let standing = |host: &str| {
        let found = standings.iter().find(|at| at["host"] == host);
        found.unwrap()["standing"].clone()
    };
    // A wildcard covers it, too; the address has no name to look up.
    assert_eq!(standing("www.example.com"), "same");
    assert_eq!(standing("127.0.0.1"), "same");
    // Nor has the wildcard an address, which is no fault: names below it may have theirs.
    assert!(standings.iter().all(|at| at["host"] != "*.example.com"));
    assert_eq!(codes(&told), Vec::<&str>::new());
    assert_eq!(told["dns"].as_array().unwrap().len(), 2);
}

#[test]
fn offline_nobody_is_asked_and_both_are_said_to_be_unseen() {
    let stage = Stage::new();
    service(
        &stage,
        "www.example.com",
        own_port(),
        "dns.resolvers = \"127.0.0.1\"\n",
    );
    let (run, told) = seen(&stage, "--offline");
    assert_eq!(run.code, Some(0), "{}", run.said());
    for empty in ["dns", "served", "dns_findings"] {
        assert_eq!(told[empty], json!([]));
    }
    assert_eq!(
        told["not_checked"],
        json!(["what the endpoint serves", "what DNS says"])
    );
    let refused = status(&stage, "--offline --resolver 127.0.0.1");
    assert_eq!(refused.code, Some(2), "{}", refused.said());
    let mistyped = status(&stage, "--resolver here");
    assert_eq!(mistyped.code, Some(2), "{}", mistyped.said());
}

#[test]
fn what_is_written_keeps_the_published_schema() {
    let (stage, dns) = (Stage::new(), NameServer::bind(ZONE, &[]));
    assert_eq!(stage.run("generate schema --out schema").code, Some(0));
    let text = std::fs::read_to_string(stage.path().join("schema/keyway.status-1.json")).unwrap();
    let schema: Value = serde_json::from_str(&text).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let other = Chain::with_leaf(|leaf| leaf.not_after(NOW + 86_400));
    let server = TlsServer::start(&other);
    service(&stage, "www.example.com", server.port, "");
    for more in [
        "--offline".to_owned(),
        format!("--resolver {}", dns.address()),
    ] {
        let (_, told) = seen(&stage, &more);
        let faults: Vec<String> = validator
            .iter_errors(&told)
            .map(|fault| fault.to_string())
            .collect();
        assert!(faults.is_empty(), "{more}: {faults:?}");
    }
    assert!(!validator.is_valid(&json!({ "schema": "keyway.status/2" })));
}
