//! A real browser in front of `keyway serve`.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

#[path = "../serving/mod.rs"]
mod serving;
#[path = "../stage/mod.rs"]
mod stage;

use std::path::Path;
use std::process::{Child, Command, Stdio};

use serving::{Script, Serving, service_file};
use stage::Stage;

/// A browser without a window, until it is dropped.
struct Browser(Child);

impl Browser {
    fn start(profile: &Path, port: u16) -> Self {
        let child = Command::new("chromium")
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
            ])
            .args(["--no-first-run", "--disable-background-networking"])
            .args(["--disable-component-update", "--disable-sync"])
            // The certificate is one of tests, and no name is looked up.
            .arg("--ignore-certificate-errors")
            .arg(format!("--host-resolver-rules=MAP * 127.0.0.1:{port}"))
            .arg(format!("--user-data-dir={}", profile.display()))
            // It stays when the page is there.
            .arg("--remote-debugging-port=0")
            .arg("https://www.example.com/")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let missing = "chromium is missing: `cargo xtask test` installs it (Debian: chromium)";
        Self(child.expect(missing))
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[test]
fn a_browser_speaks_http_2_and_a_websocket() {
    let (mut behind, upstream) = Script::start("python3", include_str!("behind.py"));
    let stage = Stage::new();
    let port = service_file(&stage, &format!("http://127.0.0.1:{upstream}"), "");
    let serving = Serving::start(&stage, "--access-log json");
    let profile = tempfile::tempdir().unwrap();
    let browser = Browser::start(profile.path(), port);
    assert_eq!(behind.line(), "h2 one two 100000");
    drop(browser);
    let (_, lines) = serving.end();
    let is_switch = |line: &&str| line.contains("\"status\":101") && line.contains("/socket");
    let switches = lines.stdout.lines().filter(is_switch).count();
    assert_eq!(switches, 1, "{}", lines.stdout);
}
