//! `policy.root-without-key-usage`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Profile, Role, Subject};
use crate::rules::{Aspect, Evidence, Kind};
use crate::x509::oids;

/// A root has no keyUsage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RootWithoutKeyUsage {
    /// Subject, escaped.
    pub subject: String,
}

impl Evidence for RootWithoutKeyUsage {
    const RULE: Rule = Rule {
        code: "policy.root-without-key-usage",
        severity: Severity::Warning,
        title: "A root does not say what its key is for",
        why: "RFC 5280 and the rules for public CAs require keyUsage in every CA certificate. \
              A few old public roots have none, and clients trust them all the same.",
        fix: "In an own CA, make the next root with keyUsage=critical,keyCertSign,cRLSign.",
        sources: &[
            "RFC 5280, section 4.2.1.3",
            "CA/B Forum Baseline Requirements, section 7.1.2.1.2",
        ],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::STANDARD;

    fn message(&self) -> String {
        format!("The root \"{}\" has no keyUsage.", self.subject)
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions.keyUsage")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    if subject.role == Role::Root
        && certificate.version == 3
        && certificate.extensions.find(oids::KEY_USAGE).is_none()
    {
        out.push(
            RootWithoutKeyUsage {
                subject: certificate.subject.short(),
            }
            .into(),
        );
    }
}
