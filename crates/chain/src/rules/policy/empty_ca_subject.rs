//! `policy.empty-ca-subject`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Profile, Role, Subject};
use crate::rules::{Aspect, Evidence, Kind};

/// A CA certificate has an empty subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EmptyCaSubject {
    /// Subject, escaped.
    pub subject: String,
    /// Its part in the chain.
    pub part: &'static str,
    /// Its subjectKeyIdentifier, hexadecimal; "(none)" without one.
    pub key_id: String,
}

impl Evidence for EmptyCaSubject {
    const RULE: Rule = Rule {
        code: "policy.empty-ca-subject",
        severity: Severity::Error,
        title: "A CA certificate has no name",
        why: "What a CA issues refers to it by name, so the subject of a CA certificate must not \
              be empty. Strict clients refuse it.",
        fix: "Give the CA a name and issue its certificate again.",
        sources: &[
            "RFC 5280, section 4.1.2.6",
            "CA/B Forum Baseline Requirements, section 7.1.2.10.2",
        ],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::STANDARD;

    fn message(&self) -> String {
        format!(
            "The {} with the key identifier {} has an empty subject.",
            self.part, self.key_id
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("subject")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    if subject.role != Role::Leaf && certificate.subject.is_empty() {
        out.push(
            EmptyCaSubject {
                subject: certificate.subject.short(),
                part: subject.part(),
                key_id: certificate
                    .extensions
                    .subject_key_id
                    .as_deref()
                    .map_or_else(|| "(none)".to_owned(), crate::report::hex),
            }
            .into(),
        );
    }
}
