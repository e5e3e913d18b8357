//! `name.reserved-label`

use keyway_report::{Rule, Severity, escape};
use serde::Serialize;

use crate::check::{Profile, Subject};
use crate::name::{PatternFault, Presented};
use crate::rules::entries::shown;
use crate::rules::{Aspect, Evidence, Kind};

/// A label with hyphens in third and fourth place is no international one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReservedLabel {
    /// Subject, escaped.
    pub subject: String,
    /// The first of the entries, escaped, each with what is wrong.
    pub names: Vec<String>,
    /// How many such entries there are.
    pub count: usize,
}

impl Evidence for ReservedLabel {
    const RULE: Rule = Rule {
        code: "name.reserved-label",
        severity: Severity::Warning,
        title: "A label looks international and is not",
        why: "Labels with hyphens in third and fourth place are reserved for encodings, of which \
              xn-- is the only one. Clients let others pass; public CAs must not certify them.",
        fix: "Use a name without such a label, or write the international name in its right xn-- \
              form.",
        sources: &["BR 7.1.2.7.12", "RFC 5890, section 2.3.1"],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::PUBLIC;

    fn message(&self) -> String {
        format!("Reserved labels: {}.", self.names.join("; "))
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions.subjectAltName")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    if !subject.is_server_leaf() {
        return;
    }
    let names: Vec<String> = certificate
        .presented()
        .iter()
        .filter_map(Presented::pattern)
        .flat_map(|pattern| {
            let faults = pattern.tolerated().into_iter().filter(is_mine);
            faults.map(move |fault| format!("{}: {fault}", escape::text(&pattern.to_string())))
        })
        .collect();
    if !names.is_empty() {
        out.push(
            ReservedLabel {
                subject: certificate.subject.short(),
                count: names.len(),
                names: shown(names),
            }
            .into(),
        );
    }
}

fn is_mine(fault: &PatternFault) -> bool {
    matches!(
        fault,
        PatternFault::UndecodableLabel | PatternFault::ReservedLabel
    )
}
