//! `policy.critical-eku`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Profile, Purpose, Role, Subject};
use crate::rules::{Aspect, Evidence, Kind};

/// A public server certificate, or an intermediate above it, marks extKeyUsage critical.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CriticalEku {
    /// Subject, escaped.
    pub subject: String,
    /// Its part in the chain.
    pub part: &'static str,
}

impl Evidence for CriticalEku {
    const RULE: Rule = Rule {
        code: "policy.critical-eku",
        severity: Severity::Error,
        title: "A certificate marks its purposes critical",
        why: "Public CAs must not mark extKeyUsage critical in server certificates, nor in the \
              intermediates above them, and strict clients refuse it.",
        fix: "Have it issued again with extKeyUsage not critical.",
        sources: &["CA/B Forum Baseline Requirements, sections 7.1.2.7.6, 7.1.2.10.6"],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::PUBLIC;

    fn message(&self) -> String {
        format!(
            "The extKeyUsage of the {} \"{}\" is critical.",
            self.part, self.subject
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions.extKeyUsage")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    let Some(usage) = &certificate.extensions.extended_key_usage else {
        return;
    };
    let is_meant = subject.is_server_leaf()
        || (subject.role == Role::Intermediate && subject.options.purpose == Purpose::Server);
    if is_meant && usage.critical {
        out.push(
            CriticalEku {
                subject: certificate.subject.short(),
                part: subject.part(),
            }
            .into(),
        );
    }
}
