//! Renewals that are asked to end, and clocks that are wrong.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod renewing;
mod serving;
mod stage;

use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, Stdio};

use keyway_testkit::pebble::Pebble;
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
    for by in ["+5y", "-2h"] {
        let renew = |more: &[&str]| {
            let mut faketime = machine.command_of("faketime");
            faketime
                .args(["-f", by, KEYWAY])
                .args("renew --roots roots.pem --profile private".split(' '))
                .args(more);
            said(&faketime.output().unwrap())
        };
        let (code, text) = renew(&[]);
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
}
