//! What `keyway status` makes of all that can be served, and of all the places where that may be.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod name_servers;
mod outside;
mod stage;
mod tls_server;

use keyway_testkit::{Certificate, Chain, DAY, NOW, own_port};
use name_servers::{NameServer, silent};
use outside::{ZONE, codes, screen, seen, service, status, text};
use rustls::ALL_VERSIONS;
use rustls::version::TLS12;
use serde_json::json;
use stage::Stage;
use tls_server::TlsServer;

const NONE: Vec<&str> = Vec::new();

fn stand() -> (Stage, NameServer, String) {
    let dns = NameServer::bind(ZONE, &[]);
    let resolver = format!("--resolver {}", dns.address());
    (Stage::new(), dns, resolver)
}

#[test]
fn a_host_with_the_addresses_of_the_name_that_is_the_endpoint_is_right() {
    let (stage, _dns, resolver) = stand();
    let server = TlsServer::start(&Chain::good());
    let more = format!("{resolver} --connect-port {}", server.port);
    for (host, endpoint, standing) in [
        ("www.example.com", "ns1.example.com", "right"),
        ("alias.example.com", "www.example.com", "right"),
        ("alias.example.com", "ns1.example.com", "right"),
        ("www.example.com", "far.example.com", "elsewhere"),
        ("alias.example.com", "far.example.com", "elsewhere"),
        ("out.example.com", "www.example.net", "right"),
        ("out.example.com", "far.example.com", "unknown"),
    ] {
        stage.write("keyway.toml", &text(host, endpoint, ""));
        let (_, told) = seen(&stage, &more);
        let led = &told["dns"][0];
        assert_eq!(led["standing"], standing, "{host} {endpoint}: {led}");
        let wrong = ["dns.points-elsewhere"];
        let found = codes(&told);
        let found: Vec<_> = found.iter().filter(|code| wrong.contains(code)).collect();
        assert_eq!(found.len(), usize::from(standing == "elsewhere"), "{told}");
    }
    stage.write(
        "keyway.toml",
        &text("www.example.com", "ns1.example.com", ""),
    );
    let text = screen(&stage, &more);
    let right = "points to 127.0.0.1, where ns1.example.com is, as it has to";
    assert!(text.contains(right), "{text}");
}

#[test]
fn an_alias_that_leads_elsewhere_or_nowhere_is_told_by_where_it_ends() {
    let (stage, _dns, resolver) = stand();
    for (host, standing, code, said) in [
        (
            "false.example.com",
            "elsewhere",
            "dns.points-elsewhere",
            "points to far.example.com, which is at 192.0.2.9, and has to point to 127.0.0.1",
        ),
        (
            "lost.example.com",
            "missing",
            "dns.no-address",
            "points to nowhere.example.com, which leads to no address",
        ),
    ] {
        let more = "tls.status = \"disabled\"\n";
        let text = format!(
            "host = \"{host}\"\nendpoint = \"127.0.0.1:{}\"\n{more}",
            own_port()
        );
        stage.write("keyway.toml", &text);
        let more = format!("{resolver} --timeout 1");
        let (run, told) = seen(&stage, &more);
        assert_eq!(run.code, Some(1), "{}", run.said());
        assert_eq!(told["dns"][0]["standing"], standing, "{told}");
        assert_eq!(codes(&told), [code]);
        let message = told["dns_findings"][0]["message"].as_str().unwrap();
        assert!(
            !message.contains(".. ") && !message.contains(". "),
            "{message}"
        );
        let text = screen(&stage, &more);
        assert!(text.contains(said), "{text}");
    }
}

#[test]
fn a_host_without_an_address_is_an_error_though_the_file_says_no_endpoint() {
    let (stage, dns, resolver) = stand();
    for host in ["gone.example.com", "lost.example.com"] {
        stage.write("keyway.toml", &text(host, "", ""));
        for more in [resolver.clone(), format!("--server {}", dns.address())] {
            let (run, told) = seen(&stage, &more);
            assert_eq!(run.code, Some(1), "{}", run.said());
            assert_eq!(told["dns"][0]["standing"], "missing");
            assert_eq!(codes(&told), ["dns.no-address"]);
            assert_eq!(told["not_checked"], json!(["what the endpoint serves"]));
        }
    }
}

