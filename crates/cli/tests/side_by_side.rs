//! Two certificates for one host: one with an RSA key, and one for all who verify something that costs less.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod serving;
mod stage;

use std::process::Command;

use keyway_testkit::{Chain, KeyKind, own_port};
use serving::{Serving, backend};
use stage::Stage;
use stage::service::{done, keyway, text, trust};

/// A service whose host has two certificates. Gives the port.
fn both(stage: &Stage, second: &str) -> u16 {
    let rsa = Chain::with_leaf(|leaf| leaf.key(KeyKind::Rsa2048));
    stage.write("rsa.pem", &rsa.fullchain_pem());
    stage.write("rsa-key.pem", &rsa.key_pem());
    let port = own_port();
    let upstream = backend("hello");
    stage.write(
        "keyway.toml",
        &format!(
            "host = \"www.example.com\"\nupstream = \"{upstream}\"\nlisten = \"127.0.0.1:{port}\"\n[tls]\ncertificate = \
             \"fullchain.pem\"\nkey = \"key.pem\"\n[[tls.certificates]]\nhost = \"www.example.com\"\n{second}"
        ),
    );
    port
}

const RSA: &str = "certificate = \"rsa.pem\"\nkey = \"rsa-key.pem\"\n";

/// The kind of the key that a client is shown who verifies nothing but this.
fn shown(port: u16, signatures: &str) -> String {
    let options = format!(
        "s_client -connect 127.0.0.1:{port} -servername www.example.com -sigalgs {signatures}"
    );
    let run = Command::new("openssl")
        .args(options.split(' '))
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stdout).into_owned();
    let line = said.lines().find(|line| line.contains("Server public key"));
    let line = line.map(str::to_owned);
    line.unwrap_or(said)
}

#[test]
fn a_host_has_an_rsa_certificate_beside_another_and_clients_get_what_they_verify() {
    let stage = Stage::new();
    let port = both(&stage, RSA);
    done(&stage, &format!("config check keyway.toml {}", trust()));
    let _serving = Serving::start(&stage, "");
    let (ecdsa, rsa) = (
        shown(port, "ECDSA+SHA256"),
        shown(port, "RSA-PSS+SHA256:RSA+SHA256"),
    );
    assert!(ecdsa.contains("256 bit"), "{ecdsa}");
    assert!(rsa.contains("2048 bit"), "{rsa}");
}

#[test]
fn each_of_two_certificates_is_proved_to_be_shown_to_who_verifies_it() {
    let stage = Stage::new();
    both(&stage, RSA);
    let run = done(
        &stage,
        &format!("config prove keyway.toml --format json {}", trust()),
    );
    let told = run.json();
    let proofs = told["proofs"].as_array().unwrap().iter();
    let of_host = proofs.filter(|proof| proof["setting"] == "certificate of www.example.com");
    let seen: Vec<&str> = of_host
        .map(|proof| proof["seen"].as_str().unwrap())
        .collect();
    assert_eq!(seen.len(), 2);
    assert_ne!(seen[0], seen[1]);
}

#[test]
fn two_certificates_with_keys_of_one_kind_are_refused_for_one_host() {
    let stage = Stage::new();
    let second = "certificate = \"leaf-2.pem\"\nkey = \"key-2.pem\"\n";
    both(&stage, second);
    let again = Chain::with_leaf(|leaf| leaf.key(KeyKind::P384));
    stage.write("leaf-2.pem", &again.fullchain_pem());
    stage.write("key-2.pem", &again.key_pem());
    let told = "www.example.com has two certificates with ECDSA keys";
    for command in ["config check keyway.toml", "serve keyway.toml --check"] {
        let run = keyway(&stage, &format!("{command} {}", trust()));
        assert_eq!(run.code, Some(1), "{command}: {}", run.said());
        let flat: Vec<&str> = run.stdout.split_whitespace().collect();
        assert!(flat.join(" ").contains(told), "{command}: {}", run.stdout);
        assert!(run.stdout.contains("config.duplicate-host"));
    }
    // A change takes the place of the one whose key is of the same kind.
    both(&stage, RSA);
    let change = "update --host www.example.com --cert leaf-2.pem --key key-2.pem";
    done(&stage, &format!("{change} {}", trust()));
    let text = text(&stage);
    assert!(text.contains("certificate = \"leaf-2.pem\""), "{text}");
    assert!(
        !text.contains("fullchain.pem") && text.contains(RSA),
        "{text}"
    );
}

#[test]
fn a_second_pair_in_the_file_of_the_first_is_said_not_to_be_served() {
    let stage = Stage::new();
    let good = Chain::good();
    let rsa = Chain::with_leaf(|leaf| leaf.key(KeyKind::Rsa2048));
    let parts = [
        good.fullchain_pem(),
        good.key_pem(),
        rsa.leaf.pem(),
        rsa.key_pem(),
    ];
    stage.write("both.pem", &parts.concat());
    stage.write(
        "keyway.toml",
        "host = \"www.example.com\"\nupstream = \"http://127.0.0.1:1\"\n[tls]\ncertificate = \"both.pem\"\nkey = \
         \"both.pem\"\n",
    );
    for command in ["config check keyway.toml", "serve keyway.toml --check"] {
        let run = done(&stage, &format!("{command} {}", trust()));
        let said = run.said();
        let flat: Vec<&str> = said.split_whitespace().collect();
        let flat = flat.join(" ");
        assert!(
            flat.contains("both.pem holds another certificate"),
            "{said}"
        );
        assert!(flat.contains("RSA 2048"), "{said}");
    }
}

#[test]
fn nginx_has_both_in_one_server_and_forms_without_a_place_for_two_say_so() {
    let stage = Stage::new();
    both(&stage, RSA);
    let nginx = keyway(&stage, "config export keyway.toml --to nginx");
    assert_eq!(
        nginx.stdout.matches("server_name www.example.com").count(),
        1
    );
    for file in ["fullchain.pem", "rsa.pem"] {
        let mut lines = nginx.stdout.lines().map(str::trim);
        let is_there = |line: &str| {
            line.starts_with("ssl_certificate ") && line.ends_with(&format!("/{file};"))
        };
        assert!(lines.any(is_there), "{file}: {}", nginx.stdout);
    }
    assert!(!nginx.said().contains("tls.certificates[0].host"));
    let haproxy = keyway(&stage, "config export keyway.toml --to haproxy");
    let files = ["fullchain.pem", "rsa.pem"];
    assert!(
        files
            .iter()
            .all(|file| haproxy.stdout.contains(&format!("/{file} "))),
        "{}",
        haproxy.stdout
    );
    // An Ingress leads to what is in the cluster alone.
    let inside = text(&stage).replace("http://127.0.0.1", "http://web.shop.svc");
    stage.write("keyway.toml", &inside);
    for form in ["caddy", "kubernetes-ingress"] {
        let run = keyway(&stage, &format!("config export keyway.toml --to {form}"));
        assert!(
            run.said().contains("tls.certificates[0]"),
            "{form}: {}",
            run.said()
        );
    }
}
