//! OCSP responses that are stapled, or not.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod serving;
mod stage;

use std::fs;
use std::process::{Command, Stdio};

use keyway_testkit::{Chain, Extension, NOW, OcspDraft, OcspResponse};
use serving::{Serving, at_the_moment, backend, s_client, service_file, until};
use stage::Stage;
use stage::service::trust;

/// The service of a stage with a response that is stapled. Gives the port.
fn with_response(stage: &Stage) -> u16 {
    let port = service_file(stage, &backend("hello"), "");
    let text = fs::read_to_string(stage.path().join("keyway.toml")).unwrap();
    stage.write("keyway.toml", &format!("{text}ocsp = \"leaf.ocsp\"\n"));
    port
}

fn write(stage: &Stage, response: OcspDraft) {
    fs::write(stage.path().join("leaf.ocsp"), response.build().der()).unwrap();
}

fn by_issuer() -> OcspDraft {
    let good = Chain::good();
    OcspResponse::by(&good.issuing, &good.leaf)
}

/// What OpenSSL's client says who asks for a response.
fn asked(port: u16) -> String {
    let output = Command::new("openssl")
        .args(["s_client", "-status", "-servername", "www.example.com"])
        .args(["-connect", &format!("127.0.0.1:{port}")])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let seen = String::from_utf8_lossy(&output.stdout).into_owned();
    // OpenSSL's client looks into what is stapled; one that breaks off was sent something.
    assert!(seen.contains("OCSP response:"), "{seen}");
    seen
}

fn is_stapled(port: u16) -> bool {
    !asked(port).contains("OCSP response: no response sent")
}

#[test]
fn a_response_that_was_cut_short_is_told_as_that() {
    let stage = Stage::new();
    with_response(&stage);
    let whole = by_issuer().build().der().to_vec();
    fs::write(stage.path().join("leaf.ocsp"), &whole[..150]).unwrap();
    let run = stage.run(&format!("serve --check {}", trust()));
    assert_eq!(run.code, Some(2));
    let said = "it is no whole OCSP response";
    assert!(run.stderr.contains(said), "{}", run.said());
}

#[test]
fn an_ocsp_response_is_stapled_and_what_is_none_is_refused() {
    let stage = Stage::new();
    let port = with_response(&stage);
    stage.write("leaf.ocsp", "no response");
    let run = stage.run(&format!("serve --check {}", trust()));
    assert_eq!(run.code, Some(2));
    assert!(
        run.stderr.contains("and no OCSP response"),
        "{}",
        run.said()
    );
    write(&stage, by_issuer().revoked());
    let run = stage.run(&format!("serve --check {}", trust()));
    assert_eq!(run.code, Some(1), "{}", run.said());
    assert!(run.stdout.contains("chain.ocsp-revoked"), "{}", run.said());
    write(&stage, by_issuer().next_update(None));
    let _serving = Serving::start(&stage, "");
    let seen = s_client(&stage, port, "www.example.com");
    assert!(!seen.contains("OCSP response:"), "it was not asked for");
    assert!(is_stapled(port));
}

/// What both commands say that check a service, which have to agree on whether it is one.
fn told(stage: &Stage, code: i32) -> String {
    let commands = ["serve --check", "config check"];
    let said = commands.map(|command| {
        let run = stage.run(&format!("{command} {}", trust()));
        assert_eq!(run.code, Some(code), "{command}: {}", run.said());
        run.said()
    });
    // Lines of a page are broken elsewhere.
    said.map(|said| said.split_whitespace().collect::<Vec<_>>().join(" "))
        .join("\n")
}

#[test]
fn a_response_that_clients_could_make_nothing_of_is_a_warning_whoever_looks() {
    let stage = Stage::new();
    with_response(&stage);
    let good = Chain::good();
    write(&stage, OcspResponse::by(&good.issuing, &good.issuing));
    let other = "is not stapled: it speaks of other certificates";
    assert_eq!(told(&stage, 0).matches(other).count(), 2);
    write(&stage, by_issuer().this_update(0).next_update(None));
    let old = "is not stapled: it names no nextUpdate";
    assert_eq!(told(&stage, 0).matches(old).count(), 2);
    let run = stage.run(&format!("config check --format json {}", trust()));
    let warning = run.json()["warnings"][0].as_str().unwrap().to_owned();
    assert!(warning.contains(old), "{warning}");
    write(&stage, by_issuer());
    assert!(!told(&stage, 0).contains("stapled"));
}

#[test]
fn a_certificate_that_demands_a_response_is_not_served_without_a_word() {
    let stage = Stage::new();
    with_response(&stage);
    let chain = Chain::with_leaf(|leaf| leaf.extension(Extension::must_staple()));
    stage.write("fullchain.pem", &chain.fullchain_pem());
    stage.write("key.pem", &chain.key_pem());
    let by = || OcspResponse::by(&chain.issuing, &chain.leaf);
    write(&stage, by());
    assert!(!told(&stage, 0).contains("demands"));
    write(&stage, by().next_update(Some(NOW - 1)));
    let demands = "demands an OCSP response with it, and none is stapled";
    assert_eq!(told(&stage, 0).matches(demands).count(), 2);
    let text = fs::read_to_string(stage.path().join("keyway.toml")).unwrap();
    stage.write("keyway.toml", &text.replace("ocsp = ", "# ocsp = "));
    assert_eq!(told(&stage, 0).matches(demands).count(), 2);
}

#[test]
fn a_response_that_is_over_is_stapled_no_more_though_the_reload_was_refused_before() {
    let stage = Stage::new();
    let port = with_response(&stage);
    write(&stage, by_issuer());
    // The server lives at the moment that a file says.
    let clock = stage.path().join("clock");
    fs::write(&clock, "@2026-11-23 00:00:00").unwrap();
    let mut command = at_the_moment("env");
    command
        .current_dir(stage.path())
        .env("FAKETIME_NO_CACHE", "1")
        .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
        .env("FAKETIME_TIMESTAMP_FILE", &clock)
        .args(["-u", "FAKETIME"])
        .arg(stage.command().get_program());
    let serving = Serving::start_in_time(command, "--roots root.pem");
    assert!(is_stapled(port));
    stage.write("keyway.toml", "nonsense");
    serving.wait_for("not reloaded");
    assert!(is_stapled(port));
    fs::write(&clock, "@2026-11-30 00:00:00").unwrap();
    serving.wait_for("1 OCSP response is over, and stapled no more");
    serving.wait_for("not reloaded");
    assert!(until(|| !is_stapled(port)));
}