#[test]
fn a_chain_that_is_sent_without_its_intermediates_is_an_error() {
    let (stage, _dns, resolver) = stand();
    let chain = Chain::good();
    let server = TlsServer::sending(&[&chain.leaf], &chain.leaf, ALL_VERSIONS);
    service(&stage, "www.example.com", server.port, "");
    let (run, told) = seen(&stage, &resolver);
    assert_eq!(run.code, Some(1), "{}", run.said());
    let served = &told["served"][0];
    assert_eq!(served["standing"], "same");
    assert_eq!(served["certificate"]["accepted"], "no");
    assert_eq!(served["certificate"]["sent"], 1);
    assert_eq!(served["codes"], json!(["chain.missing-intermediate"]));
    assert_eq!(told["certificates"][0]["accepted"], "yes");
    let text = screen(&stage, &resolver);
    assert!(
        text.contains("clients refuse the 1 certificate that is sent (chain.missing-intermediate)"),
        "{text}"
    );
    assert!(
        text.contains("`keyway explain chain.missing-intermediate`"),
        "{text}"
    );
}

#[test]
fn the_first_certificate_that_is_sent_is_the_one_that_is_judged() {
    let (stage, _dns, resolver) = stand();
    let (good, chain) = (Chain::good(), Chain::with_leaf(|leaf| leaf.san(&[])));
    let sent = [&chain.leaf, &good.leaf, &good.issuing, &good.policy];
    let server = TlsServer::sending(&sent, &chain.leaf, ALL_VERSIONS);
    service(&stage, "www.example.com", server.port, "");
    let (run, told) = seen(&stage, &resolver);
    assert_eq!(run.code, Some(1), "{}", run.said());
    assert_eq!(told["served"][0]["certificate"]["accepted"], "no", "{told}");
}

#[test]
fn what_a_managed_service_serves_is_judged_without_a_file_to_compare() {
    let (stage, _dns, resolver) = stand();
    let expired = Chain::with_leaf(|leaf| leaf.not_after(NOW - DAY));
    let server = TlsServer::start(&expired);
    let text =
        "host = \"www.example.com\"\n[tls]\nleaf_domain_label = \"www\"\nzone = \"example.com\"\n";
    stage.write("keyway.toml", text);
    let more = format!("{resolver} --connect-port {}", server.port);
    let (run, told) = seen(&stage, &more);
    assert_eq!(run.code, Some(1), "{}", run.said());
    assert_eq!(told["served"][0]["certificate"]["expired"], true);
    assert_eq!(told["served"][0]["codes"], json!(["time.expired"]));
    let text = screen(&stage, &more);
    assert!(text.contains("expired on"), "{text}");
}

#[test]
fn an_older_certificate_is_told_as_such() {
    let (stage, _dns, resolver) = stand();
    let old = Chain::with_leaf(|leaf| leaf.not_before(NOW - 300 * DAY));
    let server = TlsServer::start(&old);
    service(&stage, "www.example.com", server.port, "");
    let (_, told) = seen(&stage, &resolver);
    assert_eq!(told["served"][0]["certificate"]["older"], true, "{told}");
    let text = screen(&stage, &resolver);
    assert!(text.contains("older than the file's"), "{text}");
    assert!(text.contains("has the server been reloaded?"), "{text}");
}

#[test]
fn the_endpoint_is_looked_at_before_dns_leads_there() {
    let (stage, _dns, resolver) = stand();
    let server = TlsServer::start(&Chain::with_leaf(|leaf| {
        leaf.san(&[
            keyway_testkit::GeneralName::dns("far.example.com"),
            keyway_testkit::GeneralName::dns("*.www.example.com"),
        ])
    }));
    for host in ["far.example.com", "*.www.example.com", "far.example.net"] {
        service(&stage, host, server.port, "");
        let (_, told) = seen(&stage, &format!("{resolver} --timeout 1"));
        let served = told["served"].as_array().unwrap();
        let address = format!("127.0.0.1:{}", server.port);
        let at = served.iter().find(|at| at["address"] == address.as_str());
        let at = at.unwrap_or_else(|| panic!("{told}"));
        assert_eq!((&at["led"], &at["host"]), (&json!(false), &json!(host)));
        let accepted = if host == "far.example.net" {
            "no"
        } else {
            "yes"
        };
        assert_eq!(at["certificate"]["accepted"], accepted, "{told}");
    }
    let text = screen(&stage, &format!("{resolver} --timeout 1"));
    assert!(text.contains(", the endpoint: "), "{text}");
}

