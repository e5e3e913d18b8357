//! `keyway dns check-zone` and `keyway dns plan` against `named-checkzone`, as whole processes on the same zone file.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use crate::bench::Arguments;
use crate::bench::chain::keyway;
use crate::bench::job::{Job, cpu, interleave};
use crate::bench::statistics::{Ratio, median};
use crate::bench::verdict::Line;
use crate::failure::Failure;
use crate::{install, workspace};

/// The most CPU time that `keyway` may take, as a multiple of `named-checkzone`'s.
const BOUND: f64 = 2.0;

/// The most CPU time and memory for each of ten times the records, as a multiple: the cost grows as their number does.
/// The rest is memory that no cache holds.
const LINEAR: f64 = 2.0;

/// The name of the zone.
const ORIGIN: &str = "example.org";

/// What is done with a zone, and how `keyway` is told to; `FILE` stands for the zone's file.
const WORK: [(&str, &[&str]); 2] = [
    (
        "check-zone",
        &["dns", "check-zone", "FILE", "--origin", ORIGIN],
    ),
    (
        "plan",
        &[
            "dns",
            "plan",
            "--zone-file",
            "FILE",
            "--zone",
            ORIGIN,
            "--host",
            "host-0.example.org",
            "--host",
            "new.example.org",
            "--endpoint",
            "192.0.2.1",
            "--ca",
            "letsencrypt.org",
        ],
    ),
];

/// Records of the zones, and the rounds that each is measured in at most.
const SIZES: [(usize, usize); 3] = [(10_000, 30), (100_000, 10), (1_000_000, 3)];

/// Makes the zones, has each checked and planned for, and compares.
pub(crate) fn measure(arguments: &Arguments) -> Result<Vec<Line>, Failure> {
    install::package("named-checkzone", "bind9-utils")?;
    install::package("time", "time")?;
    let program = keyway()?;
    let mut lines = Vec::new();
    for (what, words) in WORK {
        let mut costs = Vec::new();
        for (records, rounds) in SIZES {
            let file = generate(records)?.to_string_lossy().into_owned();
            let words = words.iter().map(|word| word.replace("FILE", &file));
            let ours = Job::new(&program, words);
            // It looks names up in the DNS where it is not told to stay in the zone.
            let theirs = Job::new("named-checkzone", ["-q", "-i", "local", ORIGIN, &file]);
            let pairs = cpu(&interleave(&ours, &theirs, rounds.min(arguments.rounds))?);
            let line = format!("{what} / named-checkzone, {records} records, CPU time");
            lines.extend(Ratio::of(&pairs).map(|ratio| Line::bounded(&line, ratio, BOUND)));
            let own: Vec<f64> = pairs.iter().map(|(ours, _)| *ours).collect();
            costs.push((records, median(&own).unwrap_or_default(), ours.memory()?));
        }
        for two in costs.windows(2) {
            let [
                (few, cost_of_few, room_of_few),
                (many, cost_of_many, room_of_many),
            ] = [two[0], two[1]];
            for (kind, of_many, of_few) in [
                ("CPU time", cost_of_many, cost_of_few),
                ("memory", room_of_many, room_of_few),
            ] {
                let line = format!("{what}, a record among {many} / among {few}, {kind}");
                let ratio = Ratio::exact(each(of_many, many), each(of_few, few));
                lines.extend(ratio.map(|ratio| Line::bounded(&line, ratio, LINEAR)));
            }
        }
    }
    Ok(lines)
}

#[allow(clippy::cast_precision_loss)]
fn each(cost: f64, records: usize) -> f64 {
    cost / records as f64
}

/// Writes a zone of so many records, which both find good, and returns its path.
fn generate(records: usize) -> Result<PathBuf, Failure> {
    let folder = workspace::target().join("bench-dns");
    fs::create_dir_all(&folder).map_err(Failure::at(&folder))?;
    let file = folder.join(format!("{records}.db"));
    fs::write(&file, zone(records)).map_err(Failure::at(&file))?;
    Ok(file)
}

/// Hosts with both kinds of address, aliases, mail, texts, delegations with glue, and keys.
fn zone(records: usize) -> String {
    const START: &str = "$TTL 3600\n@ IN SOA ns hostmaster 2026112500 7200 900 1209600 3600\n\
                         @ NS ns\nns A 192.0.2.1\n";
    let mut out = START.to_owned();
    let mut left = records.saturating_sub(3);
    for number in 0_u32.. {
        if left == 0 {
            break;
        }
        let [_, a, b, c] = number.to_be_bytes();
        let host = number / 10 * 10;
        let lines = match number % 10 {
            0..5 => format!(
                "host-{number} IN A 10.{a}.{b}.{c}\nhost-{number} 300 AAAA 2001:db8::{a:x}:{b:x}:{c:x}\n"
            ),
            5 | 6 => format!("alias-{number} CNAME host-{host}\n"),
            7 => format!(
                "mail-{number} MX 10 host-{host}\n\tTXT \"v=spf1 ip4:10.{a}.{b}.{c} -all\"\n"
            ),
            8 => {
                format!("ns.child-{number} A 10.{a}.{b}.{c}\nchild-{number} NS ns.child-{number}\n")
            }
            _ => format!("_443._tcp.host-{number} TLSA 3 1 1 {number:064x}\n"),
        };
        for line in lines.lines().take(left) {
            // Writing to a string cannot fail.
            let _ = writeln!(out, "{line}");
            left -= 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_has_as_many_records_as_were_asked_for() {
        assert_eq!(zone(1_000).lines().count(), 1_001);
    }
}
