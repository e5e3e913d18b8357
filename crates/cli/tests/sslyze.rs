//! What sslyze says of `keyway serve` by Mozilla's recommended configurations.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod serving;
mod stage;

use std::fs;
use std::path::Path;

use serving::{Serving, at_the_moment, backend, service_file};
use stage::Stage;

/// Asks for compliance with a configuration: whether there is, and what is said.
fn judged(configuration: &str, stage: &Stage, port: u16) -> (bool, String) {
    let sslyze = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tests/sslyze/venv/bin/sslyze"
    );
    let missing = "sslyze is missing: `cargo xtask install` fetches it (see tests/sslyze)";
    assert!(Path::new(sslyze).exists(), "{missing}");
    let output = at_the_moment(sslyze)
        .args([
            "--mozilla_config",
            configuration,
            "--sni",
            "www.example.com",
        ])
        .arg("--certinfo_ca_file")
        .arg(stage.path().join("root.pem"))
        .arg(format!("127.0.0.1:{port}"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    (output.status.success(), said)
}

fn served(profile: &str) -> (Stage, u16, Serving) {
    let stage = Stage::new();
    let port = service_file(&stage, &backend("hello"), "");
    let text = fs::read_to_string(stage.path().join("keyway.toml")).unwrap();
    stage.write("keyway.toml", &format!("{text}profile = \"{profile}\"\n"));
    let serving = Serving::start(&stage, "");
    (stage, port, serving)
}

#[test]
fn each_profile_is_what_mozilla_recommends_under_its_name() {
    for profile in ["intermediate", "modern"] {
        let (stage, port, _serving) = served(profile);
        let (is_compliant, said) = judged(profile, &stage, port);
        assert!(
            is_compliant && said.contains("OK - Compliant."),
            "{profile}: {said}"
        );
    }
    // The judge tells them apart.
    let (stage, port, _serving) = served("intermediate");
    let (is_compliant, said) = judged("modern", &stage, port);
    assert!(!is_compliant && said.contains("Not compliant"), "{said}");
}
