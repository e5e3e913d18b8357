//! `policy.root-purposes`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Profile, Role, Subject};
use crate::rules::{Aspect, Evidence, Kind};
use crate::x509::oids;

/// A root lists purposes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RootPurposes {
    /// Subject, escaped.
    pub subject: String,
}

impl Evidence for RootPurposes {
    const RULE: Rule = Rule {
        code: "policy.root-purposes",
        severity: Severity::Error,
        title: "A root certificate lists purposes",
        why: "A public root must not carry extKeyUsage: what a root is trusted for is decided by \
              whoever trusts it. Strict clients refuse such a root.",
        fix: "Use a root without extKeyUsage; limit the purposes in the intermediates.",
        sources: &["CA/B Forum Baseline Requirements, section 7.1.2.1.2"],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::PUBLIC;

    fn message(&self) -> String {
        format!(
            "The root \"{}\" has an extKeyUsage extension.",
            self.subject
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions.extKeyUsage")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    // An intermediate that is trusted as it is must list its purposes (section 7.1.2.10.6).
    if subject.role == Role::Root
        && certificate.is_self_issued()
        && certificate
            .extensions
            .find(oids::EXTENDED_KEY_USAGE)
            .is_some()
    {
        out.push(
            RootPurposes {
                subject: certificate.subject.short(),
            }
            .into(),
        );
    }
}
