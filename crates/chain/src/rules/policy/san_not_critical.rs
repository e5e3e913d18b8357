//! `policy.san-not-critical`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Profile, Subject};
use crate::rules::{Aspect, Evidence, Kind};

/// The subject is empty and subjectAltName is not critical.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SanNotCritical {
    /// Subject, escaped.
    pub subject: String,
    /// Its part in the chain.
    pub part: &'static str,
}

impl Evidence for SanNotCritical {
    const RULE: Rule = Rule {
        code: "policy.san-not-critical",
        severity: Severity::Error,
        title: "A certificate without a subject does not mark its names critical",
        why: "Where the subject is empty, subjectAltName is all there is, and RFC 5280 demands \
              that it be critical. Strict clients refuse it otherwise.",
        fix: "Have it issued again with subjectAltName critical, or with a subject.",
        sources: &[
            "RFC 5280, section 4.2.1.6",
            "CA/B Forum Baseline Requirements, section 7.1.2.7.12",
        ],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::STANDARD;

    fn message(&self) -> String {
        format!(
            "The {} has an empty subject, and its subjectAltName is not critical.",
            self.part
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions.subjectAltName")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    let Some(san) = &certificate.extensions.subject_alt_name else {
        return;
    };
    if certificate.subject.is_empty() && !san.critical {
        out.push(
            SanNotCritical {
                subject: certificate.subject.short(),
                part: subject.part(),
            }
            .into(),
        );
    }
}
