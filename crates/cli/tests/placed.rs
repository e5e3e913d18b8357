//! Certificates of an import stand at the hosts that they are for, as HAProxy shows them.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod stage;

use keyway_testkit::{Chain, Extension, GeneralName, Name};
use stage::Stage;
use stage::service::{done, keyway};

/// Writes a certificate for hosts below `example.com`, with its key.
fn certificate(stage: &Stage, name: &str, hosts: &[&str]) {
    let hosts: Vec<String> = hosts
        .iter()
        .map(|host| format!("{host}.example.com"))
        .collect();
    let hosts: Vec<_> = hosts.iter().map(|host| GeneralName::dns(host)).collect();
    let mut names = Extension::subject_alt_name(&hosts);
    names.critical = true;
    let chain = Chain::with_leaf(|leaf| leaf.subject(Name::empty()).extension(names));
    let pem = chain.fullchain_pem() + &chain.key_pem();
    stage.write(&format!("{name}.pem"), &pem);
}

#[test]
fn certificates_of_haproxy_are_placed_at_the_hosts_that_they_name() {
    let stage = Stage::new();
    let hosts = |hosts: &str| {
        format!(
            "frontend f\n mode http\n bind :443 ssl crt {} crt {}\n use_backend b if {{ hdr(host) -i {hosts} }}\n\
             backend b\n mode http\n server s 127.0.0.1:1\n",
            stage.path().join("a.pem").display(),
            stage.path().join("b.pem").display(),
        )
    };
    for (name, host) in [("a", "a"), ("b", "*")] {
        certificate(&stage, name, &[host]);
    }
    stage.write("haproxy.cfg", &hosts("b.example.com a.example.com"));
    let run = done(&stage, "config import haproxy.cfg --from haproxy");
    let (own, by_host) = run.stdout.split_once("[[tls.certificates]]").unwrap();
    assert!(
        own.contains("host = \"a.example.com\"") && own.contains("a.pem"),
        "{}",
        run.said()
    );
    assert!(
        by_host.contains("host = \"b.example.com\"") && by_host.contains("b.pem"),
        "{}",
        run.said()
    );
    // One that is for none of the hosts is left behind: its names would be served, too.
    stage.write("haproxy.cfg", &hosts("b.example.com"));
    let run = done(&stage, "config import haproxy.cfg --from haproxy");
    assert!(
        !run.stdout.contains("a.pem") && run.stdout.contains("b.pem"),
        "{}",
        run.said()
    );
    assert!(
        run.stderr.contains("is for none of the hosts"),
        "{}",
        run.said()
    );
    stage.write("haproxy.cfg", &hosts("a.example.com c.example.org"));
    let run = keyway(&stage, "config import haproxy.cfg --from haproxy");
    assert_eq!(run.code, Some(1), "{}", run.said());
    assert!(
        run.stderr
            .contains("no certificate that is named fits c.example.org"),
        "{}",
        run.said()
    );
    // One that cannot be read costs the others nothing, and has what none of them is for.
    std::fs::remove_file(stage.path().join("b.pem")).unwrap();
    let run = done(&stage, "config import haproxy.cfg --from haproxy");
    assert!(
        run.stderr.contains("nobody looked which hosts it is for"),
        "{}",
        run.said()
    );
    let (own, by_host) = run.stdout.split_once("[[tls.certificates]]").unwrap();
    assert!(
        own.contains("host = \"a.example.com\"") && own.contains("a.pem"),
        "{}",
        run.said()
    );
    assert!(
        by_host.contains("host = \"c.example.org\"") && by_host.contains("b.pem"),
        "{}",
        run.said()
    );
    stage.write("haproxy.cfg", &hosts("a.example.com"));
    let run = done(&stage, "config import haproxy.cfg --from haproxy");
    let (_, open) = run.stdout.split_once("[[tls.certificates]]").unwrap();
    assert!(
        open.contains("b.pem") && !open.contains("host"),
        "{}",
        run.said()
    );
}

#[test]
fn a_host_keeps_a_certificate_of_each_kind_of_key() {
    let stage = Stage::new();
    for (name, chain) in [("ec", Chain::good()), ("rsa", Chain::rsa())] {
        let pem = chain.fullchain_pem() + &chain.key_pem();
        stage.write(&format!("{name}.pem"), &pem);
    }
    let path = |name: &str| stage.path().join(name).display().to_string();
    let text = format!(
        "frontend f\n mode http\n bind :443 ssl crt {} crt {}\n use_backend b if {{ hdr(host) -i \
         www.example.com }}\nbackend b\n mode http\n server s 127.0.0.1:1\n",
        path("ec.pem"),
        path("rsa.pem"),
    );
    stage.write("haproxy.cfg", &text);
    let run = done(&stage, "config import haproxy.cfg --from haproxy");
    let (own, other) = run.stdout.split_once("[[tls.certificates]]").unwrap();
    let is_there = |part: &str, name| part.contains(name) && part.contains("www.example.com");
    assert!(
        is_there(own, "ec.pem") && is_there(other, "rsa.pem"),
        "{}",
        run.said()
    );
}

