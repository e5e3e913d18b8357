//! `policy.not-critical`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Profile, Subject};
use crate::rules::entries::Marks;
use crate::rules::{Aspect, Evidence, Kind};
use crate::x509::oids;

/// An extension is not critical that must be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotCritical {
    /// The extensions, and whose they are.
    #[serde(flatten)]
    pub marks: Marks,
}

impl Evidence for NotCritical {
    const RULE: Rule = Rule {
        code: "policy.not-critical",
        severity: Severity::Error,
        title: "An extension must be critical and is not",
        why: "These extensions limit what a CA may do. Were they not critical, software that does \
              not know them would ignore the limit, so RFC 5280 demands the mark and strict \
              clients check it.",
        fix: "Have it issued again with the extension critical (openssl: \
              basicConstraints=critical,CA:TRUE). rustls does not know policyConstraints and \
              inhibitAnyPolicy and refuses them where they are critical: for its clients use a CA \
              without them.",
        sources: &[
            "RFC 5280, sections 4.2.1.9, 4.2.1.11, 4.2.1.14",
            "CA/B Forum Baseline Requirements, sections 7.1.2.1.2, 7.1.2.6.1",
        ],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::STANDARD;

    fn message(&self) -> String {
        self.marks.text("does not mark as critical")
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    // Of a certificate that is no CA the mark may be missing.
    let is_ca = subject.certificate.is_ca();
    let is_meant = |name: &str| is_ca || name != BASIC_CONSTRAINTS;
    let marks = Marks::of(subject, &ALWAYS_CRITICAL, false, is_meant);
    out.extend(marks.map(|marks| Kind::from(NotCritical { marks })));
}

const BASIC_CONSTRAINTS: &str = "basicConstraints";

const ALWAYS_CRITICAL: [(&[u8], &str); 3] = [
    (oids::BASIC_CONSTRAINTS, BASIC_CONSTRAINTS),
    (oids::POLICY_CONSTRAINTS, "policyConstraints"),
    (oids::INHIBIT_ANY_POLICY, "inhibitAnyPolicy"),
];
