//! Renewals that are asked to end, and clocks that are wrong.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod renewing;
mod serving;
mod stage;

use std::collections::BTreeSet;
use std::fs;
use std::net::UdpSocket;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use keyway_testkit::pebble::{Pebble, TLS_PORT};
use renewing::{HOST, KEYWAY, Machine, said};
use serving::{Serving, until};

/// A hook that makes the record and then does not come to an end, and that removes it.
const HOOK: &str =
    "#!/bin/sh\necho $KEYWAY_ACTION >> log\n[ $KEYWAY_ACTION = withdraw ] || exec sleep 300\n";

fn machine(pebble: &Pebble) -> Machine {
    let machine = Machine::with(pebble);
    fs::write(machine.path("hook"), HOOK).unwrap();
    machine.service("challenges = [\"dns-01\"]\nhook = [\"sh\", \"hook\"]");
    machine
}

fn log(machine: &Machine) -> String {
    fs::read_to_string(machine.path("log")).unwrap_or_default()
}

fn signal(name: &str, process: u32) {
    let kill = format!("kill -{name} {process}");
    assert!(
        Command::new("sh")
            .args(["-c", &kill])
            .status()
            .unwrap()
            .success()
    );
}

#[test]
fn what_was_shown_is_taken_away_when_a_renewal_is_asked_to_end() {
    for (name, code) in [("TERM", 143), ("INT", 130), ("HUP", 129)] {
        let machine = machine(&Pebble::default());
        let mut renew = machine.command();
        renew.args("renew --roots roots.pem --profile private".split(' '));
        let renew = renew.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let renew = renew.unwrap();
        assert!(until(|| log(&machine) == "present\n"), "{}", log(&machine));
        signal(name, renew.id());
        let (ended, text) = said(&renew.wait_with_output().unwrap());
        assert_eq!(ended, Some(code), "{text}");
        assert!(text.contains("broken off by signal"), "{text}");
        assert_eq!(log(&machine), "present\nwithdraw\n");
        // It was no failure, and others may go on at once.
        let record = machine
            .path("state/certificates")
            .join(HOST)
            .join("renewal.json");
        assert!(!record.exists(), "{}", fs::read_to_string(record).unwrap());
        machine.service("");
        let (code, text) = machine.renew("");
        assert!(code == Some(0) && !text.contains("waiting"), "{text}");
    }
}

#[test]
fn asked_a_second_time_it_ends_at_once() {
    let machine = machine(&Pebble::default());
    let hook = "#!/bin/sh\necho $KEYWAY_ACTION >> log\nexec sleep 300\n";
    fs::write(machine.path("hook"), hook).unwrap();
    let mut renew = machine.command();
    renew.args("renew --roots roots.pem --profile private".split(' '));
    let mut renew = renew.stdout(Stdio::null()).spawn().unwrap();
    assert!(until(|| log(&machine) == "present\n"), "{}", log(&machine));
    signal("TERM", renew.id());
    assert!(until(|| log(&machine).ends_with("withdraw\n")));
    signal("TERM", renew.id());
    let status = renew.wait().unwrap();
    assert_eq!((status.code(), status.signal()), (Some(143), None));
}

#[test]
fn a_server_that_ends_takes_away_what_it_shows() {
    let machine = machine(&Pebble::default().valid_for(16));
    machine.service("");
    assert_eq!(machine.renew("").0, Some(0));
    let mut serve = machine.command();
    serve.args("serve --threads 1 --no-sandbox --roots roots.pem --profile private".split(' '));
    let serving = Serving::run(serve);
    machine.service("challenges = [\"dns-01\"]\nhook = [\"sh\", \"hook\"]");
    assert!(until(|| log(&machine) == "present\n"), "{}", log(&machine));
    let (code, lines) = serving.end();
    assert_eq!(code, Some(0), "{}", lines.stderr);
    assert_eq!(log(&machine), "present\nwithdraw\n", "{}", lines.stderr);
}

#[test]
fn a_clock_that_is_wrong_is_seen_before_an_order() {
    let machine = Machine::with(&Pebble::default());
    machine.service("");
    let renew_at = |by: &str| {
        let mut faketime = machine.command_of("faketime");
        faketime
            .args(["-f", by, KEYWAY])
            .args("renew --roots roots.pem --profile private".split(' '));
        said(&faketime.output().unwrap())
    };
    for by in ["+5y", "-2h"] {
        let (code, text) = renew_at(by);
        let plain = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(code, Some(2), "{text}");
        assert!(
            plain.contains("by this machine, and") && plain.contains("set the clock"),
            "{text}"
        );
        assert!(!text.contains("doing    order"), "{text}");
    }
    let (code, text) = machine.renew("");
    assert!(code == Some(0) && !text.contains("clock"), "{text}");
    // By a clock that is years ahead the one that is there has ended, and so would the next one have.
    let (code, text) = renew_at("+7y");
    assert!(code == Some(2) && text.contains("has ended"), "{text}");
    assert!(!text.contains("doing    order"), "{text}");
}

