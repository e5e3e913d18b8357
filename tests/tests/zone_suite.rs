//! Zone files of others are answered as their makers say, and as BIND reads them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use keyway_dns::zone::{Checked, ReadOptions, check, read};
use keyway_report::Severity;
use keyway_tests::suites::dns::{self, Zone};
use serde::Deserialize;

/// A difference that is argued.
#[derive(Deserialize)]
struct Exception {
    id: String,
    why: String,
}

fn checked(zone: &Zone) -> Checked {
    let read = read(&zone.text, &zone.origin, &ReadOptions::default()).expect("a name and a file");
    check(&read, &zone.id)
}

fn is_good(zone: &Zone) -> bool {
    let checked = checked(zone);
    let mut severities = checked
        .findings
        .iter()
        .map(keyway_report::Finding::severity);
    severities.all(|severity| severity != Severity::Error)
}

#[test]
fn zone_files_are_answered_as_expected_save_argued_exceptions() {
    let exceptions: Vec<Exception> =
        serde_json::from_str(include_str!("../suites/dns/exceptions.json")).expect("a list");
    assert!(
        exceptions.iter().all(|it| it.why.len() > 80),
        "each is argued"
    );
    assert_eq!(exceptions.len(), 4);
    let zones = dns::zones();
    assert_eq!(zones.len(), 120);
    let mut wrong = Vec::new();
    for zone in &zones {
        let differs = is_good(zone) != zone.good;
        if differs != exceptions.iter().any(|it| it.id == zone.id) {
            let what = if differs {
                "differs"
            } else {
                "is a stale exception"
            };
            let checked = checked(zone);
            let codes = checked.findings.iter().map(keyway_report::Finding::code);
            wrong.push(format!(
                "{} {what}: {:?}",
                zone.id,
                codes.collect::<Vec<_>>()
            ));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn as_many_are_right_as_of_the_best_peer() {
    let (zones, peers) = (dns::zones(), dns::peers());
    assert_eq!(peers.len(), zones.len());
    let mut right: BTreeMap<&str, usize> = BTreeMap::new();
    for zone in &zones {
        let expected = if zone.good { "good" } else { "bad" };
        for (peer, answer) in &peers[&zone.id] {
            *right.entry(peer).or_default() += usize::from(answer == expected);
        }
    }
    let ours = zones.iter().filter(|zone| is_good(zone) == zone.good);
    let ours = ours.count();
    assert_eq!(right["named-checkzone-9.18.49"], 111);
    assert!(
        right.values().all(|theirs| ours >= *theirs),
        "{ours}: {right:?}"
    );
}

#[test]
fn service_bindings_are_read_to_the_same_bytes() {
    let records = dns::records();
    assert_eq!(records.len(), 4);
    for record in records {
        let text = format!("x. 60 IN SVCB {}\n", record.text);
        let read = read(text.as_bytes(), ".", &ReadOptions::default()).expect("a file");
        assert!(read.faults.is_empty(), "{}: {:?}", record.id, read.faults);
        let data = read.zone.records().next().expect("a record").data;
        let hex: Vec<String> = data.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex.concat(), record.hex, "{}", record.id);
    }
}

/// A zone as BIND writes it, without the comments in which it tells of the file.
fn compiled(program: &Path, origin: &str, text: &[u8]) -> Result<String, String> {
    let folder = tempfile::tempdir().expect("a folder");
    let (from, to) = (folder.path().join("zone.db"), folder.path().join("out.db"));
    fs::write(&from, text).expect("a file");
    let out = Command::new(program)
        .args([
            "-i", "none", "-k", "ignore", "-n", "ignore", "-s", "full", "-o",
        ])
        .args([&to])
        .args([origin.as_ref(), from.as_path()])
        .output()
        .expect("named-compilezone runs");
    if !out.status.success() {
        return Err(String::from_utf8_lossy(&[out.stdout, out.stderr].concat()).into_owned());
    }
    let text = fs::read_to_string(to).expect("a zone");
    Ok(text
        .lines()
        .filter(|line| !line.starts_with(';'))
        .fold(String::new(), |out, line| out + line + "\n"))
}

#[test]
fn bind_reads_what_is_written_as_it_reads_what_was_given() {
    let places = ["/usr/bin/named-compilezone", "/usr/sbin/named-compilezone"];
    let found = places
        .into_iter()
        .map(Path::new)
        .find(|path| path.is_file());
    let program = found.expect("named-compilezone: `apt-get install bind9-utils`");
    let mut compared = 0;
    let mut wrong = Vec::new();
    for zone in dns::zones().iter().filter(|zone| zone.good) {
        let Ok(theirs) = compiled(program, &zone.origin, &zone.text) else {
            // What BIND itself does not load says nothing.
            continue;
        };
        let read = read(&zone.text, &zone.origin, &ReadOptions::default()).expect("a zone file");
        match compiled(program, &zone.origin, read.zone.to_string().as_bytes()) {
            Ok(ours) if ours == theirs => compared += 1,
            Ok(ours) => {
                let differing: Vec<(&str, &str)> = theirs
                    .lines()
                    .zip(ours.lines())
                    .filter(|(a, b)| a != b)
                    .take(3)
                    .collect();
                wrong.push(format!("{}: {differing:?}", zone.id));
            }
            Err(told) => wrong.push(format!("{}: {told}", zone.id)),
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert_eq!(compared, 39);
}
