//! `keyway fix`

mod folder;

pub(crate) use folder::Kept;

use keyway_chain::fix::{Pkcs12Settings, repairs};
use keyway_chain::read::{Block, BlockKind};
use keyway_chain::rules::Aspect;
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
    let kept = folder::write(&arguments.out, &repair.files, arguments.force)?;
    let after = after(&bundle, &report, &standard, arguments)?;
    let repaired = Repaired {
        folder: &arguments.out,
        repair: &repair,
        kept: &kept,
        before: &report,
        after: &after,
        purpose: standard.purpose,
    };
    terminal::print(&if arguments.quiet {
        voice::unrepaired(&repaired)
    } else {
        voice::repair(&repaired, look)
    })?;
    Ok(
        if leaves_errors(&report) || lacks_key(&bundle, &repair, arguments.to) {
            Exit::Findings
        } else {
            Exit::of(&after)
        },
    )
}

/// Whether a key was given, and none is among the files that a server would need one in.
fn lacks_key(bundle: &Bundle, repair: &Repair, form: Form) -> bool {
    let is_key = |block: &Block| {
        let kind = block.kind;
        matches!(kind, BlockKind::PrivateKey | BlockKind::EncryptedPrivateKey) && !block.readable
    };
    let mut blocks = bundle.inputs.iter().flat_map(|input| &input.blocks);
    let is_for_server = matches!(form, Form::Pem | Form::P12);
    is_for_server && blocks.any(is_key) && !repair.files.iter().any(|file| file.private)
}

/// Whether an error stays that writing files anew cannot mend: a key that does not belong, say. Inputs
/// that could not be read are left out: what was written does without them. Not so where a password was
/// given for one of them: it was meant to be read.
fn leaves_errors(report: &Report) -> bool {
    report.findings.iter().any(|finding| {
        let is_passed_over =
            finding.kind.aspect() == Aspect::Reads && finding.code() != WRONG_PASSWORD;
        finding.kind.is_error() && !is_passed_over && !repairs(finding.code())
    })
}

/// The code of what no password opens.
const WRONG_PASSWORD: &str = "pem.wrong-password";

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
        let option = match arguments {
            _ if arguments.to_password_file.is_some() => Some("--to-password-file"),
            _ if arguments.to_password_env.is_some() => Some("--to-password-env"),
            _ => None,
        };
        if let Some(option) = option {
            return Err(Failure::PasswordForNothing(option));
        }
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
    let mut inputs: Vec<Input<'_>> = repair
        .files
        .iter()
        .filter(|file| file.name != "chain.pem")
        .map(|file| Input {
            name: &file.name,
            bytes: &file.bytes,
        })
        .collect();
    // What was revoked stays so.
    inputs.extend(bundle.crls.iter().map(|crl| Input {
        name: "revocation list",
        bytes: &crl.der,
    }));
    let bundle = read(&inputs, &ReadOptions::default())?;
    Ok(check(&bundle, &standard.options()))
}
