//! `policy.missing-key-usage`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Profile, Role, Subject};
use crate::rules::{Aspect, Evidence, Kind};
use crate::x509::oids;

/// An intermediate has no keyUsage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MissingKeyUsage {
    /// Subject, escaped.
    pub subject: String,
}

impl Evidence for MissingKeyUsage {
    const RULE: Rule = Rule {
        code: "policy.missing-key-usage",
        severity: Severity::Error,
        title: "An intermediate does not say what its key is for",
        why: "RFC 5280 and the rules for public CAs require keyUsage in every CA certificate. \
              Many clients let it pass, strict ones do not.",
        fix: "Have it issued again with keyUsage=critical,keyCertSign,cRLSign.",
        sources: &[
            "RFC 5280, section 4.2.1.3",
            "CA/B Forum Baseline Requirements, sections 7.1.2.6.1, 7.1.2.10.7",
        ],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::STANDARD;

    fn message(&self) -> String {
        format!("The intermediate \"{}\" has no keyUsage.", self.subject)
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions.keyUsage")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    if subject.role == Role::Intermediate
        && certificate.version == 3
        && certificate.extensions.find(oids::KEY_USAGE).is_none()
    {
        out.push(
            MissingKeyUsage {
                subject: certificate.subject.short(),
            }
            .into(),
        );
    }
}
