//! `keyway fix`

mod folder;

use keyway_chain::fix::Pkcs12Settings;
use keyway_chain::{Bundle, FixOptions, Input, ReadOptions, Repair, Report, check, fix, read};

use crate::arguments::{FixArguments, Form};
use crate::failure::Failure;
use crate::intent::{Heap, Standard, for_writing};
use crate::terminal::{self, Exit, Look};
use crate::voice::{self, Repaired};

/// Reads, judges, repairs, writes, and judges what it would serve again.
pub(crate) fn run(arguments: &FixArguments, look: Look) -> Result<Exit, Failure> {
    let standard = Standard::resolve(&arguments.judge)?;
    let bundle = Heap::gather(&arguments.input)?.bundle()?;
    let report = check(&bundle, &standard.options());
    let repair = repair(&bundle, &report, arguments)?;
    folder::write(&arguments.out, &repair.files, arguments.force)?;
    let after = after(&bundle, &report, &standard, arguments)?;
    let repaired = Repaired {
        folder: &arguments.out,
        repair: &repair,
        after: &after,
        purpose: standard.purpose,
    };
    terminal::print(&if arguments.quiet {
        voice::unrepaired(&repaired)
    } else {
        voice::repair(&repaired, look)
    })?;
    Ok(Exit::of(&after))
}

/// The files in the form that was asked for.
fn repair(bundle: &Bundle, report: &Report, arguments: &FixArguments) -> Result<Repair, Failure> {
    let mut options = FixOptions {
        form: match arguments.to {
            Form::Pem => keyway_chain::Form::Pem,
            Form::P12 => keyway_chain::Form::Pkcs12,
            Form::P7b => keyway_chain::Form::Pkcs7,
            Form::Der => keyway_chain::Form::Der,
        },
        keep_root: arguments.keep_root,
        pkcs12: None,
    };
    if arguments.to != Form::P12 {
        return Ok(fix(bundle, report, &options)?);
    }
    let password = for_writing(arguments)?;
    options.pkcs12 = match &password {
        Some(password) => Some(Pkcs12Settings {
            password,
            random: random()?,
        }),
        None => None,
    };
    Ok(fix(bundle, report, &options)?)
}

fn random<const N: usize>() -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| Failure::NoRandom)?;
    Ok(bytes)
}

/// The report on what a server would load: chain and key as PEM, whatever form was written.
fn after(
    bundle: &Bundle,
    report: &Report,
    standard: &Standard,
    arguments: &FixArguments,
) -> Result<Report, Failure> {
    let options = FixOptions {
        keep_root: arguments.keep_root,
        ..FixOptions::default()
    };
    let repair = fix(bundle, report, &options)?;
    // `chain.pem` holds nothing that `fullchain.pem` does not.
    let inputs: Vec<Input<'_>> = repair
        .files
        .iter()
        .filter(|file| file.name != "chain.pem")
        .map(|file| Input {
            name: &file.name,
            bytes: &file.bytes,
        })
        .collect();
    let bundle = read(&inputs, &ReadOptions::default())?;
    Ok(check(&bundle, &standard.options()))
}
