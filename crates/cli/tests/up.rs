//! `keyway up` and `keyway dev`, as somebody runs them who has nothing yet.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod serving;
mod stage;

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use keyway_testkit::own_port;
use serving::{at_the_moment, backend, until};

const KEYWAY: &str = env!("CARGO_BIN_EXE_keyway");

/// A machine on which nothing was made yet, at the moment of the kit.
struct Machine {
    folder: tempfile::TempDir,
}

/// `keyway up`, until it is dropped.
struct Up {
    child: Child,
    told: String,
}

/// faketime waits for what it starts: both are of one group.
impl Drop for Up {
    fn drop(&mut self) {
        let group = format!("-{}", self.child.id());
        let signal = |signal: &str| {
            let mut kill = Command::new("kill");
            let kill = kill.args([signal, "--", &group]).stderr(Stdio::null());
            kill.status().is_ok_and(|status| status.success())
        };
        signal("-9");
        drop(self.child.wait());
        until(|| !signal("-0"));
    }
}

impl Machine {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { folder }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn command(&self) -> Command {
        let mut command = at_the_moment(KEYWAY);
        command
            .current_dir(self.path())
            .env("KEYWAY_STATE", self.path().join("state"))
            .env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        command
    }

    fn run(&self, arguments: &str) -> (Option<i32>, String) {
        let mut command = self.command();
        said(&command.args(arguments.split_whitespace()).output().unwrap())
    }

    /// Starts it, and reads until it says what to try, or nothing more.
    fn up(&self, arguments: &str) -> Up {
        Self::up_by(self.command(), arguments)
    }

    /// The same by a program that takes the arguments.
    fn up_by(mut command: Command, arguments: &str) -> Up {
        let mut child = command
            .arg("up")
            .process_group(0)
            .args(arguments.split_whitespace())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut told = String::new();
        for line in lines.map_while(Result::ok) {
            told += &line;
            told.push('\n');
            if line.contains("end it") {
                break;
            }
        }
        Up { child, told }
    }

    fn ca(&self) -> String {
        self.path().join("state/dev/ca.pem").display().to_string()
    }
}

fn curl(url: &str, more: &[&str]) -> (Option<i32>, String) {
    let mut curl = at_the_moment("curl");
    curl.args(["--silent", "--show-error", "--max-time", "10"]);
    said(&curl.args(more).arg(url).output().unwrap())
}

fn said(output: &Output) -> (Option<i32>, String) {
    let text = [output.stdout.as_slice(), &output.stderr].concat();
    (output.status.code(), String::from_utf8(text).unwrap())
}

#[test]
fn from_nothing_https_answers_whoever_trusts_the_ca_and_what_was_made_is_kept() {
    let machine = Machine::new();
    let port = own_port();
    let arguments = format!("--listen 127.0.0.1:{port}");
    let up = machine.up(&arguments);
    for line in [
        "CA          development CA made",
        "certificate made",
        "speaks TLS 1.3",
        "answers 200",
    ] {
        assert!(up.told.contains(line), "{line}: {}", up.told);
    }
    let url = format!("https://localhost:{port}/");
    let (code, page) = curl(&url, &["--cacert", &machine.ca()]);
    assert_eq!(code, Some(0), "{page}");
    assert!(page.contains("https works"), "{page}");
    // The usual name leads to the usual address by itself.
    assert!(!up.told.contains("--resolve"), "{}", up.told);
    let (code, refused) = curl(&url, &[]);
    assert_eq!(
        code,
        Some(60),
        "nobody trusts it who was not told to: {refused}"
    );
    drop(up);
    let again = machine.up(&arguments);
    for line in [
        "CA          development CA kept",
        "certificate kept",
        "answers 200",
    ] {
        assert!(again.told.contains(line), "{line}: {}", again.told);
    }
}

#[test]
fn who_listens_elsewhere_says_how_to_come_there() {
    let machine = Machine::new();
    let at = keyway_testkit::pebble::own_address();
    let up = machine.up(&format!("--listen {at}:8443"));
    let line = up
        .told
        .lines()
        .find_map(|line| line.trim().strip_prefix("try it"));
    let words: Vec<&str> = line.unwrap().split_whitespace().collect();
    assert!(
        words.contains(&format!("localhost:8443:{at}").as_str()),
        "{words:?}"
    );
    let (url, more) = words.split_last().unwrap();
    let (code, page) = curl(url, &more[1..]);
    assert!(code == Some(0) && page.contains("https works"), "{page}");
}

