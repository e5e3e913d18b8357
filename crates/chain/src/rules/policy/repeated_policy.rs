//! `policy.repeated-policy`

use std::collections::BTreeSet;

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Profile, Subject};
use crate::rules::entries::identifiers;
use crate::rules::{Aspect, Evidence, Kind};

/// A policy is listed more than once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RepeatedPolicy {
    /// Subject, escaped.
    pub subject: String,
    /// Its part in the chain.
    pub part: &'static str,
    /// The policies, each once.
    pub policies: Vec<String>,
}

impl Evidence for RepeatedPolicy {
    const RULE: Rule = Rule {
        code: "policy.repeated-policy",
        severity: Severity::Error,
        title: "A policy is listed twice",
        why: "RFC 5280 forbids a policy to appear twice in certificatePolicies: its qualifiers would \
              contradict each other. Strict clients, Go among them, refuse the certificate.",
        fix: "Have it issued again with each policy once.",
        sources: &["RFC 5280, section 4.2.1.4"],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::STANDARD;

    fn message(&self) -> String {
        format!(
            "The {} \"{}\" lists a policy more than once: {}.",
            self.part,
            self.subject,
            self.policies.join(", ")
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions.certificatePolicies")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    let policies = &certificate.extensions.policies;
    if policies.len() < 2 {
        return;
    }
    let mut seen = BTreeSet::new();
    let repeated = policies.iter().filter(|policy| !seen.insert(*policy));
    let repeated: BTreeSet<_> = repeated.collect();
    if !repeated.is_empty() {
        out.push(
            RepeatedPolicy {
                subject: certificate.subject.short(),
                part: subject.part(),
                policies: identifiers(repeated.into_iter()),
            }
            .into(),
        );
    }
}