#[test]
fn a_certificate_that_is_served_although_tls_is_disabled_is_told_and_no_error() {
    let (stage, _dns, resolver) = stand();
    let server = TlsServer::start(&Chain::with_leaf(|leaf| leaf.not_after(NOW - DAY)));
    let text = format!(
        "host = \"www.example.com\"\nendpoint = \"127.0.0.1:{}\"\ntls.status = \"disabled\"\n",
        server.port
    );
    stage.write("keyway.toml", &text);
    let (run, told) = seen(&stage, &resolver);
    assert_eq!(run.code, Some(0), "{}", run.said());
    assert_eq!(told["served"][0]["standing"], "seen");
    let shown = screen(&stage, &resolver);
    let still = "TLS is disabled in the file, and CN=www.example.com, expired on";
    assert!(shown.contains(still), "{shown}");
    assert!(shown.contains("is served here all the same"), "{shown}");
    let text = text.replace(&server.port.to_string(), &own_port().to_string());
    stage.write("keyway.toml", &text);
    let (run, told) = seen(&stage, &resolver);
    assert_eq!(run.code, Some(0), "{}", run.said());
    assert_eq!(told["served"][0]["standing"], "nothing");
    assert_eq!(told["not_checked"], json!([]));
    let shown = screen(&stage, &resolver);
    assert!(
        shown.contains("no certificate, as TLS is disabled"),
        "{shown}"
    );
}

#[test]
fn a_handshake_that_fails_is_told_apart_from_a_service_that_is_not_there() {
    let (stage, _dns, resolver) = stand();
    let chain = Chain::good();
    let other = Certificate::self_signed("other.example.net").build();
    let unproven = TlsServer::sending(&[&chain.leaf], &other, ALL_VERSIONS);
    let (fails, absent) = ("dns.handshake-fails", "dns.address-without-service");
    for (port, code, why) in [
        (tls_server::refusing(), fails, "HandshakeFailure"),
        (
            tls_server::dripping(),
            fails,
            "did not finish the handshake within 1 s",
        ),
        (
            unproven.port,
            fails,
            "a certificate came with a key of EC P-256",
        ),
        (tls_server::plain(), absent, "it answers in plain HTTP"),
        (
            tls_server::greeting(),
            absent,
            "what answers does not speak TLS",
        ),
        (tls_server::mute(), absent, "says nothing for 1 s"),
        (own_port(), absent, "nothing answers"),
    ] {
        service(&stage, "www.example.com", port, "");
        let (run, told) = seen(&stage, &format!("{resolver} --timeout 1"));
        assert_eq!(run.code, Some(1), "{}", run.said());
        assert_eq!(codes(&told), [code], "{told}");
        let said = told["served"][0]["why"].as_str().unwrap();
        assert!(said.contains(why), "{said}");
    }
}

#[test]
fn a_version_below_the_minimum_of_the_file_is_an_error() {
    let (stage, _dns, resolver) = stand();
    let chain = Chain::good();
    let sent = [&chain.leaf, &chain.issuing, &chain.policy];
    let server = TlsServer::sending(&sent, &chain.leaf, &[&TLS12]);
    for (more, wrong) in [
        ("", NONE),
        (
            "tls.min_version = \"1.3\"\n",
            vec!["dns.protocol-below-minimum"],
        ),
    ] {
        let text = format!(
            "host = \"www.example.com\"\nendpoint = \"127.0.0.1:{}\"\n{more}tls.certificate = \
             \"fullchain.pem\"\ntls.key = \"key.pem\"\n",
            server.port
        );
        stage.write("keyway.toml", &text);
        let (run, told) = seen(&stage, &resolver);
        assert_eq!(
            run.code,
            Some(i32::from(!wrong.is_empty())),
            "{}",
            run.said()
        );
        assert_eq!(codes(&told), wrong);
        assert_eq!(told["served"][0]["version"], "TLS 1.2");
        let text = screen(&stage, &resolver);
        assert!(text.contains("over TLS 1.2"), "{text}");
    }
}