#[test]
fn a_service_of_ones_own_stands_behind_names_for_development() {
    let machine = Machine::new();
    let port = own_port();
    let upstream = backend("hello");
    let up = machine.up(&format!(
        "--host app.test --host 127.0.0.1 --upstream {upstream} --listen 127.0.0.1:{port}"
    ));
    assert!(up.told.contains("/etc/hosts"), "{}", up.told);
    let resolve = format!("app.test:{port}:127.0.0.1");
    assert!(
        up.told.contains(&format!("--resolve {resolve} https://")),
        "{}",
        up.told
    );
    let trust = ["--cacert", &machine.ca(), "--resolve", &resolve];
    for url in [
        format!("https://app.test:{port}/"),
        format!("https://127.0.0.1:{port}/"),
    ] {
        assert_eq!(curl(&url, &trust), (Some(0), "hello".to_owned()), "{url}");
    }
}

#[test]
fn a_name_that_others_visit_is_refused_with_the_ways_there_are() {
    let machine = Machine::new();
    let (code, told) = machine.run("up --host www.example.com");
    assert_eq!(code, Some(2), "{told}");
    for way in [
        "--upstream",
        "keyway dev ca --anew --permit www.example.com",
    ] {
        assert!(told.contains(way), "{way}: {told}");
    }
    let (code, told) = machine.run("dev ca --anew --permit example.com");
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("home.arpa, internal, example.com"), "{told}");
    let port = own_port();
    let up = machine.up(&format!("--host www.example.com --listen 127.0.0.1:{port}"));
    assert!(up.told.contains("answers 200"), "{}", up.told);
}

