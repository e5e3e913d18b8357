//! `policy.any-purpose`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Profile, Subject};
use crate::rules::{Aspect, Evidence, Kind};
use crate::x509::oids;

/// A public server certificate is for any purpose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AnyPurpose {
    /// Subject, escaped.
    pub subject: String,
}

impl Evidence for AnyPurpose {
    const RULE: Rule = Rule {
        code: "policy.any-purpose",
        severity: Severity::Error,
        title: "The server certificate is good for any purpose",
        why: "anyExtendedKeyUsage lifts the limits on what a certificate may be used for. Public \
              CAs must not put it into server certificates, and strict clients refuse it.",
        fix: "Have it issued again with serverAuth alone.",
        sources: &["CA/B Forum Baseline Requirements, section 7.1.2.7.10"],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::PUBLIC;

    fn message(&self) -> String {
        format!(
            "The extKeyUsage of \"{}\" holds anyExtendedKeyUsage.",
            self.subject
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions.extKeyUsage")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    let lists_any = certificate
        .extensions
        .extended_key_usage
        .as_ref()
        .is_some_and(|usage| usage.has(oids::ANY_EXTENDED_KEY_USAGE));
    if subject.is_server_leaf() && lists_any {
        out.push(
            AnyPurpose {
                subject: certificate.subject.short(),
            }
            .into(),
        );
    }
}
