//! `policy.missing-ski`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Profile, Role, Subject};
use crate::rules::{Aspect, Evidence, Kind};
use crate::x509::oids;

/// A CA certificate has no subjectKeyIdentifier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MissingSki {
    /// Subject, escaped.
    pub subject: String,
}

impl Evidence for MissingSki {
    const RULE: Rule = Rule {
        code: "policy.missing-ski",
        severity: Severity::Error,
        title: "A CA certificate has no subject key identifier",
        why: "Path builders tell CA certificates of one name apart by it; RFC 5280 requires it in \
              every CA certificate, and strict verifiers refuse one without.",
        fix: "Have the CA certificate issued again with subjectKeyIdentifier.",
        sources: &[
            "RFC 5280, section 4.2.1.2",
            "CA/B Forum Baseline Requirements, sections 7.1.2.1.2, 7.1.2.6.1",
        ],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::STANDARD;

    fn message(&self) -> String {
        format!(
            "The CA certificate \"{}\" has no subjectKeyIdentifier.",
            self.subject
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions.subjectKeyIdentifier")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    if subject.role != Role::Leaf && certificate.extensions.find(oids::SUBJECT_KEY_ID).is_none() {
        out.push(
            MissingSki {
                subject: certificate.subject.short(),
            }
            .into(),
        );
    }
}
