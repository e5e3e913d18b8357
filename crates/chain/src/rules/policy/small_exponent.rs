//! `policy.small-exponent`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::{Profile, Subject};
use crate::rules::{Aspect, Evidence, Kind};
use crate::x509::PublicKeyAlgorithm;

/// The RSA exponent is below 65537.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SmallExponent {
    /// Subject, escaped.
    pub subject: String,
    /// Its part in the chain.
    pub part: &'static str,
    /// The exponent.
    pub exponent: u64,
}

impl Evidence for SmallExponent {
    const RULE: Rule = Rule {
        code: "policy.small-exponent",
        severity: Severity::Warning,
        title: "An RSA exponent is small",
        why: "Small exponents such as 3 have made forgeries possible wherever a library checked \
              padding carelessly. Public CAs should refuse exponents below 65537.",
        fix: "Make a new key with the usual exponent 65537 and have a certificate issued for it.",
        sources: &["CA/B Forum Baseline Requirements, section 6.1.6"],
    };
    const ASPECT: Aspect = Aspect::Fit;
    const PROFILES: &'static [Profile] = Profile::PUBLIC;

    fn message(&self) -> String {
        format!(
            "The RSA key of the {} \"{}\" has the exponent {}.",
            self.part, self.subject, self.exponent
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
    let exponent = key.exponent.unwrap_or(u64::MAX);
    let is_small = (3..65_537).contains(&exponent) && exponent % 2 == 1;
    if is_rsa && is_small {
        out.push(
            SmallExponent {
                subject: certificate.subject.short(),
                part: subject.part(),
                exponent,
            }
            .into(),
        );
    }
}
