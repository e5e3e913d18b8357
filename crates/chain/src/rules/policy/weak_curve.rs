//! `policy.weak-curve`

use keyway_report::{Rule, Severity, escape};
use serde::Serialize;

use crate::check::{Profile, Subject};
use crate::rules::{Aspect, Evidence, Kind};

/// The key lies on a curve that clients do not take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WeakCurve {
    /// Subject, escaped.
    pub subject: String,
    /// Its part in the chain.
    pub part: &'static str,
    /// The curve's name, or its identifier.
    pub curve: String,
}

impl Evidence for WeakCurve {
    const RULE: Rule = Rule {
        code: "policy.weak-curve",
        severity: Severity::Error,
        title: "A key lies on a curve that clients do not take",
        why: "Public CAs certify keys on P-256, P-384 and P-521 only, and browsers verify nothing \
              else. Curves below 224 bits are too weak anywhere.",
        fix: "Make a new key on P-256 and have a certificate issued for it.",
        sources: &[
            "CA/B Forum Baseline Requirements, section 6.1.5",
            "RFC 8446, section 4.2.3",
        ],
    };
    const ASPECT: Aspect = Aspect::Fit;

    fn message(&self) -> String {
        format!(
            "The key of the {} \"{}\" lies on the curve {}.",
            self.part, self.subject, self.curve
        )
    }

    fn field(&self) -> Option<&'static str> {
        Some("subjectPublicKeyInfo")
    }
}

pub(crate) fn check(subject: &Subject<'_>, out: &mut Vec<Kind>) {
    let certificate = subject.certificate;
    let key = &certificate.public_key;
    let Some(curve) = &key.curve else { return };
    let refused = match subject.options.profile {
        Profile::Webpki => !PUBLIC_CURVES.contains(&curve.as_str()),
        // Of a curve without a name here the size is not known (0).
        _ => (1..MIN_CURVE_BITS).contains(&key.bits),
    };
    if refused {
        out.push(
            WeakCurve {
                subject: certificate.subject.short(),
                part: subject.part(),
                curve: escape::text(curve),
            }
            .into(),
        );
    }
}

/// BR 6.1.5.
const PUBLIC_CURVES: [&str; 3] = ["P-256", "P-384", "P-521"];

/// The smallest that NIST SP 800-57 still allows.
const MIN_CURVE_BITS: u32 = 224;
