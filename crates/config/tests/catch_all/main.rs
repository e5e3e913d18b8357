//! No host with a certificate of its own loses its backend unsaid: not one that is led by what is for all others, by an
//! expression or by a pattern, and none is led to what nobody reached.
#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod haproxy;
mod nginx;
mod others;

use keyway_config::forms::{Form, Imported, import};
use keyway_report::Kind as _;

/// An import with its errors, each as its line and what it names.
fn read(text: &str, form: Form) -> (Imported, Vec<String>) {
    let imported = import(text, form).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let told = imported.findings.iter().map(|finding| {
        let message = finding.kind.message();
        assert!(message.starts_with("The upstream of "), "{message}");
        let what = message.split('`').nth(1).unwrap_or_default().to_owned();
        format!("{} {what}", finding.at.line.unwrap_or_default())
    });
    let told = told.collect();
    (imported, told)
}
