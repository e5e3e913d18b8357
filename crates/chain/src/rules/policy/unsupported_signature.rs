//! `policy.unsupported-signature`

use keyway_report::{Rule, Severity, escape};
use serde::Serialize;

use super::algorithm_parameters::of_signature;
use crate::check::{Role, Subject};
use crate::rules::{Aspect, Evidence, Kind};
use crate::x509::Digest;

/// The signature algorithm is none that clients verify.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnsupportedSignature {
    /// Subject, escaped.
    pub subject: String,
    /// Its part in the chain.
    pub part: &'static str,
    /// Signature algorithm.
    pub signature: String,
}

impl Evidence for UnsupportedSignature {
    const RULE: Rule = Rule {
        code: "policy.unsupported-signature",
        severity: Severity::Error,
        title: "A signature uses an algorithm that clients do not verify",
        why: "TLS clients verify RSA and ECDSA signatures with SHA-256, SHA-384 or SHA-512, some \
              of them Ed25519. A certificate signed in another way is as good as unsigned to \
              them.",
        fix: "Have it issued again with a usual signature: RSA or ECDSA, with SHA-256 or better.",
        sources: &[
            "CA/B Forum Baseline Requirements, section 7.1.3.2",
            "RFC 8446, section 4.2.3",
        ],
    };
    const ASPECT: Aspect = Aspect::Fit;

    fn message(&self) -> String {
        format!(
            "The {} \"{}\" is signed with {}, which is not among the algorithms that are verified.",
            self.part, self.subject, self.signature
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("signatureAlgorithm")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    let algorithms = subject.options.algorithms;
    let contents = certificate.signature_algorithm_contents();
    let known = algorithms
        .iter()
        .any(|algorithm| algorithm.signature_alg_id().as_ref() == contents);
    // Those are `policy.weak-signature`.
    let broken = matches!(
        certificate.signature_algorithm.digest,
        Digest::Md2 | Digest::Md5 | Digest::Sha1
    );
    // Those with the wrong parameters are `policy.algorithm-parameters`.
    let explained = broken || of_signature(subject).is_some();
    if subject.role != Role::Root && !explained && !algorithms.is_empty() && !known {
        out.push(
            UnsupportedSignature {
                subject: certificate.subject.short(),
                part: subject.part(),
                signature: escape::text(&certificate.signature_algorithm.name),
            }
            .into(),
        );
    }
}
