//! `policy.algorithm-parameters`

use keyway_report::{Rule, Severity, escape};
use serde::Serialize;

use crate::algorithms::PublicKey;
use crate::check::{Profile, Role, Subject};
use crate::rules::{Aspect, Evidence, Kind};
use crate::x509::{Certificate, PublicKeyAlgorithm};

/// The parameters of an algorithm are not those that its standard demands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AlgorithmParameters {
    /// Subject, escaped.
    pub subject: String,
    /// Its part in the chain.
    pub part: &'static str,
    /// Which of the two: signature or key.
    pub of: &'static str,
    /// The algorithm, escaped.
    pub algorithm: String,
    /// What its parameters must be.
    pub demanded: Demanded,
}

/// What the standard of an algorithm demands of its parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Demanded {
    /// NULL.
    Null,
    /// None at all.
    Absent,
}

impl Evidence for AlgorithmParameters {
    const RULE: Rule = Rule {
        code: "policy.algorithm-parameters",
        severity: Severity::Error,
        title: "An algorithm has the wrong parameters",
        why: "With RSA the parameters are NULL, with ECDSA, Ed25519 and Ed448 there are none. rustls \
              knows algorithms by their exact bytes and refuses others; OpenSSL is laxer.",
        fix: "Have it issued again; the program that made the certificate or its request is faulty.",
        sources: &[
            "RFC 3279, section 2.3.1",
            "RFC 4055, section 5",
            "RFC 5758, section 3.2",
            "RFC 8410, section 3",
            "CA/B Forum Baseline Requirements, section 7.1.3",
        ],
    };
    const ASPECT: Aspect = Aspect::Fit;

    fn message(&self) -> String {
        let fault = match self.demanded {
            Demanded::Null => "does not have NULL for its parameters",
            Demanded::Absent => "has parameters, and must have none",
        };
        format!(
            "The {} algorithm of the {} \"{}\" ({}) {fault}.",
            self.of, self.part, self.subject, self.algorithm
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some(if self.of == "key" {
            "subjectPublicKeyInfo.algorithm.parameters"
        } else {
            "signatureAlgorithm.parameters"
        })
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    let mut blame = |of, algorithm: &str, demanded| {
        let evidence = AlgorithmParameters {
            subject: certificate.subject.short(),
            part: subject.part(),
            of,
            algorithm: escape::text(algorithm),
            demanded,
        };
        out.push(evidence.into());
    };
    if let Some(demanded) = of_signature(subject) {
        blame("signature", &certificate.signature_algorithm.name, demanded);
    }
    if let Some(demanded) = of_key(certificate) {
        blame("key", &certificate.public_key.text(), demanded);
    }
}

/// What the signature's parameters should be and are not. A root's own signature is not looked at.
pub(super) fn of_signature(subject: &Subject<'_>) -> Option<Demanded> {
    let algorithm = &subject.certificate.signature_algorithm;
    let demanded = if algorithm.name.ends_with("WithRSAEncryption") {
        Demanded::Null
    } else if algorithm.name.starts_with("ecdsa-with-") || algorithm.name.starts_with("Ed") {
        Demanded::Absent
    } else {
        return None;
    };
    let found = parameters(subject.certificate.signature_algorithm_contents());
    // RFC 4055: with RSA they must be written, and readers must do without them.
    let is_let_pass = found.is_empty() && subject.options.profile == Profile::Private;
    (subject.role != Role::Root && !is_let_pass && found != demanded.der()).then_some(demanded)
}

/// What the key's parameters should be and are not. Those of EC keys are their curve.
fn of_key(certificate: &Certificate) -> Option<Demanded> {
    let demanded = match certificate.public_key.algorithm {
        PublicKeyAlgorithm::Rsa => Demanded::Null,
        PublicKeyAlgorithm::Ed25519 | PublicKeyAlgorithm::Ed448 => Demanded::Absent,
        _ => return None,
    };
    let key = PublicKey::read(certificate.spki())?;
    (parameters(key.algorithm) != demanded.der()).then_some(demanded)
}

impl Demanded {
    const fn der(self) -> &'static [u8] {
        match self {
            Self::Null => &[0x05, 0x00],
            Self::Absent => &[],
        }
    }
}

/// What follows the identifier in the contents of an `AlgorithmIdentifier`.
fn parameters(algorithm: &[u8]) -> &[u8] {
    let length = algorithm.get(1).copied().map_or(0, usize::from);
    algorithm.get(2 + length..).unwrap_or(&[])
}
