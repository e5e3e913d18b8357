//! `policy.empty-key-usage`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Profile, Subject};
use crate::rules::{Aspect, Evidence, Kind};
use crate::x509::KeyUsage;

/// The key usage allows nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EmptyKeyUsage {
    /// Subject, escaped.
    pub subject: String,
    /// Its part in the chain.
    pub part: &'static str,
}

impl Evidence for EmptyKeyUsage {
    const RULE: Rule = Rule {
        code: "policy.empty-key-usage",
        severity: Severity::Error,
        title: "The key usage of a certificate is empty",
        why: "A keyUsage without any bit says that the key may not be used at all. RFC 5280 \
              demands at least one, and OpenSSL takes it at its word.",
        fix: "Have it issued again with digitalSignature, or without keyUsage.",
        sources: &["RFC 5280, section 4.2.1.3"],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::ALL;

    fn message(&self) -> String {
        format!(
            "The keyUsage of the {} \"{}\" has no bit set.",
            self.part, self.subject
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions.keyUsage")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    if certificate
        .extensions
        .key_usage
        .is_some_and(KeyUsage::is_empty)
    {
        out.push(
            EmptyKeyUsage {
                subject: certificate.subject.short(),
                part: subject.part(),
            }
            .into(),
        );
    }
}
