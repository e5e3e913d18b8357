//! `policy.key-usage-without-ca`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Profile, Role, Subject};
use crate::rules::{Aspect, Evidence, Kind};

/// A certificate that is no CA may sign certificates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeyUsageWithoutCa {
    /// Subject, escaped.
    pub subject: String,
    /// Its part in the chain.
    pub part: &'static str,
}

impl Evidence for KeyUsageWithoutCa {
    const RULE: Rule = Rule {
        code: "policy.key-usage-without-ca",
        severity: Severity::Error,
        title: "A certificate may sign certificates but is no CA",
        why: "keyCertSign is for CAs. Where basicConstraints does not say so, the two contradict \
              each other; RFC 5280 forbids it and strict clients refuse the certificate.",
        fix: "Have it issued again without keyCertSign; a server needs digitalSignature.",
        sources: &[
            "RFC 5280, section 4.2.1.9",
            "CA/B Forum Baseline Requirements, section 7.1.2.7.11",
        ],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::STANDARD;

    fn message(&self) -> String {
        format!(
            "The {} \"{}\" has keyCertSign, but basicConstraints does not say that it is a CA.",
            self.part, self.subject
        )
    }

    fn fix(&self) -> String {
        if self.part != Role::Intermediate.word() && self.part != Role::Root.word() {
            Self::RULE.fix.to_owned()
        } else {
            "If it is to be a CA, have it issued again with basicConstraints critical, CA:TRUE."
                .to_owned()
        }
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions.keyUsage")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    let Some(usage) = certificate.extensions.key_usage else {
        return;
    };
    let constraints = certificate.extensions.basic_constraints;
    let says_ca = constraints.is_some_and(|constraints| constraints.ca);
    if usage.key_cert_sign() && !says_ca && certificate.version == 3 {
        out.push(
            KeyUsageWithoutCa {
                subject: certificate.subject.short(),
                part: subject.part(),
            }
            .into(),
        );
    }
}
