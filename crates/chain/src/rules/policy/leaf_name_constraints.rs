//! `policy.leaf-name-constraints`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Profile, Role, Subject};
use crate::rules::{Aspect, Evidence, Kind};
use crate::x509::oids;

/// A certificate that is no CA has name constraints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeafNameConstraints {
    /// Subject, escaped.
    pub subject: String,
}

impl Evidence for LeafNameConstraints {
    const RULE: Rule = Rule {
        code: "policy.leaf-name-constraints",
        severity: Severity::Error,
        title: "The server certificate has name constraints",
        why: "Name constraints limit what a CA may issue. RFC 5280 allows them in CA certificates \
              only, and strict clients refuse them elsewhere.",
        fix: "Have it issued again without nameConstraints.",
        sources: &[
            "RFC 5280, section 4.2.1.10",
            "CA/B Forum Baseline Requirements, section 7.1.2.7.6",
        ],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::STANDARD;

    fn message(&self) -> String {
        format!("\"{}\" is no CA and has nameConstraints.", self.subject)
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions.nameConstraints")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    if subject.role == Role::Leaf
        && !certificate.is_ca()
        && certificate
            .extensions
            .find(oids::NAME_CONSTRAINTS)
            .is_some()
    {
        out.push(
            LeafNameConstraints {
                subject: certificate.subject.short(),
            }
            .into(),
        );
    }
}
