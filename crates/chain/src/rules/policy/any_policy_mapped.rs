//! `policy.any-policy-mapped`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Profile, Subject};
use crate::rules::{Aspect, Evidence, Kind};

/// policyMappings maps to or from anyPolicy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AnyPolicyMapped {
    /// Subject, escaped.
    pub subject: String,
    /// Its part in the chain.
    pub part: &'static str,
}

impl Evidence for AnyPolicyMapped {
    const RULE: Rule = Rule {
        code: "policy.any-policy-mapped",
        severity: Severity::Error,
        title: "anyPolicy is mapped to another policy",
        why: "anyPolicy stands for all policies, so there is nothing it could be equal to. RFC 5280 \
              forbids it in policyMappings; clients that process policies refuse the path.",
        fix: "Have it issued again with policyMappings between policies of their own.",
        sources: &["RFC 5280, section 4.2.1.5", "RFC 5280, section 6.1.4 (a)"],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::STANDARD;

    fn message(&self) -> String {
        format!(
            "The policyMappings of the {} \"{}\" hold anyPolicy.",
            self.part, self.subject
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions.policyMappings")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    if certificate.extensions.maps_any_policy {
        out.push(
            AnyPolicyMapped {
                subject: certificate.subject.short(),
                part: subject.part(),
            }
            .into(),
        );
    }
}
