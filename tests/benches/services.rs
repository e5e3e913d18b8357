//! What reading and checking a service file costs in a process that has a thousand of them, and in one that
//! has ten thousand.
//!
//! Prints, round by round, the nanoseconds of all of them: `MANY FEW`, where there are ten times as many of
//! the one as of the other. `cargo xtask bench config` reads this.
#![allow(clippy::print_stdout)]

use std::hint::black_box;
use std::time::Instant;

use keyway_config::{Surroundings, check, read};

const MANY: usize = 10_000;
const FEW: usize = 1_000;

fn main() {
    let rounds = std::env::args().find_map(|word| word.parse().ok());
    let rounds: usize = rounds.unwrap_or(10);
    let texts: Vec<String> = (0..MANY).map(file).collect();
    for round in 0..rounds {
        // Each is first in every other round.
        let (many, few) = if round % 2 == 0 {
            let many = time(&texts);
            (many, time(&texts[..FEW]))
        } else {
            let few = time(&texts[..FEW]);
            (time(&texts), few)
        };
        println!("{many} {few}");
    }
}

/// A service file as people write them, with a field that is not known.
fn file(number: usize) -> String {
    format!(
        "# The shop, number {number}.\n\
         host = [\"shop-{number}.contoso.com\", \"www.shop-{number}.contoso.com\"]\n\
         upstream = \"http://127.0.0.1:5001\"\nlistne = \"[::]:443\"\n\n\
         [tls]\ncertificate = \"fullchain.pem\"\nkey = \"key.pem\"\nmin_version = \"1.2\"\nredirect = true\n\n\
         [tls.hsts]\nmax_age = 63072000\n"
    )
}

/// Reads and checks them, and keeps what came out, as a process does that has them all.
fn time(texts: &[String]) -> u128 {
    let began = Instant::now();
    let all: Vec<_> = texts
        .iter()
        .map(|text| {
            let draft = read(black_box(text)).expect("a service file");
            let findings = check(&draft, "service", &Surroundings::default());
            assert_eq!(findings.len(), 1);
            (draft, findings)
        })
        .collect();
    black_box(&all);
    began.elapsed().as_nanos()
}
