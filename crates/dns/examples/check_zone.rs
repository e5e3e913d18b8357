//! Checks zone files: `check_zone FILE ORIGIN`.
#![allow(clippy::print_stdout)]

use std::{env, fs};

use keyway_dns::zone::{ReadOptions, check, read};
use keyway_report::Kind as _;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = env::args().skip(1);
    let (Some(file), Some(origin)) = (arguments.next(), arguments.next()) else {
        return Err("usage: check_zone FILE ORIGIN".into());
    };
    let read = read(&fs::read(&file)?, &origin, &ReadOptions::default())?;
    for finding in check(&read, &file) {
        let line = finding.at.line.unwrap_or_default();
        println!(
            "{file}:{line}: {:?} {}: {}",
            finding.severity(),
            finding.code(),
            finding.kind.message()
        );
    }
    Ok(())
}
