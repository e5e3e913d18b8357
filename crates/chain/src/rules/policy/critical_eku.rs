//! `policy.critical-eku`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Profile, Subject};
use crate::rules::{Aspect, Evidence, Kind};

/// A public server certificate marks extKeyUsage critical.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CriticalEku {
    /// Subject, escaped.
    pub subject: String,
}

impl Evidence for CriticalEku {
    const RULE: Rule = Rule {
        code: "policy.critical-eku",
        severity: Severity::Error,
        title: "The server certificate marks its purposes critical",
        why: "Public CAs must not mark extKeyUsage critical in server certificates, and strict \
              clients refuse it.",
        fix: "Have it issued again with extKeyUsage not critical.",
        sources: &["CA/B Forum Baseline Requirements, section 7.1.2.7.6"],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::PUBLIC;

    fn message(&self) -> String {
        format!("The extKeyUsage of \"{}\" is critical.", self.subject)
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
    if subject.is_server_leaf() && usage.critical {
        out.push(
            CriticalEku {
                subject: certificate.subject.short(),
            }
            .into(),
        );
    }
}
