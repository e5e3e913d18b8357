//! `policy.critical-san`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Profile, Subject};
use crate::rules::{Aspect, Evidence, Kind};

/// A public server certificate with a subject marks subjectAltName critical.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CriticalSan {
    /// Subject, escaped.
    pub subject: String,
}

impl Evidence for CriticalSan {
    const RULE: Rule = Rule {
        code: "policy.critical-san",
        severity: Severity::Error,
        title: "The server certificate marks its names critical though it has a subject",
        why: "subjectAltName is critical where the subject is empty, and only there: public CAs \
              must not mark it otherwise, and strict clients refuse it.",
        fix: "Have it issued again with subjectAltName not critical.",
        sources: &[
            "CA/B Forum Baseline Requirements, section 7.1.2.7.12",
            "RFC 5280, section 4.2.1.6",
        ],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::PUBLIC;

    fn message(&self) -> String {
        format!(
            "The subjectAltName of \"{}\" is critical though its subject is not empty.",
            self.subject
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions.subjectAltName")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    let Some(san) = &certificate.extensions.subject_alt_name else {
        return;
    };
    if subject.is_server_leaf() && san.critical && !certificate.subject.is_empty() {
        out.push(
            CriticalSan {
                subject: certificate.subject.short(),
            }
            .into(),
        );
    }
}