#[test]
fn certificates_that_haproxy_never_shows_are_left_out_and_those_of_one_name_of_a_wildcard_stay() {
    let stage = Stage::new();
    for (name, hosts) in [
        ("both", &["a", "b"][..]),
        ("a", &["a"]),
        ("some", &["b", "c"]),
        ("wide", &["*.w"]),
        ("x", &["x.w"]),
    ] {
        certificate(&stage, name, hosts);
    }
    let text = |certificates: &[&str], strict: &str, front: &str| {
        let path = |name: &&str| format!(" crt {}/{name}.pem", stage.path().display());
        let certificates: String = certificates.iter().map(path).collect();
        format!(
            "frontend f\n mode http\n bind :443 ssl{certificates}{strict}\n {front}\nbackend b\n mode http\n server s \
             127.0.0.1:1\n"
        )
    };
    for strict in ["", " strict-sni"] {
        stage.write(
            "haproxy.cfg",
            &text(&["both", "a", "some", "x"], strict, "default_backend b"),
        );
        let run = done(&stage, "config import haproxy.cfg --from haproxy");
        assert!(!run.stdout.contains("/a.pem"), "{}", run.said());
        let told = "a.pem` is for none of the hosts, or for what an earlier one is for";
        assert!(run.stderr.contains(told), "{}", run.said());
        let (own, others) = run.stdout.split_once("[[tls.certificates]]").unwrap();
        let is_whole = ["a.example.com", "b.example.com"]
            .iter()
            .all(|host| own.contains(host));
        assert!(is_whole && own.contains("both.pem"), "{}", run.said());
        let (some, x) = others.split_once("[[tls.certificates]]").unwrap();
        assert!(
            some.contains("host = \"c.example.com\"") && some.contains("some.pem"),
            "{}",
            run.said()
        );
        assert!(x.contains("x.pem") && !x.contains("host"), "{}", run.said());
    }
    // The names of all of them, where no other is answered, and some of them are led there by name, too.
    let front = "use_backend b if { hdr(host) -i b.example.com }\n default_backend b";
    stage.write("haproxy.cfg", &text(&["a", "some"], " strict-sni", front));
    let run = done(&stage, "config import haproxy.cfg --from haproxy");
    let (own, some) = run.stdout.split_once("[[tls.certificates]]").unwrap();
    assert!(
        own.contains("host = \"a.example.com\"") && own.contains("/a.pem"),
        "{}",
        run.said()
    );
    assert!(
        some.contains("some.pem") && !some.contains("host"),
        "{}",
        run.said()
    );
    // By a name one is found before another by its wildcard.
    stage.write(
        "haproxy.cfg",
        &text(&["x", "wide"], "", "default_backend b"),
    );
    let run = done(&stage, "config import haproxy.cfg --from haproxy");
    assert!(
        run.stdout.contains("host = \"x.w.example.com\""),
        "{}",
        run.said()
    );
    let front = "use_backend b if { hdr(host) -i a.example.com }\n default_backend b";
    stage.write("haproxy.cfg", &text(&["x", "wide", "both", "a"], "", front));
    let run = done(&stage, "config import haproxy.cfg --from haproxy");
    let (own, _) = run.stdout.split_once("[[tls.certificates]]").unwrap();
    assert!(
        own.contains("host = \"x.w.example.com\"") && own.contains("x.pem"),
        "{}",
        run.said()
    );
    assert!(!run.stdout.contains("/a.pem"), "{}", run.said());
    let wide = "use_backend b if { hdr_end(host) -i .w.example.com }";
    stage.write("haproxy.cfg", &text(&["wide", "x"], "", wide));
    let run = done(&stage, "config import haproxy.cfg --from haproxy");
    let (own, x) = run.stdout.split_once("[[tls.certificates]]").unwrap();
    assert!(
        own.contains("host = \"*.w.example.com\"") && own.contains("wide.pem"),
        "{}",
        run.said()
    );
    assert!(
        x.contains("host = \"x.w.example.com\"") && x.contains("x.pem"),
        "{}",
        run.said()
    );
}

#[test]
fn certificates_of_haproxy_that_its_catch_all_needs_stay() {
    let stage = Stage::new();
    for (name, host) in [("a", "a"), ("b", "b"), ("c", "*.w")] {
        certificate(&stage, name, &[host]);
    }
    let path = |name: &str| stage.path().join(name).display().to_string();
    let text = |hosts: &str| {
        format!(
            "frontend f\n mode http\n bind :443 ssl crt {} crt {} crt {}\n use_backend b if {{ hdr(host) -i {hosts} }}\n \
             default_backend b\nbackend b\n mode http\n server s 127.0.0.1:1\n",
            path("a.pem"),
            path("b.pem"),
            path("c.pem"),
        )
    };
    for (hosts, own) in [
        ("a.example.com b.example.com", "a.example.com"),
        ("b.example.com x.w.example.com", "a.example.com"),
    ] {
        stage.write("haproxy.cfg", &text(hosts));
        let run = done(&stage, "config import haproxy.cfg --from haproxy");
        let (first, others) = run.stdout.split_once("[[tls.certificates]]").unwrap();
        let is_own = first.contains(&format!("host = \"{own}\"")) && first.contains("a.pem");
        assert!(
            is_own && first.contains("default_certificate = true"),
            "{}",
            run.said()
        );
        let are_kept = ["b.pem", "c.pem"].iter().all(|name| others.contains(name));
        assert!(are_kept && !others.contains("host"), "{}", run.said());
    }
}
