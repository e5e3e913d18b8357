//! `policy.modulus-length`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Profile, Subject};
use crate::rules::{Aspect, Evidence, Kind};
use crate::x509::PublicKeyAlgorithm;

/// The RSA modulus does not fill whole bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ModulusLength {
    /// Subject, escaped.
    pub subject: String,
    /// Its part in the chain.
    pub part: &'static str,
    /// Bits of the modulus.
    pub bits: u32,
}

impl Evidence for ModulusLength {
    const RULE: Rule = Rule {
        code: "policy.modulus-length",
        severity: Severity::Error,
        title: "The length of an RSA modulus is not a multiple of 8",
        why: "Public CAs must refuse RSA keys whose modulus has a bit length that 8 does not \
              divide: a sign of a faulty generator, and a trap for implementations. Strict \
              clients refuse them too.",
        fix: "Make a new key of 2048, 3072 or 4096 bits and have a certificate issued for it.",
        sources: &["CA/B Forum Baseline Requirements, section 6.1.5"],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::PUBLIC;

    fn message(&self) -> String {
        format!(
            "The RSA key of the {} \"{}\" has {} bits.",
            self.part, self.subject, self.bits
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("subjectPublicKeyInfo")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    let key = &certificate.public_key;
    let is_rsa = matches!(
        key.algorithm,
        PublicKeyAlgorithm::Rsa | PublicKeyAlgorithm::RsaPss
    );
    if is_rsa && !key.bits.is_multiple_of(8) {
        out.push(
            ModulusLength {
                subject: certificate.subject.short(),
                part: subject.part(),
                bits: key.bits,
            }
            .into(),
        );
    }
}
