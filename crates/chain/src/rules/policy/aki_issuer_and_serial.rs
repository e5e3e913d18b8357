//! `policy.aki-issuer-and-serial`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Profile, Role, Subject};
use crate::rules::{Aspect, Evidence, Kind};

/// A CA certificate's authorityKeyIdentifier names issuer and serial number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AkiIssuerAndSerial {
    /// Subject, escaped.
    pub subject: String,
    /// Its part in the chain.
    pub part: &'static str,
    /// Which of the two.
    pub holds: &'static str,
}

impl Evidence for AkiIssuerAndSerial {
    const RULE: Rule = Rule {
        code: "policy.aki-issuer-and-serial",
        severity: Severity::Error,
        title: "A CA's authority key identifier names a certificate instead of a key",
        why: "Issuer and serial number tie the certificate to one certificate of its issuer, so \
              that it fails once that one is renewed or cross-signed. Public CAs must not write \
              them, and strict clients refuse CA certificates that have them.",
        fix: "Have it issued again with the keyIdentifier alone (openssl: \
              authorityKeyIdentifier=keyid). For a CA of your own, check with the profile \
              private.",
        sources: &[
            "CA/B Forum Baseline Requirements, section 7.1.2.1.3",
            "CA/B Forum Baseline Requirements, section 7.1.2.11.1",
        ],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::PUBLIC;

    fn message(&self) -> String {
        format!(
            "The authorityKeyIdentifier of the {} \"{}\" holds {}.",
            self.part, self.subject, self.holds
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("extensions.authorityKeyIdentifier")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    let Some(aki) = &certificate.extensions.authority_key_id else {
        return;
    };
    if subject.role != Role::Leaf && (aki.has_issuer || aki.has_serial) {
        out.push(
            AkiIssuerAndSerial {
                subject: certificate.subject.short(),
                part: subject.part(),
                holds: match (aki.has_issuer, aki.has_serial) {
                    (true, true) => "authorityCertIssuer and authorityCertSerialNumber",
                    (true, false) => "authorityCertIssuer",
                    _ => "authorityCertSerialNumber",
                },
            }
            .into(),
        );
    }
}
