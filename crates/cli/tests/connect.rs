//! What `keyway check --connect` makes of servers on loopback.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod stage;
mod tls_server;

use std::io::{BufRead as _, BufReader};
use std::net::ToSocketAddrs as _;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use keyway_testkit::{Certificate, Chain, GeneralName, OcspDraft, OcspResponse, own_port};
use rustls::ALL_VERSIONS;
use rustls::version::TLS12;
use serde_json::{Value, json};
use stage::{Run, Stage};
use tls_server::TlsServer;

/// Judges what is served at a port of loopback for the name of the kit.
fn connect(stage: &Stage, port: u16, more: &str) -> Run {
    let host = "--sni www.example.com --timeout 1";
    stage.check(&format!("--connect 127.0.0.1:{port} {host} {more}"))
}

fn seen(stage: &Stage, port: u16, more: &str) -> (Option<i32>, Value) {
    let run = connect(stage, port, &format!("{more} --format json"));
    assert!(run.stderr.is_empty(), "{}", run.stderr);
    (run.code, run.json())
}

fn codes(findings: &Value) -> Vec<&str> {
    let findings = findings.as_array().unwrap().iter();
    findings
        .map(|finding| finding["code"].as_str().unwrap())
        .collect()
}

/// The text without its line ends.
fn flat(run: &Run) -> String {
    run.stdout.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_good_chain_is_accepted_and_its_key_is_the_one_that_the_handshake_showed() {
    let stage = Stage::new();
    let server = TlsServer::start(&Chain::good());
    let (code, told) = seen(&stage, server.port, "");
    assert_eq!(code, Some(0), "{told}");
    let at = &told["addresses"][0];
    let report = &at["report"];
    assert_eq!(report["verdicts"]["accepted"], "yes");
    assert_eq!(report["verdicts"]["pairs"], "yes");
    assert_eq!(report["verdicts"]["servable"], "yes");
    assert_eq!(report["findings"], json!([]));
    assert_eq!(told["sni"], "www.example.com");
    assert_eq!(told["links"], json!([]));
    let text = flat(&connect(&stage, server.port, ""));
    let verdict = "ACCEPTED The server has the key, and clients will accept what is served for www.example.com";
    assert!(text.contains(verdict), "{text}");
    assert!(
        text.contains("key: the server has shown that it has it"),
        "{text}"
    );
    assert!(!text.contains("among the files"), "{text}");
}

#[test]
fn versions_groups_protocols_and_resumption_are_told() {
    let stage = Stage::new();
    let server = TlsServer::start(&Chain::good());
    let (_, told) = seen(&stage, server.port, "");
    let facts = &told["addresses"][0]["connection"];
    let yes = |name: &str| json!({ "name": name, "spoken": "yes" });
    assert_eq!(facts["versions"], json!([yes("TLS 1.3"), yes("TLS 1.2")]));
    assert_eq!(
        facts["groups"][0],
        json!({ "name": "X25519MLKEM768", "post_quantum": true, "spoken": "yes" })
    );
    for group in facts["groups"].as_array().unwrap() {
        assert_eq!(group["spoken"], "yes", "{group}");
    }
    let no = json!({ "name": "h2", "spoken": "no" });
    assert_eq!(facts["alpn"], json!([no, yes("http/1.1")]));
    assert_eq!(facts["resumes"], "yes");
    let chain = Chain::good();
    let sent = [&chain.leaf, &chain.issuing, &chain.policy];
    let old = TlsServer::sending(&sent, &chain.leaf, &[&TLS12]);
    let (code, told) = seen(&stage, old.port, "");
    assert_eq!(code, Some(0), "{told}");
    let facts = &told["addresses"][0]["connection"];
    assert_eq!(facts["versions"][0]["spoken"], "no");
    assert_eq!(facts["versions"][1]["spoken"], "yes");
    assert_eq!(facts["groups"][0]["spoken"], "no");
    let text = flat(&connect(&stage, old.port, ""));
    assert!(text.contains("versions TLS 1.2; not TLS 1.3"), "{text}");
}

#[test]
fn what_a_server_does_not_answer_any_more_is_not_known() {
    let stage = Stage::new();
    let visits = AtomicUsize::new(0);
    let server = TlsServer::after(&Chain::good(), move |_| {
        visits.fetch_add(1, Ordering::Relaxed) == 0
    });
    let (code, told) = seen(&stage, server.port, "");
    assert_eq!(code, Some(0), "{told}");
    let facts = &told["addresses"][0]["connection"];
    assert_eq!(facts["versions"][0]["spoken"], "yes");
    assert_eq!(facts["versions"][1]["spoken"], "unknown");
    assert_eq!(facts["alpn"][1]["spoken"], "unknown");
    assert_eq!(facts["resumes"], "unknown");
    assert!(!facts["groups"].to_string().contains("\"no\""), "{facts}");
}

#[test]
fn what_is_stapled_is_judged_with_the_rest() {
    let chain = Chain::good();
    let stage = Stage::new();
    let by_issuer = || OcspResponse::by(&chain.issuing, &chain.leaf);
    let answer = |response: OcspDraft| {
        let response = response.build().der().to_vec();
        let server = TlsServer::stapling(&chain, response);
        let (code, answer) = seen(&stage, server.port, "");
        let report = &answer["addresses"][0]["report"];
        let found = codes(&report["findings"]).join(" ");
        (code, found, report["not_checked"].to_string())
    };
    let (code, found, open) = answer(by_issuer());
    assert_eq!((code, found.as_str()), (Some(0), ""));
    assert!(!open.contains("www.example.com"), "{open}");
    let (code, found, _) = answer(by_issuer().revoked());
    assert_eq!((code, found.as_str()), (Some(1), "chain.ocsp-revoked"));
    let other = OcspResponse::by(&chain.issuing, &chain.issuing);
    let (code, found, _) = answer(other);
    assert_eq!((code, found.as_str()), (Some(1), "chain.ocsp-unusable"));
}

#[test]
fn a_chain_without_its_intermediates_is_refused_without_a_command_for_files() {
    let stage = Stage::new();
    let chain = Chain::good();
    let server = TlsServer::sending(&[&chain.leaf], &chain.leaf, ALL_VERSIONS);
    let (code, told) = seen(&stage, server.port, "");
    assert_eq!(code, Some(1), "{told}");
    let report = &told["addresses"][0]["report"];
    assert_eq!(codes(&report["findings"]), ["chain.missing-intermediate"]);
    let text = connect(&stage, server.port, "").stdout;
    assert!(!text.contains("keyway fix"), "{text}");
}

#[test]
fn the_first_certificate_is_the_servers_whatever_is_sent_behind_it() {
    let stage = Stage::new();
    let (good, other) = (
        Chain::good(),
        Chain::with_leaf(|leaf| leaf.san(&[GeneralName::dns("other.example.net")])),
    );
    let sent = [&other.leaf, &good.leaf, &good.issuing, &good.policy];
    let server = TlsServer::sending(&sent, &other.leaf, ALL_VERSIONS);
    let (code, told) = seen(&stage, server.port, "");
    assert_eq!(code, Some(1), "{told}");
    let report = &told["addresses"][0]["report"];
    assert_eq!(report["verdicts"]["named"], "no");
    let not_checked = report["not_checked"].to_string();
    assert!(
        not_checked.contains("1 more certificate that is sent"),
        "{not_checked}"
    );
}

#[test]
fn a_server_is_asked_for_the_name_that_was_given() {
    let stage = Stage::new();
    let server = TlsServer::named(&Chain::good(), "www.example.com");
    let (code, told) = seen(&stage, server.port, "");
    assert_eq!(code, Some(0), "{told}");
    let run = stage.check(&format!(
        "--connect 127.0.0.1:{} --host www.example.com --format json",
        server.port
    ));
    assert_eq!(run.code, Some(1), "{}", run.said());
    let told = run.json();
    assert!(told.get("sni").is_none(), "{told}");
    assert_eq!(codes(&told["findings"]), ["dns.handshake-fails"]);
    assert_eq!(
        told["findings"][0]["where"]["input"],
        format!("127.0.0.1:{}", server.port)
    );
}

#[test]
fn what_is_no_tls_or_nothing_is_told_as_it_is() {
    let stage = Stage::new();
    let (absent, fails) = ("dns.address-without-service", "dns.handshake-fails");
    for (port, code, why) in [
        (tls_server::mute(), absent, "says nothing for 1 s"),
        (tls_server::plain(), absent, "it answers in plain HTTP"),
        (tls_server::greeting(), absent, "does not speak TLS"),
        (own_port(), absent, "nothing answers"),
        (tls_server::refusing(), fails, "HandshakeFailure"),
        (
            tls_server::dripping(),
            fails,
            "did not finish the handshake within 1 s",
        ),
    ] {
        let (exit, told) = seen(&stage, port, "");
        assert_eq!(exit, Some(1), "{told}");
        assert_eq!(codes(&told["findings"]), [code], "{told}");
        let said = told["addresses"][0]["why"].as_str().unwrap();
        assert!(said.contains(why), "{said}");
        let quiet = connect(&stage, port, "--quiet").stdout;
        assert!(quiet.contains(&format!("error[{code}]")), "{quiet}");
    }
}

#[test]
fn a_key_that_was_not_shown_is_no_pair() {
    let stage = Stage::new();
    let chain = Chain::good();
    let other = Certificate::self_signed("other.example.net").build();
    let sent = [&chain.leaf, &chain.issuing, &chain.policy];
    let server = TlsServer::sending(&sent, &other, ALL_VERSIONS);
    let (code, told) = seen(&stage, server.port, "fullchain.pem");
    assert_eq!(code, Some(1), "{told}");
    let at = &told["addresses"][0];
    assert_eq!(at["report"]["verdicts"]["pairs"], "unknown");
    assert_eq!(told["broken"], "served");
    let text = flat(&connect(&stage, server.port, ""));
    assert!(
        text.contains("the server has not shown that it has it"),
        "{text}"
    );
}

#[test]
fn files_are_held_against_what_is_served_and_the_first_broken_link_is_named() {
    let stage = Stage::new();
    let server = TlsServer::start(&Chain::good());
    let files = "fullchain.pem --key key.pem";
    let (code, told) = seen(&stage, server.port, files);
    assert_eq!(code, Some(0), "{told}");
    let holds = |told: &Value| {
        let links = told["links"].as_array().unwrap().iter();
        let words = links.map(|link| format!("{}={}", link["link"], link["holds"]));
        words.collect::<Vec<_>>().join(" ").replace('"', "")
    };
    // An address was given: where a name points is not known.
    assert_eq!(
        holds(&told),
        "file=yes loaded=unknown served=yes addresses=unknown"
    );
    assert!(told.get("broken").is_none());
    assert!(
        told["not_checked"].to_string().contains("has loaded"),
        "{told}"
    );
    let other = TlsServer::start(&Chain::rsa());
    let (code, told) = seen(&stage, other.port, files);
    assert_eq!(code, Some(1), "{told}");
    assert_eq!(
        holds(&told),
        "file=yes loaded=unknown served=no addresses=no"
    );
    assert_eq!(told["broken"], "served");
    assert_eq!(codes(&told["findings"]), ["dns.other-certificate"]);
    let text = flat(&connect(&stage, other.port, files));
    assert!(text.contains("The first broken link: served"), "{text}");
    let (code, told) = seen(&stage, server.port, "request.pem");
    assert_eq!(code, Some(1), "{told}");
    assert_eq!(told["broken"], "file");
}

#[test]
fn every_address_of_a_name_is_held_against_the_files() {
    let stage = Stage::new();
    let chain = Chain::with_leaf(|leaf| leaf.san(&[GeneralName::dns("localhost")]));
    stage.write("localhost.pem", &chain.fullchain_pem());
    let server = TlsServer::start(&chain);
    let run = stage.check(&format!(
        "localhost.pem --connect localhost:{} --timeout 2 --format json",
        server.port
    ));
    let told = run.json();
    let found = ("localhost", server.port).to_socket_addrs().unwrap();
    let has_both = found.into_iter().any(|address| address.is_ipv6());
    let addresses = told["addresses"].as_array().unwrap();
    let input = format!("localhost:{} (127.0.0.1)", server.port);
    assert!(
        addresses.iter().any(|at| at["input"] == input.as_str()),
        "{told}"
    );
    // Nobody listens at [::1], where the name leads there as well.
    let (broken, same, code) = if has_both {
        (json!("addresses"), "unknown", 1)
    } else {
        (Value::Null, "yes", 0)
    };
    assert_eq!(
        (&told["broken"], &told["same"]),
        (&broken, &json!(same)),
        "{told}"
    );
    assert_eq!(run.code, Some(code), "{told}");
}

#[test]
fn every_answer_keeps_the_published_schema() {
    let stage = Stage::new();
    assert_eq!(stage.run("generate schema --out schema").code, Some(0));
    let text = std::fs::read_to_string(stage.path().join("schema/keyway.connection-1.json"));
    let schema: Value = serde_json::from_str(&text.unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let server = TlsServer::start(&Chain::good());
    for (port, more) in [
        (server.port, ""),
        (server.port, "fullchain.pem --all-addresses"),
        (own_port(), "expired.pem"),
        (tls_server::greeting(), "--starttls imap"),
    ] {
        let (_, told) = seen(&stage, port, more);
        let faults: Vec<String> = validator
            .iter_errors(&told)
            .map(|it| it.to_string())
            .collect();
        assert!(faults.is_empty(), "{faults:?}: {told}");
    }
    assert!(!validator.is_valid(&json!({ "schema": "keyway.connection/2" })));
}

#[test]
fn sarif_and_annotations_tell_of_what_is_served_as_of_no_file() {
    let stage = Stage::new();
    let chain = Chain::good();
    let server = TlsServer::sending(&[&chain.leaf], &chain.leaf, ALL_VERSIONS);
    let log = connect(&stage, server.port, "expired.pem --format sarif").json();
    let run = &log["runs"][0];
    let uris: Vec<&str> = run["artifacts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|artifact| artifact["location"]["uri"].as_str().unwrap())
        .collect();
    assert_eq!(
        uris,
        [
            format!("tls:127.0.0.1%3A{}", server.port).as_str(),
            "expired.pem"
        ]
    );
    let results = run["results"].as_array().unwrap();
    for code in [
        "chain.missing-intermediate",
        "time.expired",
        "dns.other-certificate",
    ] {
        let result = results.iter().find(|result| result["ruleId"] == code);
        let result = result.unwrap_or_else(|| panic!("{code}: {log}"));
        let rule = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(run["tool"]["driver"]["rules"][rule]["id"], code);
    }
    let lines = connect(&stage, own_port(), "--format github").stdout;
    assert!(lines.starts_with("::error file=127.0.0.1%3A"), "{lines}");
}

#[test]
fn what_makes_no_sense_could_not_be_run() {
    let stage = Stage::new();
    for (arguments, said) in [
        ("--connect ::1", "brackets"),
        ("--connect localhost:0", "a port is a number"),
        ("--connect localhost:x", "a port is a number"),
        (
            "--connect https://www.example.com/",
            "did you mean www.example.com?",
        ),
        ("--connect *.example.com", "no name of a host"),
        (
            "--connect 127.0.0.1:1 --sni 127.0.0.1",
            "never for an address",
        ),
        ("--connect 127.0.0.1:1 --key key.pem", "name the FILE"),
        ("fullchain.pem --starttls smtp", "--connect"),
        ("--connect 127.0.0.1:1 --starttls gopher", "smtp"),
        ("", "FILE"),
    ] {
        let run = stage.check(arguments);
        assert_eq!(run.code, Some(2), "{arguments}: {}", run.said());
        assert!(run.stderr.contains(said), "{arguments}: {}", run.stderr);
    }
}

#[test]
fn text_fits_80_columns() {
    let stage = Stage::new();
    let server = TlsServer::start(&Chain::good());
    for more in ["", "fullchain.pem"] {
        for line in connect(&stage, server.port, more).stdout.lines() {
            assert!(line.chars().count() <= 80, "{line}");
        }
    }
}

/// OpenSSL's server, ended with the test.
struct OpenSsl(Child);

impl Drop for OpenSsl {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn openssl_serves_what_it_was_told_to() {
    let stage = Stage::new();
    let port = own_port();
    let options =
        "-cert leaf.pem -key key.pem -cert_chain fullchain.pem -tls1_2 -groups P-384 -alpn h2";
    let mut server = Command::new("openssl");
    server
        .current_dir(stage.path())
        .args(["s_server", "-accept", &format!("127.0.0.1:{port}")])
        .args(options.split(' '))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut server = OpenSsl(server.spawn().expect("openssl"));
    // It says ACCEPT once it listens.
    let lines = BufReader::new(server.0.stdout.take().unwrap()).lines();
    let mut lines = lines.map_while(Result::ok);
    assert!(lines.any(|line| line.starts_with("ACCEPT")));
    std::thread::spawn(move || lines.count());
    let (code, told) = seen(&stage, port, "fullchain.pem");
    assert_eq!(code, Some(0), "{told}");
    let facts = &told["addresses"][0]["connection"];
    let spoken = |list: &str| -> Vec<&str> {
        let list = facts[list].as_array().unwrap().iter();
        let list = list.filter(|it| it["spoken"] == "yes");
        list.map(|it| it["name"].as_str().unwrap()).collect()
    };
    assert_eq!(spoken("versions"), ["TLS 1.2"]);
    assert_eq!(spoken("groups"), ["secp384r1"], "{facts}");
    assert_eq!(spoken("alpn"), ["h2"]);
}
