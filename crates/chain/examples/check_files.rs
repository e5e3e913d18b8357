//! Checks files as a public server's, by Mozilla's roots, now.
//!
//! `cargo run -p keyway-chain --features rustcrypto,mozilla-roots --example check_files -- FILE…`
#![allow(clippy::print_stdout)]

use std::error::Error;
use std::time::{SystemTime, UNIX_EPOCH};
use std::{env, fs};

use keyway_chain::{Anchors, CheckOptions, Input, ReadOptions, algorithms, check, read};
use keyway_report::{Kind as _, Timestamp};

fn main() -> Result<(), Box<dyn Error>> {
    // The library reads no files: it is given bytes, and names to call them by.
    let mut files = Vec::new();
    for path in env::args().skip(1) {
        files.push((fs::read(&path)?, path));
    }
    let inputs: Vec<Input<'_>> = files
        .iter()
        .map(|(bytes, name)| Input { name, bytes })
        .collect();
    // An error here means "too much"; whatever is wrong with a file is a finding.
    let bundle = read(&inputs, &ReadOptions::default())?;

    // Nor does it look at a clock: the moment is an argument, and so is whom to trust.
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let now = Timestamp::from_seconds(i64::try_from(seconds)?);
    let anchors = Anchors::mozilla();
    let options = CheckOptions::new(now, &anchors, algorithms::rustcrypto());
    let report = check(&bundle, &options);

    println!("accepted: {}", report.verdicts.accepted.word());
    println!("servable: {}", report.verdicts.servable.word());
    for finding in &report.findings {
        println!("{}: {}", finding.code(), finding.kind.message());
        println!("    {}", finding.kind.fix());
    }
    Ok(())
}
