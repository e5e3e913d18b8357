//! `policy.weak-key`

use keyway_report::{Rule, Severity, escape};
use serde::Serialize;

use crate::check::Subject;
use crate::rules::{Aspect, Evidence, Kind};
use crate::x509::PublicKeyAlgorithm;

/// The key is too short, or of a kind that no TLS client takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CertificateKeyWeak {
    /// Subject, escaped.
    pub subject: String,
    /// Its part in the chain.
    pub part: &'static str,
    /// The key.
    pub key: String,
    /// Its size in bits.
    pub bits: u32,
}

impl Evidence for CertificateKeyWeak {
    const RULE: Rule = Rule {
        code: "policy.weak-key",
        severity: Severity::Error,
        title: "A key is too weak",
        why: "RSA below 2048 bits is within reach of a well-funded attacker, and DSA left TLS \
              with version 1.3. Clients refuse both, in the server certificate as in every CA \
              above it.",
        fix: "Make a new key (P-256, or RSA of 2048 bits) and have a certificate issued for it.",
        sources: &[
            "CA/B Forum Baseline Requirements, section 6.1.5",
            "RFC 8446, section 4.2.3",
        ],
    };
    const ASPECT: Aspect = Aspect::Fit;

    fn message(&self) -> String {
        format!(
            "The {} \"{}\" has the key {}.",
            self.part, self.subject, self.key
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("subjectPublicKeyInfo")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    let key = &certificate.public_key;
    let is_weak = match key.algorithm {
        PublicKeyAlgorithm::Rsa | PublicKeyAlgorithm::RsaPss => {
            key.fault.is_none() && key.bits < MIN_RSA_BITS
        }
        PublicKeyAlgorithm::Dsa => true,
        _ => false,
    };
    if is_weak {
        out.push(
            CertificateKeyWeak {
                subject: certificate.subject.short(),
                part: subject.part(),
                key: escape::text(&key.text()),
                bits: key.bits,
            }
            .into(),
        );
    }
}

/// BR 6.1.5; the same floor is in rustls, Go and OpenSSL's security level 2.
const MIN_RSA_BITS: u32 = 2048;
