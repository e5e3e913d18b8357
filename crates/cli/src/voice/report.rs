//! A report as a picture, and as lines.

use keyway_chain::{Purpose, Report};
use keyway_report::{Kind as _, Severity};

use super::page::{Page, Tone};
use super::{chain, clients, findings, verdict};
use crate::intent::Retold;
use crate::terminal::Look;

/// What was asked for, as far as the words depend on it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    /// The command line, to be told again.
    pub(crate) retold: &'a Retold,
    /// What the certificate is for.
    pub(crate) purpose: Purpose,
}

/// The picture: verdict, chain, clients, findings, what was not checked.
pub(crate) fn report(report: &Report, asked: &Asked<'_>, look: Look) -> String {
    let mut page = Page::new(look);
    verdict::draw(&mut page, report, asked.purpose);
    chain::draw(&mut page, report, asked.purpose);
    chain::strangers(&mut page, report);
    clients::draw(&mut page, report);
    findings::draw(&mut page, report, asked);
    if !report.not_checked.is_empty() {
        page.heading("Not checked");
        for what in &report.not_checked {
            page.paragraph(&[("  - ", Tone::Dim)], "    ", what, Tone::Plain);
        }
    }
    page.finish()
}

/// Only the errors, one a line, as compilers write them; empty when there is none.
pub(crate) fn brief(report: &Report) -> String {
    let errors = report
        .findings
        .iter()
        .filter(|f| f.severity() == Severity::Error);
    errors.fold(String::new(), |out, finding| {
        let place = findings::place(&finding.at).map_or_else(String::new, |at| format!("{at}: "));
        out + &format!(
            "{place}error[{}]: {}\n",
            finding.code(),
            finding.kind.message()
        )
    })
}
