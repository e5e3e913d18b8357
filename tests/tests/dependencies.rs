//! What linking keyway-chain brings along.
#![allow(clippy::unwrap_used)]

use std::process::Command;

/// The crates that keyway-chain and its default features pull in, build scripts included.
fn pulled_in() -> Vec<String> {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--package", "keyway-chain"])
        .args([
            "--edges",
            "normal,build",
            "--prefix",
            "none",
            "--format",
            "{p}",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(
        tree.status.success(),
        "{}",
        String::from_utf8_lossy(&tree.stderr)
    );
    let text = String::from_utf8(tree.stdout).unwrap();
    text.lines()
        .filter_map(|line| line.split(' ').next().map(str::to_owned))
        .collect()
}

#[test]
fn by_default_there_is_no_c_code() {
    let crates = pulled_in();
    assert!(crates.iter().any(|name| name == "keyway-report"));
    for name in crates {
        let builds_c = ["cc", "cmake", "bindgen", "pkg-config", "ring", "aws-lc-rs"];
        assert!(!builds_c.contains(&name.as_str()), "{name}");
        assert!(!name.ends_with("-sys"), "{name}");
    }
}

#[test]
fn by_default_there_is_no_network() {
    let networking = [
        "tokio",
        "mio",
        "socket2",
        "hyper",
        "rustls",
        "reqwest",
        "ureq",
        "hickory-net",
    ];
    for name in pulled_in() {
        assert!(!networking.contains(&name.as_str()), "{name}");
    }
}
