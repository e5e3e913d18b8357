//! `policy.explicit-curve`

use keyway_report::{Rule, Severity};
use serde::Serialize;

use crate::check::Subject;
use crate::rules::{Aspect, Evidence, Kind};

/// The curve is spelled out instead of named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExplicitCurve {
    /// Subject, escaped.
    pub subject: String,
    /// Its part in the chain.
    pub part: &'static str,
}

impl Evidence for ExplicitCurve {
    const RULE: Rule = Rule {
        code: "policy.explicit-curve",
        severity: Severity::Error,
        title: "A key spells its curve out instead of naming it",
        why: "Certificates must name their curve. Parameters that are spelled out have let \
              forgers choose a base point of their own (CVE-2020-0601); browsers, Go and rustls \
              refuse them.",
        fix: "Make a new key on a named curve (openssl: -pkeyopt ec_param_enc:named_curve) and \
              have a certificate issued for it.",
        sources: &[
            "RFC 5480, section 2.1.1",
            "CA/B Forum Baseline Requirements, section 7.1.3.1.2",
        ],
    };
    const ASPECT: Aspect = Aspect::Fit;

    fn message(&self) -> String {
        format!(
            "The key of the {} \"{}\" carries explicit curve parameters.",
            self.part, self.subject
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("subjectPublicKeyInfo.algorithm.parameters")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    if certificate.public_key.explicit_parameters {
        out.push(
            ExplicitCurve {
                subject: certificate.subject.short(),
                part: subject.part(),
            }
            .into(),
        );
    }
}
