//! `policy.missing-aki`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Profile, Role, Subject};
use crate::rules::{Aspect, Evidence, Kind};
use crate::x509::oids;

/// A certificate that another one issued has no authorityKeyIdentifier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MissingAki {
    /// Subject, escaped.
    pub subject: String,
    /// Its part in the chain.
    pub part: &'static str,
}

impl Evidence for MissingAki {
    const RULE: Rule = Rule {
        code: "policy.missing-aki",
        severity: Severity::Error,
        title: "A certificate has no authority key identifier",
        why: "It says which key signed the certificate, which path builders need where a CA has \
              several. RFC 5280 requires it in everything but self-signed certificates, and \
              strict clients refuse one without.",
        fix: "Have it issued again with authorityKeyIdentifier.",
        sources: &[
            "RFC 5280, section 4.2.1.1",
            "CA/B Forum Baseline Requirements, sections 7.1.2.7.6, 7.1.2.11.1",
        ],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::STANDARD;

    fn message(&self) -> String {
        format!(
            "The {} \"{}\" has no authorityKeyIdentifier.",
            self.part, self.subject
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions.authorityKeyIdentifier")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    // What counts is the signature: a root may carry its own under another issuer's name.
    let is_own_root = subject.role == Role::Root && subject.is_self_signed();
    if !certificate.is_self_issued()
        && certificate
            .extensions
            .find(oids::AUTHORITY_KEY_ID)
            .is_none()
        && !is_own_root
    {
        out.push(
            MissingAki {
                subject: certificate.subject.short(),
                part: subject.part(),
            }
            .into(),
        );
    }
}
