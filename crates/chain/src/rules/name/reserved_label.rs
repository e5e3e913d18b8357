//! `name.reserved-label`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Profile, Subject};
use crate::name::PatternFault;
use crate::rules::entries::Entries;
use crate::rules::{Aspect, Evidence, Kind};

/// A label with hyphens in third and fourth place is no international one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReservedLabel {
    /// The entries.
    #[serde(flatten)]
    pub entries: Entries,
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
        sources: &[
            "CA/B Forum Baseline Requirements, section 7.1.2.7.12",
            "RFC 5890, section 2.3.1",
        ],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::PUBLIC;

    fn message(&self) -> String {
        format!("Reserved labels: {}.", self.entries.text())
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions.subjectAltName")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    if subject.is_server_leaf() {
        let entries = Entries::tolerated(subject.certificate, is_mine);
        out.extend(entries.map(|entries| Kind::from(ReservedLabel { entries })));
    }
}

fn is_mine(fault: &PatternFault) -> bool {
    matches!(
        fault,
        PatternFault::UndecodableLabel | PatternFault::ReservedLabel
    )
}
