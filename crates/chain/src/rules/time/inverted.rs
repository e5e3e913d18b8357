//! `time.inverted`

use keyway_report::{Rule, Severity, Timestamp};
use serde::Serialize;

use crate::check::Subject;
use crate::rules::{Aspect, Evidence, Kind};

/// The validity ends before it begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InvertedValidity {
    /// Subject, escaped.
    pub subject: String,
    /// First second of validity.
    pub not_before: Timestamp,
    /// Last second of validity.
    pub not_after: Timestamp,
}

impl Evidence for InvertedValidity {
    const RULE: Rule = Rule {
        code: "time.inverted",
        severity: Severity::Error,
        title: "A validity ends before it begins",
        why: "There is no moment at which such a certificate is valid, so every client refuses it \
              at any time.",
        fix: "Have it issued again with a first second that lies before the last one.",
        sources: &["RFC 5280, section 4.1.2.5"],
    };
    const ASPECT: Aspect = Aspect::Timely;

    fn message(&self) -> String {
        format!(
            "The validity of \"{}\" begins on {} and ends before that, on {}.",
            self.subject, self.not_before, self.not_after
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("validity")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    if certificate.not_after < certificate.not_before {
        out.push(
            InvertedValidity {
                subject: certificate.subject.short(),
                not_before: certificate.not_before,
                not_after: certificate.not_after,
            }
            .into(),
        );
    }
}
