//! `policy.signature-algorithms-differ`

use keyway_report::{Rule, Severity, escape};
use serde::Serialize;

use crate::check::Subject;
use crate::rules::{Aspect, Evidence, Kind};

/// The signed part names another signature algorithm than the outer field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SignatureAlgorithmsDiffer {
    /// Subject, escaped.
    pub subject: String,
    /// Its part in the chain.
    pub part: &'static str,
    /// The algorithm of the outer field.
    pub outer: String,
}

impl Evidence for SignatureAlgorithmsDiffer {
    const RULE: Rule = Rule {
        code: "policy.signature-algorithms-differ",
        severity: Severity::Error,
        title: "A certificate names two different signature algorithms",
        why: "The algorithm stands twice in a certificate, once inside the signed part so that \
              nobody can exchange it. Where the two differ, clients refuse the certificate.",
        fix: "Have it issued again; the CA program that made it is faulty.",
        sources: &[
            "RFC 5280, section 4.1.1.2",
            "CA/B Forum Baseline Requirements, section 7.1.2.7",
        ],
    };
    const ASPECT: Aspect = Aspect::Fit;

    fn message(&self) -> String {
        format!(
            "The {} \"{}\" names {} outside and another algorithm inside its signed part.",
            self.part, self.subject, self.outer
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("signatureAlgorithm")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    if !certificate.signature_algorithms_agree {
        out.push(
            SignatureAlgorithmsDiffer {
                subject: certificate.subject.short(),
                part: subject.part(),
                outer: escape::text(&certificate.signature_algorithm.name),
            }
            .into(),
        );
    }
}
