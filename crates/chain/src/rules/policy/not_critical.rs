//! `policy.not-critical`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Profile, Subject};
use crate::rules::entries::marked;
use crate::rules::{Aspect, Evidence, Kind};
use crate::x509::oids;

/// An extension is not critical that must be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotCritical {
    /// Subject, escaped.
    pub subject: String,
    /// Its part in the chain.
    pub part: &'static str,
    /// The extensions.
    pub extensions: Vec<&'static str>,
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
              basicConstraints=critical,CA:TRUE).",
        sources: &[
            "RFC 5280, sections 4.2.1.9, 4.2.1.11, 4.2.1.14",
            "CA/B Forum Baseline Requirements, sections 7.1.2.1.2, 7.1.2.6.1",
        ],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::STANDARD;

    fn message(&self) -> String {
        format!(
            "The {} \"{}\" does not mark as critical: {}.",
            self.part,
            self.subject,
            self.extensions.join(", ")
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    let mut names = marked(certificate, &ALWAYS_CRITICAL, false);
    // Of a certificate that is no CA the mark may be missing.
    names.retain(|&name| name != BASIC_CONSTRAINTS || certificate.is_ca());
    if !names.is_empty() {
        out.push(
            NotCritical {
                subject: certificate.subject.short(),
                part: subject.role.word(),
                extensions: names,
            }
            .into(),
        );
    }
}

const BASIC_CONSTRAINTS: &str = "basicConstraints";

const ALWAYS_CRITICAL: [(&[u8], &str); 3] = [
    (oids::BASIC_CONSTRAINTS, BASIC_CONSTRAINTS),
    (oids::POLICY_CONSTRAINTS, "policyConstraints"),
    (oids::INHIBIT_ANY_POLICY, "inhibitAnyPolicy"),
];
