//! `policy.name-constraints-not-critical`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Profile, Subject};
use crate::rules::{Aspect, Evidence, Kind};
use crate::x509::oids;

/// Name constraints are not critical.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NameConstraintsNotCritical {
    /// Subject, escaped.
    pub subject: String,
    /// Its part in the chain.
    pub part: &'static str,
}

impl Evidence for NameConstraintsNotCritical {
    const RULE: Rule = Rule {
        code: "policy.name-constraints-not-critical",
        severity: Severity::Warning,
        title: "The name constraints of a CA are not critical",
        why: "RFC 5280 demands that they be critical, so that software that does not know them \
              refuses the CA instead of ignoring the limit. Public CAs may leave the mark out for \
              the sake of old clients, and every current client obeys them either way.",
        fix: "Have it issued again with nameConstraints critical.",
        sources: &[
            "RFC 5280, section 4.2.1.10",
            "CA/B Forum Baseline Requirements, section 7.1.2.10.8",
        ],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::STANDARD;

    fn message(&self) -> String {
        format!(
            "The nameConstraints of the {} \"{}\" are not critical.",
            self.part, self.subject
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions.nameConstraints")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    let constraints = certificate.extensions.find(oids::NAME_CONSTRAINTS);
    if constraints.is_some_and(|extension| !extension.critical) {
        out.push(
            NameConstraintsNotCritical {
                subject: certificate.subject.short(),
                part: subject.part(),
            }
            .into(),
        );
    }
}