#[test]
fn a_ca_whose_own_certificate_is_over_by_the_clock_here_leads_to_the_clock() {
    let machine = Machine::with(&Pebble::default());
    machine.service("");
    let mut faketime = machine.command_of("faketime");
    faketime
        .args(["-f", "+75y", KEYWAY])
        .args("renew --roots roots.pem --profile private".split(' '));
    let (code, text) = said(&faketime.output().unwrap());
    assert_eq!(code, Some(2), "{text}");
    assert!(
        text.contains(":14000") && text.contains("is the clock of this machine right?"),
        "{text}"
    );
    assert!(!text.contains("doing    order"), "{text}");
}

#[test]
fn a_moment_that_was_named_is_looked_at_and_nothing_is_made_for_it() {
    let machine = Machine::with(&Pebble::default());
    machine.service("");
    assert_eq!(machine.renew("").0, Some(0));
    let serial = machine.serial();
    let (code, text) = machine.renew("--at 2040-01-01");
    assert_eq!(code, Some(2), "{text}");
    assert!(
        text.contains("`--dry-run --at` looks at that moment") && !text.contains("clock"),
        "{text}"
    );
    assert_eq!(machine.serial(), serial);
    let record = machine.path(&format!("state/certificates/{HOST}/renewal.json"));
    assert!(!fs::read_to_string(record).unwrap().contains("\"last\""));
    let (code, text) = machine.renew("--at 2040-01-01 --dry-run");
    assert!(code == Some(0) && text.contains("would    order"), "{text}");
    // While it is good, there is nothing to make.
    let (code, text) = machine.renew("--at 2027-01-01");
    assert!(code == Some(0) && text.contains("kept"), "{text}");
}

#[test]
fn a_look_for_pins_asks_for_several_at_a_time_and_ends_when_it_is_asked_to() {
    let machine = Machine::with(&Pebble::default());
    let hosts: Vec<String> = (0..9).map(|it| format!("\"a{it}.example.com\"")).collect();
    let hosts = format!("host = [{}]", hosts.join(", "));
    machine.service_of(&hosts, "", "");
    let (code, text) = machine.renew("");
    assert_eq!(code, Some(0), "{text}");
    // It takes questions, and answers none.
    let silent = UdpSocket::bind("127.0.0.1:0").unwrap();
    silent
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    let address = silent.local_addr().unwrap();
    machine.service_of(&hosts, "", &format!("[dns]\nresolvers = \"{address}\""));
    let mut renew = machine.command();
    renew.args("renew --force --no-preflight --roots roots.pem --profile private".split(' '));
    let renew = renew.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let renew = renew.unwrap();
    let mut asked = BTreeSet::new();
    let mut question = [0; 512];
    while asked.len() < 8 {
        let length = silent.recv(&mut question).unwrap();
        // Behind its number, which is another one each time, and flags and counts: the name.
        asked.insert(question[12..length].to_vec());
    }
    let began = Instant::now();
    signal("TERM", renew.id());
    let (code, text) = said(&renew.wait_with_output().unwrap());
    assert_eq!(code, Some(143), "{text}");
    // One that is silent is waited for five seconds.
    assert!(began.elapsed() < Duration::from_secs(4), "{text}");
}

/// On a file system of its own, in a namespace of mounts.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_keeps_the_old_pair_and_the_account_and_is_gone_on_from_when_there_is_room() {
    let machine = Machine::with(&Pebble::default());
    machine.service("");
    fs::create_dir(machine.path("state")).unwrap();
    let script = format!(
        "set -e
         mount -t tmpfs -o size=512k none state
         renew() {{ \"$KEYWAY\" renew --force --roots roots.pem --profile private; }}
         serial() {{ openssl x509 -noout -serial -in state/certificates/{HOST}/current/fullchain.pem; }}
         account() {{ cat state/acme/*/account.url; }}
         renew
         first=$(serial); account=$(account)
         for room in 0 1 2 3; do
             dd if=/dev/zero of=state/full bs=4k 2>/dev/null || true
             truncate -s -$((room * 4096)) state/full
             if renew; then echo \"made with $room pages\"; fi
             test \"$(account)\" = \"$account\"
             openssl x509 -noout -pubkey -in state/certificates/{HOST}/current/fullchain.pem > of-chain
             openssl pkey -pubout -in state/certificates/{HOST}/current/key.pem | cmp - of-chain
             test \"$room\" != 0 || test \"$(serial)\" = \"$first\"
             rm state/full
         done
         renew
         test \"$(serial)\" != \"$first\"
         test \"$(account)\" = \"$account\"
         echo all is well"
    );
    let mut unshare = machine.command_of("unshare");
    unshare
        .args(["--mount", "sh", "-c", &script])
        .env("KEYWAY", KEYWAY);
    let (code, text) = said(&unshare.output().unwrap());
    assert!(
        code == Some(0) && text.contains("all is well"),
        "as root alone: {text}"
    );
    assert!(text.contains("no storage space"), "{text}");
}

#[test]
fn what_cannot_be_had_by_hand_holds_up_no_wish_of_the_file() {
    let machine = Machine::with(&Pebble::default());
    machine.service("");
    assert_eq!(machine.renew("").0, Some(0));
    let _taken = std::net::TcpListener::bind((machine.pebble.ip, TLS_PORT)).unwrap();
    machine.service("challenges = [\"tls-alpn-01\"]");
    let (code, text) = machine.renew("--force");
    assert_eq!(code, Some(2), "{text}");
    let record = machine.path(&format!("state/certificates/{HOST}/renewal.json"));
    assert!(!fs::read_to_string(record).unwrap().contains("\"last\""));
}
