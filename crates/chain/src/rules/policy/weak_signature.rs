//! `policy.weak-signature`

use keyway_report::{Rule, Severity, escape};
use serde::Serialize;

use crate::check::{Role, Subject};
use crate::rules::{Aspect, Evidence, Kind};
use crate::x509::Digest;

/// The signature rests on a broken digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WeakSignature {
    /// Subject, escaped.
    pub subject: String,
    /// Its part in the chain.
    pub part: &'static str,
    /// Signature algorithm.
    pub signature: String,
    /// Its digest.
    pub digest: &'static str,
}

impl Evidence for WeakSignature {
    const RULE: Rule = Rule {
        code: "policy.weak-signature",
        severity: Severity::Error,
        title: "A signature uses a broken digest",
        why: "Two certificates with the same MD5 or SHA-1 value can be made on purpose. Browsers \
              and current TLS libraries refuse such signatures on server certificates and \
              intermediates. A root's own signature is not looked at.",
        fix: "Have it issued again; every CA signs with SHA-256 or better.",
        sources: &[
            "CA/B Forum Baseline Requirements, section 7.1.3.2",
            "RFC 6194, section 3.1",
            "RFC 6151, section 2",
        ],
    };
    const ASPECT: Aspect = Aspect::Fit;

    fn message(&self) -> String {
        format!(
            "The {} \"{}\" is signed with {}, which rests on {}.",
            self.part, self.subject, self.signature, self.digest
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("signatureAlgorithm")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    let digest = certificate.signature_algorithm.digest;
    if subject.role != Role::Root && matches!(digest, Digest::Md2 | Digest::Md5 | Digest::Sha1) {
        out.push(
            WeakSignature {
                subject: certificate.subject.short(),
                part: subject.part(),
                signature: escape::text(&certificate.signature_algorithm.name),
                digest: digest.name(),
            }
            .into(),
        );
    }
}