/// In a namespace of mounts, so that the machine's own store stays as it is.
#[test]
fn who_uses_the_systems_store_or_chromiums_trusts_the_ca_when_it_is_installed_and_no_longer() {
    let machine = Machine::new();
    let port = own_port();
    let _up = machine.up(&format!("--listen 127.0.0.1:{port}"));
    // Where Chromium had it always, and where it has it for a new user.
    let database = |folder: &str| {
        let database = machine.path().join(folder);
        fs::create_dir_all(&database).unwrap();
        let database = format!("sql:{}", database.display());
        let made = Command::new("certutil")
            .args(["-N", "--empty-password", "-d", &database])
            .status()
            .expect("certutil is missing: `cargo xtask test` installs it (Debian: libnss3-tools)");
        assert!(made.success());
        database
    };
    let old = database(".pki/nssdb");
    let database = database(".local/share/pki/nssdb");
    let script = format!(
        "set -e
         mount -t tmpfs none /usr/local/share/ca-certificates
         mount -t tmpfs none /etc/ssl/certs
         curl() {{ faketime -f '@2026-11-23 00:00:00' curl -s --max-time 10 https://localhost:{port}/; }}
         HOME=/nowhere \"$KEYWAY\" dev ca --install
         \"$KEYWAY\" dev ca --install
         certutil -L -d {old} | grep -c 'Keyway development CA'
         curl | grep -c 'https works'
         certutil -L -d {database} | grep 'Keyway development CA'
         \"$KEYWAY\" dev ca --uninstall
         if curl; then echo still trusted; fi
         if certutil -L -d {database} | grep 'Keyway development CA'; then echo still there; fi"
    );
    let output = Command::new("unshare")
        .args(["--mount", "sh", "-c", &script])
        .env("KEYWAY", KEYWAY)
        .env("KEYWAY_STATE", machine.path().join("state"))
        .env("HOME", machine.path())
        .output()
        .unwrap();
    let (code, told) = said(&output);
    assert_eq!(code, Some(0), "as root alone: {told}");
    assert!(
        told.contains("the system's store /usr/local/share/ca-certificates trusts it\n"),
        "{told}"
    );
    for store in ["/.pki/nssdb", "/.local/share/pki/nssdb"] {
        let plain = told.split_whitespace().collect::<Vec<_>>().join(" ");
        let changed = plain.matches(&format!("{store} trusts it")).count();
        assert_eq!(changed, 2, "put there, and taken out: {told}");
    }
    assert!(
        told.contains("browsers of this user have no store so far"),
        "{told}"
    );
    assert!(told.contains("trusts it no more\n"), "{told}");
    assert!(told.contains("C,,"), "{told}");
    assert!(!told.contains("still"), "{told}");
}

#[test]
fn what_cannot_be_made_leaves_the_ca_as_it_is_and_a_broken_pair_is_made_anew() {
    let machine = Machine::new();
    assert_eq!(machine.run("dev ca --permit example.com").0, Some(0));
    let before = fs::read(machine.ca()).unwrap();
    for line in ["--days 2000", "--days -5", "--days 9223372036854775807"] {
        let (code, told) = machine.run(&format!("dev cert a.example.com {line}"));
        assert_eq!(code, Some(2), "{told}");
    }
    assert_eq!(fs::read(machine.ca()).unwrap(), before);
    let port = own_port();
    let arguments = format!("--host localhost --listen 127.0.0.1:{port}");
    drop(machine.up(&arguments));
    let key = machine
        .path()
        .join("state/dev/pairs/localhost/current/key.pem");
    fs::write(key, "").unwrap();
    let again = machine.up(&arguments);
    assert!(again.told.contains("certificate made"), "{}", again.told);
    assert!(again.told.contains("answers 200"), "{}", again.told);
}

#[test]
fn a_service_that_does_not_answer_is_missing() {
    let machine = Machine::new();
    let port = own_port();
    // Nobody listens at port 1 (tcpmux).
    let up = machine.up(&format!(
        "--upstream http://127.0.0.1:1 --listen 127.0.0.1:{port}"
    ));
    assert!(up.told.contains("missing  service"), "{}", up.told);
}

#[test]
fn what_is_up_for_longer_than_its_certificate_serves_another_one() {
    let machine = Machine::new();
    // Where the sandbox lets it be read.
    let clock = machine.path().join("state/dev/clock");
    fs::create_dir_all(clock.parent().unwrap()).unwrap();
    fs::write(&clock, "@2026-11-23 00:00:00").unwrap();
    let mut command = at_the_moment("env");
    command
        .current_dir(machine.path())
        .env("KEYWAY_STATE", machine.path().join("state"))
        .env("FAKETIME_NO_CACHE", "1")
        .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
        .env("FAKETIME_TIMESTAMP_FILE", &clock)
        .args(["-u", "FAKETIME", KEYWAY]);
    let port = own_port();
    let _up = Machine::up_by(command, &format!("--listen 127.0.0.1:{port}"));
    let served = || {
        let ask = format!(
            "openssl s_client -connect 127.0.0.1:{port} </dev/null 2>&1 | openssl x509 -noout -serial"
        );
        said(&Command::new("sh").args(["-c", &ask]).output().unwrap()).1
    };
    let first = served();
    assert!(first.starts_with("serial="), "{first}");
    fs::write(&clock, "@2027-01-23 00:00:00").unwrap();
    assert!(until(|| {
        let now = served();
        now.starts_with("serial=") && now != first
    }));
}

#[test]
fn what_was_made_by_a_clock_that_was_ahead_is_told_and_is_not_served() {
    let machine = Machine::new();
    let mut ahead = Command::new("faketime");
    ahead
        .args(["-f", "@2028-11-23 00:00:00", KEYWAY, "dev", "ca"])
        .env("KEYWAY_STATE", machine.path().join("state"));
    assert!(ahead.output().unwrap().status.success());
    for command in ["up --listen 127.0.0.1:1", "dev cert a.test"] {
        let (code, text) = machine.run(command);
        assert_eq!(code, Some(2), "{text}");
        assert!(
            text.contains("set the clock") && text.contains("--anew"),
            "{text}"
        );
    }
    assert_eq!(machine.run("dev ca --anew").0, Some(0));
    assert_eq!(machine.run("dev cert a.test").0, Some(0));
}

#[test]
fn what_only_names_have_that_others_visit_is_not_passed_over() {
    let machine = Machine::new();
    for (given, told) in [
        ("--store ftp://nonsense", "--store (KEYWAY_STORE)"),
        ("--roots nowhere", "--roots"),
        ("--profile private", "--profile"),
        ("--at 2026-11-24", "--at"),
    ] {
        let (code, text) = machine.run(&format!("up {given} --listen 127.0.0.1:1"));
        assert_eq!(code, Some(2), "{text}");
        assert!(
            text.contains(&format!("{told} is for names that others visit")),
            "{text}"
        );
    }
}

#[test]
fn a_port_alone_is_refused_before_anything_is_made_and_with_what_is_meant() {
    let machine = Machine::new();
    for host in ["", "--host www.example.com --upstream http://127.0.0.1:1"] {
        let (code, text) = machine.run(&format!("up {host} --listen 8444"));
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(code, Some(2), "{text}");
        assert!(
            text.contains("--listen 8444: that is no address with a port; 127.0.0.1:8444 is"),
            "{text}"
        );
        assert!(fs::read_dir(machine.path()).unwrap().next().is_none());
    }
    // Nor has a service that no file holds a line to look at.
    let (_, text) = machine.run("serve --upstream http://127.0.0.1:1 --listen 8444");
    assert!(text.contains("at        the command line\n"), "{text}");
}

#[test]
fn an_address_where_nothing_would_listen_is_refused_with_how_to_listen_there() {
    let machine = Machine::new();
    for ip in ["192.168.1.5", "127.0.0.2"] {
        let (code, text) = machine.run(&format!("up --host localhost --host {ip}"));
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(code, Some(2), "{text}");
        let told = format!("nothing is listened at {ip}: `--listen {ip}:8443`");
        assert!(text.contains(&told), "{text}");
    }
    // Others may hand on what comes there.
    let up = machine.up(&format!(
        "--host localhost --host 127.0.0.2 --listen 127.0.0.1:{}",
        own_port()
    ));
    assert!(up.told.contains("try it"), "{}", up.told);
}