#[test]
fn a_hundred_hosts_are_looked_at_and_more_are_counted() {
    let dns = NameServer::bind(&format!("{ZONE}$GENERATE 1-110 h$ A 127.0.0.1\n"), &[]);
    let (stage, server) = (Stage::new(), TlsServer::start(&Chain::good()));
    let hosts: Vec<String> = (1..=105)
        .map(|it| format!("\"h{it}.example.com\""))
        .collect();
    let text = format!(
        "host = [{}]\nendpoint = \"127.0.0.1:{}\"\n[tls]\ncertificate = \"fullchain.pem\"\n\
         key = \"key.pem\"\n",
        hosts.join(", "),
        server.port
    );
    stage.write("keyway.toml", &text);
    let (_, told) = seen(&stage, &format!("--resolver {}", dns.address()));
    let dns = told["dns"].as_array().unwrap();
    assert_eq!(dns.len(), 100);
    assert!(dns.iter().all(|led| led["standing"] == "right"), "{told}");
    assert_eq!(told["served"].as_array().unwrap().len(), 100);
    assert_eq!(told["not_checked"], json!(["5 more hosts"]));
}

#[test]
fn every_resolver_that_is_named_is_tried_and_too_many_are_refused() {
    let (stage, dns, _) = stand();
    let server = TlsServer::start(&Chain::good());
    service(&stage, "www.example.com", server.port, "");
    let held: Vec<_> = (0..7).map(|_| silent()).collect();
    let mut named: Vec<String> = held
        .iter()
        .map(|(_, at)| format!("--resolver {at}"))
        .collect();
    named.push(format!("--resolver {}", dns.address()));
    let (run, told) = seen(&stage, &format!("{} --timeout 1", named.join(" ")));
    assert_eq!(run.code, Some(0), "{}", run.said());
    assert_eq!(told["asked"], dns.address());
    named.push(format!("--resolver {}", dns.address()));
    let run = status(&stage, &named.join(" "));
    assert_eq!(run.code, Some(2), "{}", run.said());
    assert!(run.stderr.contains("at most 8"), "{}", run.stderr);
}

#[test]
fn what_was_not_seen_is_counted_against_what_was() {
    let (stage, _dns, resolver) = stand();
    let server = TlsServer::start(&Chain::good());
    let text = "host = [\"www.example.com\", \"out.example.com\", \"www.example.net\"]\n[tls]\n\
         certificate = \"fullchain.pem\"\nkey = \"key.pem\"\n";
    stage.write("keyway.toml", text);
    let more = format!("{resolver} --connect-port {}", server.port);
    let (_, told) = seen(&stage, &more);
    let unseen = [
        "what is served at 2 of 3 addresses",
        "what DNS says of 2 of 3 hosts",
    ];
    assert_eq!(told["not_checked"], json!(unseen), "{told}");
}

#[test]
fn the_file_says_why_clients_refuse_it_and_since_when_it_is_overdue() {
    let stage = Stage::new();
    let text = "host = \"www.example.com\"\n[tls]\ncertificate = \"expired.pem\"\nkey = \"key.pem\"\n\
         [[tls.certificates]]\nhost = [\"two.example.com\"]\ncertificate = \"fullchain.pem\"\n\
         key = \"key.pem\"\n";
    stage.write("keyway.toml", text);
    let (_, told) = seen(&stage, "--offline");
    assert_eq!(told["hosts"], json!(["www.example.com", "two.example.com"]));
    assert_eq!(told["certificates"][0]["codes"], json!(["time.expired"]));
    assert_eq!(told["certificates"][0]["overdue"], true);
    let text = screen(&stage, "--offline");
    assert!(text.contains("overdue since"), "{text}");
    assert!(
        text.contains("`keyway config check keyway.toml` lists them"),
        "{text}"
    );
}
