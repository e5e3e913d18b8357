//! `policy.odd-exponent`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::Subject;
use crate::rules::{Aspect, Evidence, Kind};
use crate::x509::PublicKeyAlgorithm;

/// The RSA exponent is even, 1, or larger than implementations take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OddExponent {
    /// Subject, escaped.
    pub subject: String,
    /// Its part in the chain.
    pub part: &'static str,
    /// The exponent; none when it does not fit 64 bits.
    pub exponent: Option<u64>,
    /// Its size in bits.
    pub bits: u32,
}

impl Evidence for OddExponent {
    const RULE: Rule = Rule {
        code: "policy.odd-exponent",
        severity: Severity::Error,
        title: "An RSA exponent is unusable",
        why: "An even exponent has no inverse, 1 makes every message its own signature, and \
              exponents above 33 bits are refused by BoringSSL, AWS-LC and ring, because they \
              only make verification slow.",
        fix: "Make a new key with the usual exponent 65537 and have a certificate issued for it.",
        sources: &[
            "CA/B Forum Baseline Requirements, section 6.1.6",
            "BoringSSL: rsa_check_public_key",
        ],
    };
    const ASPECT: Aspect = Aspect::Fit;

    fn message(&self) -> String {
        let value = self.exponent.map_or_else(
            || format!("of {} bits", self.bits),
            |value| value.to_string(),
        );
        format!(
            "The RSA key of the {} \"{}\" has the exponent {value}.",
            self.part, self.subject
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("subjectPublicKeyInfo")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    let key = &certificate.public_key;
    let is_rsa = key.fault.is_none()
        && matches!(
            key.algorithm,
            PublicKeyAlgorithm::Rsa | PublicKeyAlgorithm::RsaPss
        );
    let is_usable = key.exponent_bits <= MAX_EXPONENT_BITS
        && key
            .exponent
            .is_some_and(|value| value >= 3 && value % 2 == 1);
    if is_rsa && !is_usable {
        out.push(
            OddExponent {
                subject: certificate.subject.short(),
                part: subject.part(),
                exponent: key.exponent,
                bits: key.exponent_bits,
            }
            .into(),
        );
    }
}

/// BoringSSL's limit; AWS-LC and ring have the same.
const MAX_EXPONENT_BITS: u32 = 33;
