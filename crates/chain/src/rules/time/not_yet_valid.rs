//! `time.not-yet-valid`

use keyway_report::{Rule, Severity, Timestamp};
use serde::Serialize;

use crate::check::Subject;
use crate::rules::{Aspect, Evidence, Kind};

/// The certificate's first second has not come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotYetValid {
    /// Subject, escaped.
    pub subject: String,
    /// Its part in the chain.
    pub part: &'static str,
    /// First second of validity.
    pub not_before: Timestamp,
    /// The moment it was judged at.
    pub now: Timestamp,
}

impl Evidence for NotYetValid {
    const RULE: Rule = Rule {
        code: "time.not-yet-valid",
        severity: Severity::Error,
        title: "A certificate is not valid yet",
        why: "Every client refuses a certificate before its first second. Often it is the clock \
              of the machine that is wrong, not the certificate.",
        fix: "Wait until it becomes valid, or set the clock right.",
        sources: &[
            "RFC 5280, section 4.1.2.5",
            "RFC 5280, section 6.1.3 (a)(2)",
        ],
    };
    const ASPECT: Aspect = Aspect::Timely;

    fn message(&self) -> String {
        format!(
            "The {} \"{}\" becomes valid on {}; it was judged at {}.",
            self.part, self.subject, self.not_before, self.now
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("validity.notBefore")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    if subject.options.now < certificate.not_before {
        out.push(
            NotYetValid {
                subject: certificate.subject.short(),
                part: subject.part(),
                not_before: certificate.not_before,
                now: subject.options.now,
            }
            .into(),
        );
    }
}
