//! `policy.precertificate`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::Subject;
use crate::rules::{Aspect, Evidence, Kind};
use crate::x509::oids;

/// It is a precertificate, made for logs only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Precertificate {
    /// Subject, escaped.
    pub subject: String,
    /// Its part in the chain.
    pub part: &'static str,
}

impl Evidence for Precertificate {
    const RULE: Rule = Rule {
        code: "policy.precertificate",
        severity: Severity::Error,
        title: "This is a precertificate, not a certificate",
        why: "Before it issues, a CA shows certificate transparency logs a precertificate, \
              poisoned with a critical extension so that no client takes it. Somebody downloaded \
              this one from a log instead of the real one.",
        fix: "Take the final certificate from the CA, or the entry marked \"leaf certificate\" \
              from the log viewer.",
        sources: &[
            "RFC 6962, section 3.1",
            "CA/B Forum Baseline Requirements, section 7.1.2.9",
        ],
    };
    const ASPECT: Aspect = Aspect::Fit;

    fn message(&self) -> String {
        format!(
            "The {} \"{}\" is a precertificate.",
            self.part, self.subject
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    if certificate.extensions.find(oids::CT_POISON).is_some() {
        out.push(
            Precertificate {
                subject: certificate.subject.short(),
                part: subject.part(),
            }
            .into(),
        );
    }
}
