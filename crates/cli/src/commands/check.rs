//! `keyway check`

mod connect;
mod held;
mod links;
mod sent;

use keyway_chain::{Report, check};

use crate::arguments::{CheckArguments, ReportFormat};
use crate::failure::Failure;
use crate::formats::{github, json, sarif};
use crate::intent::{Heap, Retold, Standard};
use crate::terminal::{self, Exit, Look};
use crate::voice::{self, Asked};

/// Reads, judges, says.
pub(crate) fn run(arguments: &CheckArguments, look: Look) -> Result<Exit, Failure> {
    if let Some(target) = &arguments.connect.connect {
        return connect::run(target, arguments, look);
    }
    let standard = Standard::resolve(&arguments.judge)?;
    let bundle = Heap::gather(&arguments.input)?.bundle()?;
    let report = check(&bundle, &standard.options());
    let retold = Retold::of(&arguments.input, &arguments.judge);
    let asked = Asked {
        retold: Some(&retold),
        purpose: standard.purpose,
    };
    terminal::print(&text(&report, arguments, &asked, look))?;
    Ok(Exit::of(&report))
}

fn text(report: &Report, arguments: &CheckArguments, asked: &Asked<'_>, look: Look) -> String {
    match arguments.format {
        ReportFormat::Text if arguments.quiet => voice::brief(report),
        ReportFormat::Text => voice::report(report, asked, look),
        ReportFormat::Json => json::report(report),
        ReportFormat::Sarif => sarif::report(report),
        ReportFormat::Github => github::report(report),
    }
}
