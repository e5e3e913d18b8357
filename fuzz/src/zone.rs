//! A zone file that may be anything: read, checked, written and read again.

use std::collections::BTreeSet;

use keyway_dns::rdata::Type;
use keyway_dns::zone::{Read, ReadOptions, Zone, check, origin, read};
use keyway_report::escape;

/// Where `$GENERATE` stands, numbers of so many digits make more records than a run has time for.
const MOST_DIGITS: usize = 3;

/// What `$INCLUDE` brings in, whatever it names.
const INCLUDED: &[u8] = b"$TTL 60\n@ A 192.0.2.1\n$INCLUDE again\n";

/// Reading and checking end and say the same twice, every line lies inside the file, every message is safe to
/// show, and what is written reads back without a fault as the same zone.
pub fn zone(data: &[u8]) {
    if generates_much(data) {
        return;
    }
    let (first, second) = (whole(data), whole(data));
    assert_eq!(first.faults, second.faults, "not the same twice");
    findings_stand_inside(&first, data);
    reads_back(&first.zone);
    // What a file says of its name is a name.
    if let Some(name) = origin(data) {
        let read = read(data, &name, &ReadOptions::default()).expect("a name");
        reads_back(&read.zone);
    }
}

fn generates_much(data: &[u8]) -> bool {
    let directive = b"$GENERATE";
    let has_one = data
        .windows(directive.len())
        .any(|window| window.eq_ignore_ascii_case(directive));
    let mut numbers = data.split(|byte| !byte.is_ascii_digit());
    has_one && numbers.any(|number| number.len() > MOST_DIGITS)
}

fn whole(data: &[u8]) -> Read {
    let include = |_: &str| Ok(INCLUDED.to_vec());
    let options = ReadOptions {
        include: Some(&include),
    };
    read(data, "example.com", &options).expect("a name, and a file within limits")
}

fn findings_stand_inside(read: &Read, data: &[u8]) {
    let lines = data.split(|byte| *byte == b'\n').count();
    for fault in &read.faults {
        assert!((1..=lines).contains(&(fault.line as usize)), "{fault:?}");
    }
    let checked = check(read, "zone");
    assert_eq!(checked, check(read, "zone"), "not the same twice");
    for finding in &checked.findings {
        let told = serde_json::to_value(finding).expect("plain values");
        let message = told["message"].as_str().expect("a message");
        for ch in message.chars() {
            let shown = escape::text(ch.encode_utf8(&mut [0; 4]));
            assert!(shown.starts_with(ch), "{ch:?} in {message:?}");
        }
        if let Some(line) = finding.at.line {
            assert!((1..=lines).contains(&(line as usize)), "{line} of {lines}");
        }
    }
}

/// Owner without case, type and data of every record.
fn set(zone: &Zone) -> BTreeSet<(Vec<u8>, Type, Vec<u8>)> {
    zone.records()
        .map(|it| (it.owner.to_ascii_lowercase(), it.kind, it.data.to_vec()))
        .collect()
}

fn reads_back(zone: &Zone) {
    let text = zone.to_string();
    let again = read(text.as_bytes(), "example.com", &ReadOptions::default()).expect("a name");
    assert!(again.faults.is_empty(), "{:?} in\n{text}", again.faults);
    assert!(set(zone) == set(&again.zone), "another zone:\n{text}");
    assert_eq!(again.zone.to_string(), text);
}
