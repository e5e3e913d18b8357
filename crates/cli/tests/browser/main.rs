//! A real browser in front of `keyway serve`.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

#[path = "../serving/mod.rs"]
mod serving;
#[path = "../stage/mod.rs"]
mod stage;

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use keyway_testkit::own_port;
use serving::{Script, Serving, service_file};
use stage::Stage;

/// A browser without a window that asks nobody but who it is sent to.
fn chromium(profile: &Path) -> Command {
    let mut command = Command::new("chromium");
    command
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
        ])
        .args(["--no-first-run", "--disable-background-networking"])
        .args(["--disable-component-update", "--disable-sync"])
        .arg(format!("--user-data-dir={}", profile.display()));
    command
}

const MISSING: &str = "chromium is missing: `cargo xtask test` installs it (Debian: chromium)";

/// A program that is killed when the test is over.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// One that stays at the page until it is dropped.
struct Browser(#[expect(dead_code, reason = "it is killed when it is dropped")] Running);

impl Browser {
    fn start(profile: &Path, port: u16) -> Self {
        let child = chromium(profile)
            // The certificate is one of tests, and no name is looked up.
            .arg("--ignore-certificate-errors")
            .arg(format!("--host-resolver-rules=MAP * 127.0.0.1:{port}"))
            // It stays when the page is there.
            .arg("--remote-debugging-port=0")
            .arg("https://www.example.com/")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        Self(Running(child.expect(MISSING)))
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

/// At the real clock, as the browser has no other. The machine's own stores stay as they are: the system's is hidden in a
/// namespace of mounts, and the browser's is that of another home.
#[test]
fn a_browser_shows_what_up_serves_without_a_warning_where_the_ca_is_installed() {
    let keyway = env!("CARGO_BIN_EXE_keyway");
    let stage = tempfile::tempdir().unwrap();
    let home = stage.path();
    let port = own_port();
    let mut up = Command::new(keyway)
        .args(["up", "--listen", &format!("127.0.0.1:{port}")])
        .env("KEYWAY_STATE", home.join("state"))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(up.stdout.take().unwrap()).lines();
    let _up = Running(up);
    assert!(lines.any(|line| line.unwrap().contains("end it")));

    let shown = |profile: &str| {
        let page = chromium(&home.join(profile))
            .args(["--timeout=20000", "--dump-dom"])
            .arg(format!("https://localhost:{port}/"))
            .env("HOME", home)
            .env_remove("XDG_DATA_HOME")
            .output()
            .expect(MISSING);
        String::from_utf8_lossy(&page.stdout).into_owned()
    };
    let dev_ca = |option: &str| {
        let script = "mount -t tmpfs none /usr/local/share/ca-certificates
             mount -t tmpfs none /etc/ssl/certs
             \"$0\" dev ca \"$1\"";
        let done = Command::new("unshare")
            .args(["--mount", "sh", "-e", "-c", script, keyway, option])
            .env("KEYWAY_STATE", home.join("state"))
            .env("HOME", home)
            .env_remove("XDG_DATA_HOME")
            .output()
            .unwrap();
        assert!(done.status.success(), "as root alone: {done:?}");
    };
    // On a fresh account the browser makes its store where it has it today; nobody is shown the way there.
    assert!(!shown("before").contains("https works"));
    dev_ca("--install");
    let page = shown("trusting");
    assert!(page.contains("https works"), "{page}");
    dev_ca("--uninstall");
    assert!(!shown("after").contains("https works"));
}
