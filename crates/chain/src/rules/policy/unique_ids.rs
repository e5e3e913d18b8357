//! `policy.unique-ids`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Role, Subject};
use crate::rules::{Aspect, Evidence, Kind};

/// The certificate has unique identifiers of X.509 version 2.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UniqueIds {
    /// Subject, escaped.
    pub subject: String,
    /// Its part in the chain.
    pub part: &'static str,
}

impl Evidence for UniqueIds {
    const RULE: Rule = Rule {
        code: "policy.unique-ids",
        severity: Severity::Error,
        title: "A certificate carries unique identifiers from 1993",
        why: "issuerUniqueID and subjectUniqueID were to tell reused names apart. RFC 5280 tells \
              CAs not to write them, public CAs must not, and rustls and NSS refuse to read such \
              a certificate.",
        fix: "Have it issued again without them.",
        sources: &[
            "RFC 5280, section 4.1.2.8",
            "CA/B Forum Baseline Requirements, section 7.1.2.7",
        ],
    };
    const ASPECT: Aspect = Aspect::Fit;

    fn message(&self) -> String {
        format!(
            "The {} \"{}\" carries unique identifiers.",
            self.part, self.subject
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("subjectUniqueID")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    if subject.role != Role::Root && certificate.has_unique_ids {
        out.push(
            UniqueIds {
                subject: certificate.subject.short(),
                part: subject.part(),
            }
            .into(),
        );
    }
}
