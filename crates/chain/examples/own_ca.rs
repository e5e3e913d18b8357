//! Checks a server's files by an own CA, for one name, and repairs them in memory.
//!
//! `cargo run -p keyway-chain --features rustcrypto --example own_ca -- ROOT HOST DATE FILE…`
//! with a date such as 2026-11-23.
#![allow(clippy::print_stdout)]

use std::error::Error;
use std::{env, fs};

use keyway_chain::name::Host;
use keyway_chain::{
    Anchors, CheckOptions, FixOptions, Input, Profile, ReadOptions, algorithms, check, fix, read,
};
use keyway_report::Timestamp;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [root, host, date, files @ ..] = arguments.as_slice() else {
        return Err("give ROOT HOST DATE FILE…".into());
    };

    // Anchors come out of a file like anything else; an own CA is one certificate, or a few.
    let mut anchors = Anchors::none();
    for held in heap(std::slice::from_ref(root))?.certificates {
        anchors.add(held.certificate)?;
    }
    let bundle = heap(files)?;
    let hosts = [Host::parse(host)?];
    let options = CheckOptions {
        hosts: &hosts,
        // What the CA/B Forum asks of public CAs is nothing to an own one.
        profile: Profile::Private,
        ..CheckOptions::new(Timestamp::parse(date)?, &anchors, algorithms::rustcrypto())
    };
    let report = check(&bundle, &options);
    println!("{}", report.to_json(true));

    for file in fix(&bundle, &report, &FixOptions::default())?.files {
        // A file with a key is for its owner alone: write it with mode 0600.
        println!(
            "{}: {} bytes, private: {}",
            file.name,
            file.bytes.len(),
            file.private
        );
    }
    Ok(())
}

fn heap(paths: &[String]) -> Result<keyway_chain::Bundle, Box<dyn Error>> {
    let files: Vec<Vec<u8>> = paths.iter().map(fs::read).collect::<Result<_, _>>()?;
    let inputs: Vec<Input<'_>> = paths
        .iter()
        .zip(&files)
        .map(|(name, bytes)| Input { name, bytes })
        .collect();
    Ok(read(&inputs, &ReadOptions::default())?)
}
