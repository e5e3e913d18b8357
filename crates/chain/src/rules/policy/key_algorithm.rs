//! `policy.key-algorithm`

use keyway_report::{Rule, Severity, escape};
use serde::Serialize;

use crate::check::{Profile, Subject};
use crate::rules::{Aspect, Evidence, Kind};
use crate::x509::PublicKeyAlgorithm;

/// The key is of a kind that public CAs do not certify.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeyAlgorithm {
    /// Subject, escaped.
    pub subject: String,
    /// Its part in the chain.
    pub part: &'static str,
    /// The key.
    pub key: String,
}

impl Evidence for KeyAlgorithm {
    const RULE: Rule = Rule {
        code: "policy.key-algorithm",
        severity: Severity::Error,
        title: "A key is of a kind that public CAs do not certify",
        why: "Public CAs certify RSA and elliptic-curve keys of the NIST curves. Browsers do not \
              verify Ed25519, Ed448, RSA-PSS or post-quantum keys in certificates, though OpenSSL \
              or Go may.",
        fix: "For public clients make a P-256 or RSA key. For a CA of your own, check with the \
              profile private.",
        sources: &["CA/B Forum Baseline Requirements, section 7.1.3.1"],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::PUBLIC;

    fn message(&self) -> String {
        format!(
            "The {} \"{}\" has the key {}.",
            self.part, self.subject, self.key
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("subjectPublicKeyInfo.algorithm")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    let key = &certificate.public_key;
    if !matches!(
        key.algorithm,
        PublicKeyAlgorithm::Rsa | PublicKeyAlgorithm::Ec | PublicKeyAlgorithm::Dsa
    ) {
        out.push(
            KeyAlgorithm {
                subject: certificate.subject.short(),
                part: subject.part(),
                key: escape::text(&key.text()),
            }
            .into(),
        );
    }
}
