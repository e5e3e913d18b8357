//! `policy.missing-basic-constraints`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Profile, Role, Subject};
use crate::rules::{Aspect, Evidence, Kind};
use crate::x509::oids;

/// A root does not say that it is a CA.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MissingBasicConstraints {
    /// Subject, escaped.
    pub subject: String,
}

impl Evidence for MissingBasicConstraints {
    const RULE: Rule = Rule {
        code: "policy.missing-basic-constraints",
        severity: Severity::Error,
        title: "A root certificate does not say that it is a CA",
        why: "basicConstraints with cA set is what makes a certificate a CA. Clients that look at \
              their roots refuse one without, whatever is trusted by hand.",
        fix: "Make the root again with basicConstraints=critical,CA:TRUE.",
        sources: &[
            "RFC 5280, section 4.2.1.9",
            "CA/B Forum Baseline Requirements, sections 7.1.2.1.2, 7.1.2.1.4",
        ],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::STANDARD;

    fn message(&self) -> String {
        format!("The root \"{}\" has no basicConstraints.", self.subject)
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions.basicConstraints")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    if subject.role == Role::Root
        && certificate.version == 3
        && certificate
            .extensions
            .find(oids::BASIC_CONSTRAINTS)
            .is_none()
    {
        out.push(
            MissingBasicConstraints {
                subject: certificate.subject.short(),
            }
            .into(),
        );
    }
}
