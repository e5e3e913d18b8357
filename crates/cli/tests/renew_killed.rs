//! Renewals that are killed at each of their changes on disk: the old pair or the new one is served, never a mixture, no
//! key is lost, and no second account is made.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod renewing;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, ExitStatus};

use keyway_testkit::pebble::Pebble;
use renewing::{HOST, KEYWAY, Machine, said};

/// What changes a folder. A file is written beside its place and renamed into it, so that writing it changes nothing.
const CHANGES: &str =
    "rename,renameat,renameat2,symlink,symlinkat,unlink,unlinkat,mkdir,mkdirat,rmdir";

/// SIGKILL: no handler, no clean-up.
const SIGKILL: i32 = 9;

/// A renewal under strace, and what it said.
fn traced(machine: &Machine, options: &[&str]) -> (ExitStatus, String) {
    let mut command = Command::new("strace");
    command
        .args(["-f", "-qq"])
        .args(options)
        .arg(KEYWAY)
        .args("renew --force --roots roots.pem --profile private".split(' '))
        .current_dir(machine.path(""))
        .env("KEYWAY_STATE", machine.path("state"));
    let output = command
        .output()
        .expect("strace is there (Debian: `apt-get install strace`)");
    (output.status, said(&output).1)
}

/// The changes of a renewal: each by its name, and how many of that name there were by then.
fn changes(machine: &Machine) -> Vec<(String, usize)> {
    let log = machine.path("log");
    let trace = format!("trace={CHANGES}");
    let (status, text) = traced(machine, &["-e", &trace, "-o", log.to_str().unwrap()]);
    assert!(status.success(), "{status}: {text}");
    let log = fs::read_to_string(log).unwrap();
    let mut counts = BTreeMap::<String, usize>::new();
    let names = log.lines().filter_map(|line| {
        let (head, _) = line.split_once('(')?;
        head.split_whitespace().nth(1).map(str::to_owned)
    });
    let counted = names.map(|name| {
        let count = counts.entry(name.clone()).or_default();
        *count += 1;
        (name, *count)
    });
    counted.collect()
}

/// The public key of what is in place, by its certificate and by its key; `None` where nothing is.
fn in_place(machine: &Machine) -> Option<(String, String)> {
    let chain = machine.chain_of(HOST);
    let key = chain.with_file_name("key.pem");
    if !chain.exists() {
        return None;
    }
    let public = |arguments: &[&str], path: &std::path::Path| {
        let asked = Command::new("openssl").args(arguments).arg(path).output();
        let (code, text) = said(&asked.unwrap());
        assert_eq!(code, Some(0), "{text}");
        text
    };
    Some((
        public(&["x509", "-noout", "-pubkey", "-in"], &chain),
        public(&["pkey", "-pubout", "-in"], &key),
    ))
}

fn key_of_account(machine: &Machine) -> Option<String> {
    let folders = fs::read_dir(machine.path("state/acme")).ok()?;
    let mut keys = folders.map(|folder| folder.unwrap().path().join("account.key"));
    keys.find_map(|key| fs::read_to_string(key).ok())
}

fn accounts(machine: &Machine) -> String {
    let log = machine.pebble.log();
    let mut lines = log.lines().rev();
    let last = lines.find(|line| line.contains("accounts in memory"));
    last.unwrap_or_default().to_owned()
}

/// Kills a renewal at its `count`th change of that name; what was in place before it. One that came to its end with fewer
/// went another way, as where Pebble did not look again (see `forget_account`): it is begun again, thrice at most.
fn killed_at(
    machine: &Machine,
    name: &str,
    count: usize,
    begin: impl Fn(),
) -> Option<(String, String)> {
    let inject = format!("inject={name}:signal=KILL:when={count}");
    let mut said = Vec::new();
    for _ in 0..3 {
        begin();
        let before = in_place(machine);
        let (status, text) = traced(machine, &["-o", "/dev/null", "-e", &inject]);
        if status.signal() == Some(SIGKILL) {
            return before;
        }
        assert!(status.success(), "{name} {count}: {status}: {text}");
        said.push(text);
    }
    panic!("{name} {count} was never reached: {said:#?}");
}

fn killed_everywhere(machine: &Machine, begin: impl Fn()) {
    begin();
    let changes = changes(machine);
    for name in ["rename", "symlink", "mkdir", "unlink"] {
        assert!(
            changes.iter().any(|(change, _)| change.contains(name)),
            "{changes:?}"
        );
    }
    for (name, count) in changes {
        let at = format!("{name} {count}");
        let before = killed_at(machine, &name, count, &begin);
        let after = in_place(machine);
        assert!(after.is_some() || before.is_none(), "{at}");
        if let Some((of_certificate, of_key)) = after {
            assert_eq!(of_certificate, of_key, "{at}");
        }
    }
    // Whatever was left is gone on with.
    let (code, text) = machine.renew("--force");
    assert_eq!(code, Some(0), "{text}");
    let (of_certificate, of_key) = in_place(machine).unwrap();
    assert_eq!(of_certificate, of_key);
}

#[test]
fn a_renewal_that_is_killed_leaves_the_old_pair_or_the_new_one() {
    let machine = Machine::with(&Pebble::default());
    machine.service("challenges = [\"http-01\"]");
    assert_eq!(machine.renew("").0, Some(0));
    let copy = |from: &str, to: &str| {
        let _ = fs::remove_dir_all(machine.path(to));
        let (from, to) = (machine.path(from), machine.path(to));
        let copied = Command::new("cp").arg("-a").args([from, to]).status();
        assert!(copied.unwrap().success());
    };
    copy("state", "before");
    killed_everywhere(&machine, || copy("before", "state"));
    assert!(
        accounts(&machine).contains("There are now 1 accounts"),
        "{}",
        accounts(&machine)
    );
}

#[test]
fn a_first_certificate_whose_making_is_killed_leaves_a_key_that_makes_the_account_once() {
    let machine = Machine::with(&Pebble::default());
    machine.service("challenges = [\"http-01\"]");
    // Killed while the account is made: the key that is there by then is the account's. Files are put so.
    let changes = changes(&machine);
    let mut made = 0;
    let renames = changes
        .into_iter()
        .filter(|(name, _)| name.starts_with("renameat"));
    for (name, count) in renames.take(4) {
        killed_at(&machine, &name, count, || {
            let _ = fs::remove_dir_all(machine.path("state"));
        });
        let key = key_of_account(&machine);
        let (code, text) = machine.renew("");
        assert_eq!(code, Some(0), "{text}");
        if let Some(key) = key {
            made += 1;
            assert_eq!(key_of_account(&machine).unwrap(), key);
        }
    }
    assert!(made > 0);
}
