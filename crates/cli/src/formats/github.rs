//! Workflow commands of GitHub Actions: one annotation for each finding.
//!
//! Source: actions/toolkit, packages/core/src/command.ts (the escaping), and GitHub Docs, "Workflow
//! commands for GitHub Actions".

use std::fmt::Write as _;

use keyway_chain::Report;
use keyway_report::{Finding, Kind, Severity};

use super::connection::Answer;

/// One line for each finding.
pub(crate) fn report(report: &Report) -> String {
    let mut out = String::new();
    for finding in &report.findings {
        annotation(&mut out, finding);
    }
    out
}

/// The same of what is served: of every address, and of the files beside it.
pub(crate) fn answer(answer: &Answer) -> String {
    let mut out = String::new();
    for finding in &answer.findings {
        annotation(&mut out, finding);
    }
    let reports = answer.addresses.iter().filter_map(|at| at.report.as_ref());
    out + &reports.chain(&answer.files).map(report).collect::<String>()
}

fn annotation<K: Kind>(out: &mut String, finding: &Finding<K>) {
    let level = match finding.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Notice => "notice",
    };
    let mut properties = Vec::new();
    if let Some(input) = &finding.at.input {
        properties.push(format!("file={}", property(input)));
    }
    if let Some(line) = finding.at.line {
        properties.push(format!("line={line}"));
    }
    properties.push(format!("title={}", property(finding.code())));
    let text = format!("{}\n{}", finding.kind.message(), finding.kind.fix());
    // Writing to a string cannot fail.
    let _ = writeln!(out, "::{level} {}::{}", properties.join(","), data(&text));
}

/// What ends a command or starts another one must not appear in its text.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// Properties must hold no separators either.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_leave_its_command() {
        assert_eq!(data("50%\r\n::error::x"), "50%25%0D%0A::error::x");
        assert_eq!(property("a,b:c\n"), "a%2Cb%3Ac%0A");
    }
}
