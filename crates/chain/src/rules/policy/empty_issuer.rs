//! `policy.empty-issuer`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Profile, Subject};
use crate::rules::{Aspect, Evidence, Kind};

/// The issuer field is empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EmptyIssuer {
    /// Subject, escaped.
    pub subject: String,
    /// Its part in the chain.
    pub part: &'static str,
}

impl Evidence for EmptyIssuer {
    const RULE: Rule = Rule {
        code: "policy.empty-issuer",
        severity: Severity::Error,
        title: "A certificate does not name its issuer",
        why: "The issuer's name is how clients find the next certificate of the chain. It must \
              not be empty.",
        fix: "Give the CA a name and issue again.",
        sources: &["RFC 5280, section 4.1.2.4"],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::STANDARD;

    fn message(&self) -> String {
        format!(
            "The {} \"{}\" has an empty issuer field.",
            self.part, self.subject
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("issuer")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    if certificate.issuer.is_empty() {
        out.push(
            EmptyIssuer {
                subject: certificate.subject.short(),
                part: subject.part(),
            }
            .into(),
        );
    }
}
