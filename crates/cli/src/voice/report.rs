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
    /// The command line, to be told again; `None` of what a server sends, which no command mends.
    pub(crate) retold: Option<&'a Retold>,
    /// What the certificate is for.
    pub(crate) purpose: Purpose,
}

impl Asked<'_> {
    /// Whether it is about what a server sends.
    pub(super) fn is_served(&self) -> bool {
        self.retold.is_none()
    }
}

/// The picture: verdict, chain, clients, findings, what was not checked.
pub(crate) fn report(report: &Report, asked: &Asked<'_>, look: Look) -> String {
    let mut page = Page::new(look);
    draw(&mut page, report, asked);
    not_checked(&mut page, &report.not_checked);
    page.finish()
}

/// The same up to the findings.
pub(super) fn draw(page: &mut Page, report: &Report, asked: &Asked<'_>) {
    verdict::draw(page, report, asked);
    chain::draw(page, report, *asked);
    chain::strangers(page, report, *asked);
    clients::draw(page, report);
    findings::draw(page, report, asked);
}

/// What was not checked.
pub(super) fn not_checked(page: &mut Page, things: &[String]) {
    if things.is_empty() {
        return;
    }
    page.heading("Not checked");
    for what in things {
        page.paragraph(&[("  - ", Tone::Dim)], "    ", what, Tone::Plain);
    }
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
