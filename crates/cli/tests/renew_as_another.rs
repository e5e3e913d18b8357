//! A server that became another user when it began, and renews what root alone may have had made.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod renewing;
mod serving;
mod stage;

use std::fs;
use std::io;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use std::process::Command;
use std::thread;

use keyway_testkit::pebble::{HTTP_PORT, Pebble, TLS_PORT};
use renewing::{HOST, Machine, make_due};
use serving::Serving;

/// Ports that are root's.
const ROOTS_HTTP: u16 = 99;
const ROOTS_TLS: u16 = 98;

const SERVE: &str = "serve --threads 1 --user nobody --roots roots.pem --profile private";

fn is_root() -> bool {
    nix::unistd::geteuid().is_root()
}

fn needs_root() {
    assert!(
        is_root(),
        "only root becomes somebody else: run this test as root"
    );
}

/// A machine whose files everybody may read.
fn open_machine(pebble: &Pebble) -> Machine {
    let machine = Machine::with(pebble);
    machine.service("");
    let open = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    open(&machine.path(""), 0o755);
    fs::copy(machine.pebble.root(), machine.path("ca.pem")).unwrap();
    let root = machine.pebble.root().display().to_string();
    let own = machine.path("ca.pem").display().to_string();
    edit(&machine, &[(&root, &own)]);
    for name in ["keyway.toml", "ca.pem", "roots.pem"] {
        open(&machine.path(name), 0o644);
    }
    machine
}

fn edit(machine: &Machine, changes: &[(&str, &str)]) {
    let file = machine.path("keyway.toml");
    let mut text = fs::read_to_string(&file).unwrap();
    for (from, to) in changes {
        assert!(text.contains(from), "{text}");
        text = text.replace(from, to);
    }
    fs::write(&file, text).unwrap();
}

fn serve(machine: &Machine) -> Command {
    let mut serve = machine.command();
    serve.args(SERVE.split(' '));
    serve
}

/// Hands on what comes to one port of an address to another one, as a firewall does.
fn hand_on(ip: std::net::Ipv4Addr, from: u16, to: u16) {
    let listener = TcpListener::bind((ip, from)).unwrap();
    thread::spawn(move || {
        for came in listener.incoming() {
            let came = came?;
            let Ok(there) = TcpStream::connect((ip, to)) else {
                continue;
            };
            let (mut one, mut other) = (came.try_clone()?, there.try_clone()?);
            thread::spawn(move || io::copy(&mut one, &mut other));
            let (mut one, mut other) = (there, came);
            thread::spawn(move || {
                drop(io::copy(&mut one, &mut other));
                other.shutdown(std::net::Shutdown::Both)
            });
        }
        Ok::<(), io::Error>(())
    });
}

#[test]
fn a_server_keeps_the_places_for_a_cas_looks_that_its_user_may_not_bind() {
    needs_root();
    for (way, from, to) in [
        ("http-01", HTTP_PORT, ROOTS_HTTP),
        ("tls-alpn-01", TLS_PORT, ROOTS_TLS),
    ] {
        let machine = open_machine(&Pebble::default());
        assert_eq!(machine.renew("").0, Some(0));
        let ip = machine.pebble.ip;
        hand_on(ip, from, to);
        edit(
            &machine,
            &[
                (&format!(":{from}\""), &format!(":{to}\"")),
                (
                    "[tls.acme]",
                    &format!("[tls.acme]\nchallenges = [\"{way}\"]"),
                ),
            ],
        );
        let first = machine.serial();
        let due = || make_due(&machine.path(&format!("state/certificates/{HOST}/renewal.json")));
        due();
        let serving = Serving::begin(serve(&machine));
        serving.wait_for("done served");
        let second = machine.serial();
        assert_ne!(first, second);
        // Nobody listens there in between.
        let refused = TcpStream::connect((ip, to)).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::ConnectionRefused, "{way}");
        let (_, lines) = serving.end();
        assert!(!lines.stderr.contains("warning"), "{}", lines.stderr);
    }
}

#[test]
fn a_server_that_became_another_user_renews_as_that_user() {
    if !is_root() {
        let machine = open_machine(&Pebble::default());
        let (code, told) = machine.run(SERVE);
        assert!(
            code == Some(2) && told.contains("only root becomes another user"),
            "{told}"
        );
        return;
    }
    let machine = open_machine(&Pebble::default().valid_for(16));
    let (code, told) = machine.renew("");
    assert_eq!(code, Some(0), "{told}");
    // Where somebody else listens, nobody of ours answers a CA later on.
    let ip = machine.pebble.ip;
    let _other = TcpListener::bind((ip, ROOTS_HTTP)).unwrap();
    let (from, to) = (format!(":{HTTP_PORT}\""), format!(":{ROOTS_HTTP}\""));
    edit(&machine, &[(&from, &to)]);
    let serving = Serving::begin(serve(&machine));
    serving
        .wait_for("the next renewals: http-01 cannot be shown from here: Address already in use");
    // By the other way, which is gone first then.
    serving.wait_for("warning: http-01 cannot be shown from here: ");
    serving.wait_for("done served");
    let key = machine.chain_of(HOST).with_file_name("key.pem");
    let key = key.metadata().unwrap();
    assert_ne!(key.uid(), 0);
    assert_eq!(key.permissions().mode() & 0o777, 0o600);
    serving.end();
}

