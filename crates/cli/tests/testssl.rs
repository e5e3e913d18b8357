//! What testssl.sh, a scanner of TLS servers, finds on `keyway serve`, and who tries one of its tricks by hand.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod serving;
mod stage;

use std::fs;
use std::io::Write as _;
use std::process::{Child, Command, Stdio};

use serving::{Serving, backend, curl, service_file};
use stage::Stage;

/// What is looked at: versions, suites, forward secrecy, whose order counts, and every known attack. The certificate is
/// not, which is one of tests, nor the fields of answers, which are those of the service.
const LOOKS: &str = "--protocols --std --fs --server-preference --vulnerable";

/// Severities of testssl.sh that are to be answered for.
const GRAVE: [&str; 3] = ["MEDIUM", "HIGH", "CRITICAL"];

/// What it finds grave and is meant so. Mozilla's `intermediate` leaves the choice to the client, which knows whether it
/// has AES in hardware: all of its suites are good.
const MEANT: [(&str, &str); 1] = [("intermediate", "cipher_order")];

/// A profile that is served, and the scan of it.
struct Scan {
    profile: &'static str,
    stage: Stage,
    _serving: Serving,
    scanner: Child,
}

impl Scan {
    fn start(profile: &'static str) -> Self {
        let stage = Stage::new();
        let port = service_file(&stage, &backend("hello"), "");
        let text = fs::read_to_string(stage.path().join("keyway.toml")).unwrap();
        stage.write("keyway.toml", &format!("{text}profile = \"{profile}\"\n"));
        let serving = Serving::start(&stage, "");
        let scanner = Command::new("testssl")
            .args(["--quiet", "--color", "0", "--warnings", "batch"])
            // Nobody else is asked for names.
            .args(["--nodns", "none", "--ip", "127.0.0.1"])
            .args(LOOKS.split(' '))
            .arg("--jsonfile")
            .arg(stage.path().join("found.json"))
            .arg(format!("www.example.com:{port}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let missing = "testssl is missing: `cargo xtask test` installs it (Debian: testssl.sh)";
        Self {
            profile,
            stage,
            _serving: serving,
            scanner: scanner.expect(missing),
        }
    }

    /// What was found, with its severity.
    fn end(mut self) -> Vec<(String, String)> {
        self.scanner.wait().unwrap();
        let found = fs::read_to_string(self.stage.path().join("found.json")).unwrap();
        let found: serde_json::Value = serde_json::from_str(&found).unwrap();
        let word = |one: &serde_json::Value, name: &str| one[name].as_str().unwrap().to_owned();
        let all = found.as_array().unwrap().iter();
        all.map(|one| (word(one, "id"), word(one, "severity")))
            .collect()
    }
}

impl Drop for Scan {
    fn drop(&mut self) {
        drop(self.scanner.kill());
        drop(self.scanner.wait());
    }
}

#[test]
fn testssl_finds_nothing_that_is_grave_and_not_meant_so() {
    let scans = ["intermediate", "modern"].map(Scan::start);
    for scan in scans {
        let profile = scan.profile;
        let found = scan.end();
        for looked_at in ["TLS1_2", "cipher_order", "heartbleed", "ROBOT", "RC4"] {
            let is_there = found.iter().any(|(id, _)| id == looked_at);
            assert!(is_there, "{profile}: {looked_at} is not in {found:?}");
        }
        let is_meant = |id: &str| MEANT.contains(&(profile, id));
        let grave = found
            .iter()
            .filter(|(id, severity)| GRAVE.contains(&severity.as_str()) && !is_meant(id));
        let grave: Vec<_> = grave.collect();
        assert!(grave.is_empty(), "{profile}: {grave:?}");
    }
}

#[test]
fn who_tries_to_renegotiate_is_told_no_and_nothing_is_negotiated_anew() {
    let stage = Stage::new();
    let port = service_file(&stage, &backend("hello"), "");
    let _serving = Serving::start(&stage, "");
    let mut client = Command::new("timeout")
        .args([
            "20",
            "openssl",
            "s_client",
            "-tls1_2",
            "-servername",
            "www.example.com",
        ])
        .args(["-connect", &format!("127.0.0.1:{port}")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A line of its own with this letter is the command for it (openssl-s_client(1)). Nothing follows, and nothing ends.
    let mut commands = client.stdin.take().unwrap();
    commands.write_all(b"R\n").unwrap();
    let output = client.wait_with_output().unwrap();
    drop(commands);
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(said.contains("RENEGOTIATING"), "{said}");
    assert!(said.contains("no renegotiation"), "{said}");
    assert_eq!(curl(&stage, port, &[], "/"), "hello");
}
