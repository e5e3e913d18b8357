//! What a TLS terminator costs, ours and others', on this machine.
//!
//! Each of a row's terminators is started afresh on the first processor, gets the same work from a client here on
//! the second one, beside the service behind, and is ended. Prints, for each row and round, `ROW PEER OURS THEIRS`:
//! microseconds of CPU time of the terminator's processes per operation, or KiB of memory per connection; without
//! a peer THEIRS is 1. `missing PROGRAM` names a peer that is not here. `cargo xtask bench termination` reads this.
#![allow(clippy::print_stdout)]

mod client;
mod hands;
mod many;
mod material;
mod process;
mod reloads;
mod rows;
mod terminator;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use material::Material;
use rows::{ROWS, Row, Work};
use terminator::{Kind, Running, Setup};

/// No round begins that would end later.
const LONGEST: Duration = Duration::from_secs(330);

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    // This program again, as the terminator of a row.
    if let [mode, count, port, backend] = &words[..]
        && mode == many::MODE
    {
        let number = |word: &String| word.parse().expect("a number");
        return many::serve(number(count), port.parse().expect("a port"), backend);
    }
    let program = words.first().map(PathBuf::from);
    let program = program.expect("the path of keyway, and the number of rounds");
    let rounds = words.get(1).and_then(|word| word.parse().ok()).unwrap_or(3);
    let only = words.get(2).filter(|word| !word.starts_with("--"));
    process::pin_self();
    let material = Material::write(program);
    for kind in Kind::PEERS.into_iter().filter(|kind| !kind.is_here()) {
        println!("missing {}", kind.program());
    }
    measure(&material, rounds, only.map(String::as_str));
}

/// Every row once a round, each of its two first in every other one.
fn measure(material: &Material, rounds: usize, only: Option<&str>) {
    let began = Instant::now();
    let mut longest = Duration::ZERO;
    let is_wanted = |name: &str| only.is_none_or(|only| name.starts_with(only));
    let many = is_wanted(many::ROW).then(|| many::Both::start(material));
    for round in 0..rounds {
        if began.elapsed() + longest > LONGEST {
            break;
        }
        let round_began = Instant::now();
        for row in ROWS.iter().filter(|row| is_wanted(row.name)) {
            side_by_side(material, row, round);
        }
        if let Some(many) = &many {
            many.measure(round);
        }
        if is_wanted(reloads::ROW) {
            println!("{} - {:.3} 1", reloads::ROW, reloads::longest(material));
        }
        longest = longest.max(round_began.elapsed());
    }
}

fn side_by_side(material: &Material, row: &Row, round: usize) {
    let cost = |kind| one(material, row, kind);
    let Some(peer) = row.peer else {
        println!("{} - {:.3} 1", row.name, cost(Kind::Keyway));
        return;
    };
    if !peer.is_here() {
        return;
    }
    let (ours, theirs) = if round.is_multiple_of(2) {
        let ours = cost(Kind::Keyway);
        (ours, cost(peer))
    } else {
        let theirs = cost(peer);
        (cost(Kind::Keyway), theirs)
    };
    println!("{} {} {ours:.3} {theirs:.3}", row.name, peer.program());
}

/// What an operation costs a terminator, or a connection that is open.
fn one(material: &Material, row: &Row, kind: Kind) -> f64 {
    let setup = Setup {
        is_rsa: row.is_rsa,
        is_tcp: row.is_tcp,
        metrics: None,
    };
    let running = Running::start(material, kind, setup);
    match row.work {
        Work::Idle => hands::memory_of_idle(&running),
        _ => hands::cost(&running, row, 1, |_| keyway_testkit::HOST.to_owned()),
    }
}