#[test]
fn a_server_that_became_another_user_renews_by_the_development_ca_of_who_started_it() {
    needs_root();
    let machine = open_machine(&Pebble::default());
    let (code, text) = machine.run(&format!("dev ca --permit {HOST}"));
    assert_eq!(code, Some(0), "{text}");
    edit(&machine, &[(&machine.pebble.directory(), "local")]);
    assert_eq!(machine.run("renew").0, Some(0));
    let first = machine.serial();
    make_due(&machine.path(&format!("state/certificates/{HOST}/renewal.json")));
    let serving = Serving::begin(serve(&machine));
    serving.wait_for("done served");
    assert_ne!(machine.serial(), first);
    let (_, lines) = serving.end();
    assert!(!lines.stderr.contains("warning"), "{}", lines.stderr);
    // Its key is nobody else's.
    let key = machine.path("state/dev/ca.key").metadata().unwrap();
    assert_eq!((key.uid(), key.permissions().mode() & 0o777), (0, 0o600));
}

/// All that is in a folder, with whom it is of.
fn owners(folder: &Path) -> Vec<(std::path::PathBuf, u32)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        found.push((entry.path(), entry.metadata().unwrap().uid()));
        if entry.file_type().unwrap().is_dir() {
            found.extend(owners(&entry.path()));
        }
    }
    found
}

#[test]
fn what_root_renews_beside_a_server_of_another_user_is_that_users() {
    needs_root();
    let machine = open_machine(&Pebble::default());
    let state = machine.path("state");
    fs::create_dir(&state).unwrap();
    let nobody = nix::unistd::User::from_name("nobody").unwrap().unwrap();
    let (uid, gid) = (nobody.uid.as_raw(), nobody.gid.as_raw());
    std::os::unix::fs::chown(&state, Some(uid), Some(gid)).unwrap();
    for _ in 0..2 {
        assert_eq!(machine.renew("--force").0, Some(0));
        let others = owners(&state)
            .into_iter()
            .filter(|(_, owner)| *owner != uid);
        // Whose a link is, nobody asks.
        let others: Vec<_> = others.filter(|(path, _)| !path.is_symlink()).collect();
        assert!(others.is_empty(), "{others:?}");
    }
}

#[test]
fn what_root_makes_of_development_in_somebodys_home_is_that_ones() {
    needs_root();
    let home = tempfile::tempdir().unwrap();
    let nobody = nix::unistd::User::from_name("nobody").unwrap().unwrap();
    let (uid, gid) = (nobody.uid.as_raw(), nobody.gid.as_raw());
    std::os::unix::fs::chown(home.path(), Some(uid), Some(gid)).unwrap();
    for arguments in ["dev ca", "dev ca --anew"] {
        let mut keyway = Command::new(renewing::KEYWAY);
        keyway.args(arguments.split(' ')).env("HOME", home.path());
        for set in ["KEYWAY_STATE", "XDG_STATE_HOME", "STATE_DIRECTORY"] {
            keyway.env_remove(set);
        }
        let (code, text) = renewing::said(&keyway.output().unwrap());
        assert_eq!(code, Some(0), "{text}");
    }
    let all = owners(home.path());
    assert!(all.len() > 5, "{all:?}");
    let others: Vec<_> = all.iter().filter(|(_, owner)| *owner != uid).collect();
    assert!(others.is_empty(), "{others:?}");
}

#[test]
fn what_is_roots_in_somebodys_home_from_before_is_told_with_the_way_out() {
    use std::os::unix::process::CommandExt as _;
    needs_root();
    let home = tempfile::tempdir().unwrap();
    let nobody = nix::unistd::User::from_name("nobody").unwrap().unwrap();
    let (uid, gid) = (nobody.uid.as_raw(), nobody.gid.as_raw());
    std::os::unix::fs::chown(home.path(), Some(uid), Some(gid)).unwrap();
    // Who that is does not come to where it was built.
    let own = home.path().join("keyway");
    fs::copy(renewing::KEYWAY, &own).unwrap();
    let run = |arguments: &str| {
        let mut keyway = Command::new(&own);
        keyway
            .args(arguments.split(' '))
            .current_dir(home.path())
            .env("KEYWAY_STATE", home.path().join("state"));
        keyway.uid(uid).gid(gid);
        renewing::said(&keyway.output().unwrap())
    };
    assert_eq!(run("dev ca").0, Some(0));
    let pair = home.path().join("state/dev/pairs/b.test");
    fs::create_dir_all(&pair).unwrap();
    fs::set_permissions(&pair, fs::Permissions::from_mode(0o700)).unwrap();
    let (code, text) = run("up --host b.test --listen 127.0.0.1:0");
    assert!(
        code == Some(2) && text.contains("cannot be read") && text.contains("sudo chown -R"),
        "{text}"
    );
}
